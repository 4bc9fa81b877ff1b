package tap

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pageOf asks the page of a tap for something, under a name, and returns the
// response and its content.
func pageOf(t *testing.T, tap *testTap, path, host string) (*http.Response, string) {
	request, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+tap.page.Addr().String()+path, nil)
	require.NoError(t, err)
	request.Host = host
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(text)
}

// TestPageHost ensures that only who knows a name of this machine sees the page.
func TestPageHost(t *testing.T) {
	tap := startTap(t, "localhost:9")
	for host, want := range map[string]int{
		"localhost": 200, "localhost:80": 200, "LOCALHOST:1": 200, "127.0.0.1:8082": 200, "127.9.9.9": 200, "[::1]:8082": 200, "[::1]": 200,
		"evil.example": 403, "evil.example:8082": 403, "localhost.evil.example": 403, "127.0.0.1.evil.example": 403, "192.168.0.1": 403, "0.0.0.0": 403, "a@localhost": 403,
	} {
		for _, path := range []string{"/", "/page.js", "/exchange/1"} {
			response, text := pageOf(t, tap, path, host)
			if want == 403 {
				assert.Equal(t, 403, response.StatusCode, host)
				assert.Equal(t, "This page is for this machine only. Open it as "+tap.PageURL+"\n", text)
				assert.Regexp(t, "^text/plain", response.Header.Get("Content-Type"))
			} else {
				assert.NotEqual(t, 403, response.StatusCode, host)
			}
			assert.Contains(t, response.Header.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'")
			assert.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
		}
	}
	tap.open = true
	response, text := pageOf(t, tap, "/", "here.example")
	assert.Equal(t, 200, response.StatusCode, "the tap was opened to the network")
	assert.Contains(t, text, "<b>localhost:9</b>")
	assert.NotContains(t, text, "<script>", "a script in the page itself would not run")
}

// TestPageFiles ensures that the page needs nothing from elsewhere.
func TestPageFiles(t *testing.T) {
	tap := startTap(t, "localhost:9")
	for path, kind := range map[string]string{"/": "text/html", "/page.css": "text/css", "/page.js": "text/javascript"} {
		response, text := pageOf(t, tap, path, "localhost")
		assert.Equal(t, 200, response.StatusCode, path)
		assert.Regexp(t, "^"+kind, response.Header.Get("Content-Type"))
		for _, elsewhere := range []string{"src=\"http", "import ", "url(", "innerHTML", "insertAdjacentHTML", "style=\"", "onclick"} {
			assert.NotContains(t, text, elsewhere, path)
		}
	}
	response, _ := pageOf(t, tap, "/page.html", "localhost")
	assert.Equal(t, 404, response.StatusCode)
	response, text := pageOf(t, tap, "/exchange/1", "localhost")
	assert.Equal(t, 404, response.StatusCode)
	assert.Equal(t, "This exchange is not kept any more.\n", text)
}

// A viewer follows the news of a page.
type viewer struct {
	t      *testing.T
	reader *bufio.Reader
	leave  func()
}

// view begins to follow the news.
func view(t *testing.T, tap *testTap) *viewer {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, "GET", "http://"+tap.page.Addr().String()+"/events", nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	t.Cleanup(func() { response.Body.Close() })
	require.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	return &viewer{t: t, reader: bufio.NewReader(response.Body), leave: cancel}
}

// next returns the next news.
func (v *viewer) next() (told news) {
	line, err := v.reader.ReadString('\n')
	require.NoError(v.t, err)
	_, err = v.reader.ReadString('\n')
	require.NoError(v.t, err)
	require.NoError(v.t, json.Unmarshal([]byte(strings.TrimPrefix(line, "data: ")), &told))
	return told
}

// until reads news until one of them is enough.
func (v *viewer) until(enough func(news) bool) news {
	for {
		if told := v.next(); enough(told) {
			return told
		}
	}
}

// TestEvents ensures that a viewer gets what there is, and then what comes; and
// again, when it comes back.
func TestEvents(t *testing.T) {
	tap := startTap(t, startStage(t, "stage4-headers", t.TempDir()))
	first := view(t, tap)
	assert.Equal(t, news{First: true, Rows: []row{}}, first.next())
	ask(t, tap.address(), "GET /<b> HTTP/1.1\r\nHost: localhost\r\n\r\n")
	isDone := func(told news) bool {
		return len(told.Rows) == 1 && told.Rows[0].Status == "404" && told.Rows[0].Target == "/<b>"
	}
	assert.False(t, first.until(isDone).First)
	first.leave()
	ask(t, tap.address(), "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	second := view(t, tap)
	told := second.next()
	assert.True(t, told.First)
	require.Len(t, told.Rows, 2)
	assert.Equal(t, "GET /<b> 404", told.Rows[0].Method+" "+told.Rows[0].Target+" "+told.Rows[0].Status)
	assert.Equal(t, "HEAD", told.Rows[1].Method)
	_, text := pageOf(t, tap, "/exchange/2", "localhost")
	var shown pageExchange
	require.NoError(t, json.Unmarshal([]byte(text), &shown))
	assert.Equal(t, "Response", shown.Messages[1].Title)
	assert.Equal(t, "The response to a HEAD has no content, whatever its fields say.", shown.Messages[1].Framing)
	assert.Contains(t, shown.Script, "> HEAD / HTTP/1.1\\r\\n\n")
}

// TestKept ensures that the oldest exchanges are let go, and that it is said.
func TestKept(t *testing.T) {
	r := silentRecord(t)
	c := r.newConversation()
	for i := range exchangesKept + 20 {
		play(c, []string{fmt.Sprintf(">GET /%d HTTP/1.1\r\n\r\n", i+1), "<HTTP/1.1 204 \r\n\r\n"}, false)
	}
	told, _, _ := r.since(-1)
	assert.Equal(t, 20, told.Gone)
	assert.Len(t, told.Rows, exchangesKept)
	assert.Equal(t, "/21", told.Rows[0].Target)
	assert.Nil(t, r.find(20))
	assert.Nil(t, r.find(exchangesKept+21))
	assert.Equal(t, "/21", r.find(21).request.target)
	assert.Regexp(t, `^# Connection 1, as the tap saw it.\n# What came before exchange 21 was let go.\n# connection 1, request 21, `, r.connectionScript(r.find(30)))
}

// TestKeptLines ensures that an exchange which has no end is not kept without end.
func TestKeptLines(t *testing.T) {
	r := silentRecord(t)
	c := r.newConversation()
	play(c, []string{">\x00"}, false)
	for range 5000 {
		play(c, []string{"<" + strings.Repeat("\x01", 100), ">\x02"}, false)
	}
	e := r.exchanges[0]
	assert.Len(t, r.exchanges, 1)
	assert.Len(t, e.messages, messagesKept)
	assert.Regexp(t, `\n# Of what followed, \d+ lines were not kept.\n$`, r.script(e))
	assert.Less(t, len(r.script(e)), linesKept*5/4)
}

// TestKeptPieces ensures that a server which sends long heads without end does
// not fill the memory, nor make an exchange too long to be shown.
func TestKeptPieces(t *testing.T) {
	r := silentRecord(t)
	interim := "<HTTP/1.1 103 Early Hints\r\n" + strings.Repeat("Link: "+strings.Repeat("a", 90)+"\r\n", 200) + "\r\n"
	turns := []string{get}
	for range messagesKept {
		turns = append(turns, interim)
	}
	play(r.newConversation(), append(turns, "<HTTP/1.1 204 No Content\r\n\r\n"), false)
	e := r.exchanges[0]
	kept := 0
	for _, m := range e.messages {
		for _, p := range m.pieces {
			kept += len(p.data)
		}
	}
	assert.Less(t, kept, piecesKept+len(interim))
	assert.Equal(t, messagesKept+2, len(e.messages)+e.unkept)
	assert.Contains(t, r.viewOf(e).Ends[0], "later messages of this exchange are not kept.")
	assert.Equal(t, "204", rowOf(e).Status)
}

// TestLongTarget ensures that the list does not show a target of any length.
func TestLongTarget(t *testing.T) {
	r := silentRecord(t)
	play(r.newConversation(), []string{">GET /" + strings.Repeat("\xff", 8000) + " HTTP/1.1\r\n\r\n"}, false)
	assert.Equal(t, "/"+strings.Repeat(`\xff`, targetShown)[:targetShown-1]+"…", rowOf(r.exchanges[0]).Target)
}

// TestSentBackAlone ensures that an exchange which sends an entity tag back says
// it when it is copied alone.
func TestSentBackAlone(t *testing.T) {
	r := silentRecord(t)
	c := r.newConversation()
	play(c, []string{get, "<HTTP/1.1 204 \r\nETag: \"a\"\r\n\r\n", ">GET / HTTP/1.1\r\nIf-None-Match: \"a\"\r\n\r\n"}, false)
	assert.Contains(t, r.script(r.exchanges[1]), "\n> If-None-Match: \"a\"\\r\\n\n")
	assert.Contains(t, r.connectionScript(r.exchanges[1]), "\n> If-None-Match: <entity-tag>\\r\\n\n")
}

// partCases are messages, and the names of their parts.
var partCases = []struct{ turn, want string }{
	{">GET / HTTP/1.1\r\nA: \\n\r\n\r\n", `request line: method "GET", space " ", request target "/", space " ", HTTP version "HTTP/1.1", end of line "\r\n"
header section: field name "A", colon ":", white space " ", field value "\\n", end of line "\r\n"
empty line: empty line "\r\n"
`},
	{"<HTTP/1.1 200 \r\nA : b\r\nTransfer-Encoding: chunked\r\n\r\n4;x\r\na\nbc\r\n0\r\nB:\r\n\r\n", `status line: HTTP version "HTTP/1.1", space " ", status code "200", space " ", end of line "\r\n"
header section: malformed line "A : b\r\n"
header section: field name "Transfer-Encoding", colon ":", white space " ", field value "chunked", end of line "\r\n"
empty line: empty line "\r\n"
chunk: chunk size "4", chunk extension ";x", end of line "\r\n"
chunk: chunk data "a\n"
chunk: chunk data "bc", end of the chunk "\r\n"
chunk: chunk size "0", end of line "\r\n"
trailer section: trailer field name "B", colon ":", end of line "\r\n"
empty line: end of the trailers "\r\n"
`},
	{">\nPUT * HTTP/1.0\nContent-Length: 3\n\na\nb", `empty line: empty line before "\n"
request line: method "PUT", space " ", request target "*", space " ", HTTP version "HTTP/1.0", end of line "\n"
header section: field name "Content-Length", colon ":", white space " ", field value "3", end of line "\n"
empty line: empty line "\n"
content: content "a\n"
content: content "b"
`},
	{"<SSH\n", "not HTTP/1: bytes \"SSH\\n\"\n"},
}

// TestParts ensures which names the parts of a message have, and that each of
// them is explained.
func TestParts(t *testing.T) {
	for _, test := range partCases {
		r := silentRecord(t)
		play(r.newConversation(), []string{test.turn}, false)
		var out strings.Builder
		for _, l := range linesOf(r.exchanges[0].messages[0]) {
			var parts []string
			for _, p := range l.Parts {
				parts = append(parts, p.Name+` "`+p.Text+p.End+`"`)
				assert.NotEmpty(t, p.Says, p.Name)
				assert.NotEmpty(t, p.Section, p.Name)
			}
			out.WriteString(l.Label + ": " + strings.Join(parts, ", ") + "\n")
		}
		assert.Equal(t, test.want, out.String())
	}
}

// TestSentences ensures that every sentence is one, and says where it is written.
func TestSentences(t *testing.T) {
	for _, table := range []map[string]sentence{words, methods, statuses, fields} {
		for name, s := range table {
			assert.Regexp(t, `\.$`, s.says, name)
			assert.Regexp(t, `^(RFC \d+, [A-Z]?[0-9.]+[0-9]|RFC \d+, \d|W3C, .+)$`, s.section, name)
			assert.LessOrEqual(t, len(s.says), 110, name)
		}
	}
	assert.Equal(t, "4xx: the server holds that the client has made a mistake.", ofStatus("499").says)
	assert.Empty(t, ofStatus("999").says)
}

// TestOwnName ensures which addresses a listener has.
func TestOwnName(t *testing.T) {
	address := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8081}
	assert.True(t, sameAddress(address, "localhost:8081"))
	assert.True(t, sameAddress(&net.TCPAddr{IP: net.IPv6unspecified, Port: 8081}, "127.0.0.1:8081"))
	assert.False(t, sameAddress(address, "localhost:8082"))
	assert.False(t, sameAddress(address, "192.0.2.1:8081"))
}
