package tap

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts"
)

// A caller speaks with a stage as clients do.
type caller struct {
	t      *testing.T
	conn   *net.TCPConn
	reader *bufio.Reader
}

// says sends bytes.
func (c *caller) says(text string) {
	_, err := io.WriteString(c.conn, text)
	require.NoError(c.t, err)
}

// hears reads a response to a method, and returns it.
func (c *caller) hears(method string) *http.Response {
	response, err := http.ReadResponse(c.reader, &http.Request{Method: method})
	require.NoError(c.t, err)
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(c.t, err)
	return response
}

// hangsUp says that nothing more is sent, and reads the rest.
func (c *caller) hangsUp() {
	require.NoError(c.t, c.conn.CloseWrite())
	_, err := io.Copy(io.Discard, c.reader)
	require.NoError(c.t, err)
}

// simply returns a call that sends bytes and reads until the end.
func simply(text string) func(*caller) {
	return func(c *caller) {
		c.says(text)
		c.hangsUp()
	}
}

const (
	// toHost is a request up to its other fields.
	toHost = " HTTP/1.1\r\nHost: localhost\r\n"

	// longLine is a line of the content of a file that is left out but for its beginning.
	longLine = "A line that says <IMF-fixdate> and HTTP/1.1 200 OK, again and again.\n"
)

// pasteCases are calls of a stage, and what must be in their transcript.
var pasteCases = []struct {
	name, stage string
	call        func(*caller)
	has         string
}{
	{"a known length, and nothing for HEAD", "stage4-headers", simply("GET /hello.txt" + toHost + "\r\nHEAD /hello.txt" + toHost + "\r\nGET /hello.txt" + toHost + "Connection: close\r\n\r\n"), "< hello\\n"},
	{"long content", "stage4-headers", simply("GET /long.txt" + toHost + "\r\nGET /hello.txt" + toHost + "\r\n"), "of content are left out\n< ...\n"},
	{"several ranges", "stage4-headers", simply("GET /hello.txt" + toHost + "Range: bytes=0-1,3-4\r\n\r\n"), "< --<boundary>--"},
	{"an error page", "stage4-headers", simply("GET /none" + toHost + "\r\n"), "404 Not Found"},
	{"nonsense", "stage4-headers", simply("hello there\r\n\r\n"), "400 Bad Request"},
	{"content that looks like messages", "stage4-headers", simply("GET /messages" + toHost + "\r\nGET /hello.txt" + toHost + "\r\n"), "< HTTP\\\n< /1.1 200 OK\\r\\n\n"},
	{"binary content", "stage4-headers", simply("GET /binary" + toHost + "\r\n"), `< \x00\xff\x1b[31m<b>\\\r\n`},
	{"not modified", "stage4-headers", func(c *caller) {
		c.says("GET /hello.txt" + toHost + "\r\n")
		c.says("GET /hello.txt" + toHost + "If-None-Match: \"x\", " + c.hears("GET").Header.Get("ETag") + "\r\n\r\n")
		assert.Equal(c.t, 304, c.hears("GET").StatusCode)
		c.hangsUp()
	}, `> If-None-Match: "x", <entity-tag>\r\n`},
	{"no content", "stage5-proxy", simply("GET /app/nothing" + toHost + "\r\nGET /hello.txt" + toHost + "\r\n"), "204 No Content"},
	{"content in chunks, after a word", "stage4-headers", func(c *caller) {
		c.says("GET /hello.txt" + toHost + "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n")
		assert.Equal(c.t, 100, c.hears("GET").StatusCode)
		c.says("5;a=b\r\nhello\r\n1\r\n\n\r\n0\r\nX: y\r\n\r\n")
		assert.Equal(c.t, 200, c.hears("GET").StatusCode)
		c.hangsUp()
	}, "interim response to request 1"},
	{"a client that drops the connection", "stage4-headers", func(c *caller) {
		c.says("GET /hello.txt" + toHost + "\r\n")
		c.hears("GET")
		c.conn.SetLinger(0)
		c.conn.Close()
	}, "\n* reset\n"},
	{"chunks with trailers", "stage5-proxy", simply("GET /app/chunks" + toHost + "TE: trailers\r\n\r\n"), "< 0\\r\\n\n< X-Sum: 12\\r\\n"},
	{"long chunks", "stage5-proxy", simply("GET /app/long" + toHost + "\r\n"), "< ...\n"},
	{"until the server closes", "stage5-proxy", simply("GET /app/chunks HTTP/1.0\r\nHost: localhost\r\n\r\n"), "< hello world\\n\n\n#"},
	{"another protocol", "stage5-proxy", func(c *caller) {
		c.says("GET /app/echo" + toHost + "Connection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		line, err := c.reader.ReadString('\n')
		require.NoError(c.t, err)
		require.Contains(c.t, line, "101")
		for line != "\r\n" {
			line, err = c.reader.ReadString('\n')
			require.NoError(c.t, err)
		}
		for _, word := range []string{"one\n", "HTTP/1.1 200 OK\r\n\r\n", "three"} {
			c.says(word)
			back := make([]byte, len(word))
			_, err = io.ReadFull(c.reader, back)
			require.NoError(c.t, err)
		}
		c.hangsUp()
	}, "> three\\\n"},
}

// application answers what a stage hands over to it.
func application(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasSuffix(r.URL.Path, "/echo"):
		conn, both, _ := http.NewResponseController(w).Hijack()
		defer conn.Close()
		io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		io.Copy(conn, both)
	case strings.HasSuffix(r.URL.Path, "/long"):
		for range 9 {
			io.WriteString(w, strings.Repeat("a", 1000))
			http.NewResponseController(w).Flush()
		}
	case strings.HasSuffix(r.URL.Path, "/nothing"):
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "hello ")
		http.NewResponseController(w).Flush()
		io.WriteString(w, "world\n")
		w.Header().Set("X-Sum", "12")
	}
}

// site are the files that the stages serve here.
var site = map[string]string{
	"hello.txt": "hello\n",
	"long.txt":  strings.Repeat(longLine, 200),
	"binary":    "\x00\xff\x1b[31m<b>\\\r\n",
	"messages":  "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nGET / HTTP/1.1\r\nA: <entity-tag>\r\n\r\n<IMF-fixdate>",
}

// TestPaste ensures that what the tap prints can be pasted into a script, and
// passes there with the same stage.
func TestPaste(t *testing.T) {
	root := t.TempDir()
	for name, text := range site {
		require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(text), 0o666))
	}
	app := httptest.NewServer(http.HandlerFunc(application))
	defer app.Close()
	route := "/app=http://" + app.Listener.Addr().String()
	targets := map[string]string{
		"stage4-headers": startStage(t, "stage4-headers", root),
		"stage5-proxy":   startStage(t, "stage5-proxy", root, route),
	}
	for _, test := range pasteCases {
		t.Run(test.name, func(t *testing.T) {
			tap := startTap(t, targets[test.stage])
			conn := connect(t, tap.address())
			test.call(&caller{t: t, conn: conn, reader: bufio.NewReader(conn)})
			eventually(t, func() bool {
				return strings.Contains(tap.paper.String(), "\n* closed\n") || strings.Contains(tap.paper.String(), "\n* reset\n")
			}, "the end is shown")
			text := tap.paper.String()
			assert.Contains(t, text, test.has)
			tap.record.mu.Lock()
			assert.Equal(t, bare(text), bare(tap.record.connectionScript(tap.record.exchanges[0])), "the page says the same")
			tap.record.mu.Unlock()
			paste(t, test.stage, root, route, text)
		})
	}
}

// bare returns a transcript without its remarks.
func bare(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if line != "\n" && line[0] != '#' {
			out.WriteString(line)
		}
	}
	return out.String()
}

// paste plays a transcript with a stage, in a script of its own.
func paste(t *testing.T, stage, root, route, text string) {
	number := int(stage[len("stage")] - '0')
	if number < 5 {
		route = ""
	}
	file := filepath.Join(t.TempDir(), "pasted.txtar")
	script := fmt.Sprintf("# This was pasted.\nserve %s %s\nwire talk\n\n-- talk --\n%s", filepath.ToSlash(root), route, text)
	require.NoError(t, os.WriteFile(file, []byte(script), 0o666))
	outcome := scripts.Play(file, number, buildStage(t, stage), number)
	assert.False(t, outcome.Failed, "%s\n%s", outcome.Log, text)
	assert.False(t, outcome.Skipped)
}
