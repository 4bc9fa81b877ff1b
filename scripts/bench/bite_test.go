package bench

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// right is a reply as it should be, to a request for a file with "hello".
const right = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

// wrongReplies are replies to which the check must not agree, each with a piece
// of what it should say.
var wrongReplies = []struct {
	name, reply, says string
	scenario          scenario
}{
	{"status", strings.Replace(right, "200 OK", "404 Not Found", 1), "the status is 404", scenario{}},
	{"version", strings.Replace(right, "1.1", "1.0", 1), "the version is HTTP/1.0", scenario{}},
	{"content", strings.Replace(right, "hello", "hallo", 1), "not that of the file", scenario{}},
	{"short", strings.Replace(right, "5\r\n\r\nhello", "4\r\n\r\nhell", 1), "4 bytes came, of 5", scenario{}},
	{"too long", right + "!", "1 bytes came after the end", scenario{}},
	{"closes", strings.Replace(right, "\r\n", "\r\nConnection: close\r\n", 1), "says that the connection closes", scenario{}},
	{"no length", "HTTP/1.1 200 OK\r\n\r\nhello", "neither a length nor chunks", scenario{}},
	{"coded", strings.Replace(right, "\r\n", "\r\nContent-Encoding: gzip\r\n", 1), "nobody wanted that", scenario{}},
	{"not coded", right, `the content coding is ""`, scenario{coded: true}},
	{"keeps", right, "does not say that the connection closes", scenario{closes: true}},
	{"no validator", right, "has no validator", scenario{status: 304, conditional: true}},
	{"modified", strings.Replace(right, "\r\n", "\r\nETag: \"1\"\r\n", 1), "the status is 200", scenario{status: 304, conditional: true}},
	{"order", right, "GET /world: the content is not", scenario{targets: []string{"/hello", "/world"}}},
}

// TestCheckBites ensures that no wrong reply gets into the measurement.
func TestCheckBites(t *testing.T) {
	files := site{content: map[string]string{"/hello": "hello", "/world": "world"}}
	for _, wrong := range wrongReplies {
		t.Run(wrong.name, func(t *testing.T) {
			s := wrong.scenario
			if s.targets == nil {
				s.targets = []string{"/hello"}
			}
			if s.status == 0 {
				s.status = 200
			}
			_, err := s.plan(answer(t, wrong.reply, wrong.reply), files)
			assert.ErrorContains(t, err, wrong.says)
		})
	}
}

// TestLoadBites ensures that a reply that changes in a round is found.
func TestLoadBites(t *testing.T) {
	for _, wrong := range []struct{ name, reply, says string }{
		{"status", strings.Replace(right, "200 OK", "500 Oh", 1), `began with "HTTP/1.1 500"`},
		{"longer", right + "!", errMore.Error()},
		{"shorter", right[:len(right)-1], "of 43 bytes"},
		{"nothing", "", "EOF"},
	} {
		t.Run(wrong.name, func(t *testing.T) {
			p := plan{
				address:  answer(t, right, right, wrong.reply),
				requests: []byte("GET /hello HTTP/1.1\r\n\r\n"),
				together: 1, status: "HTTP/1.1 200", size: len(right),
			}
			_, err := load{clients: 1, last: time.Minute, writes: 5}.round(p, 0)
			assert.ErrorContains(t, err, wrong.says)
		})
	}
}

// answer starts a server that gives these replies, one after another, and then
// closes the connection. It returns its address.
func answer(t *testing.T, replies ...string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	var next atomic.Int64
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			reader := bufio.NewReader(conn)
			for int(next.Load()) < len(replies) {
				if _, err := http.ReadRequest(reader); err != nil {
					break
				}
				io.WriteString(conn, replies[next.Add(1)-1])
			}
			conn.Close()
		}
	}()
	return listener.Addr().String()
}
