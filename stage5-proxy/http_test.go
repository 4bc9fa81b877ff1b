package main

import (
	"bufio"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestWriteHead ensures the head of a request as an upstream gets it: its first
// line, and what it says about the connection and the content.
func TestWriteHead(t *testing.T) {
	tests := map[string]struct {
		sent, line string
		fields     []string
		not        string
	}{
		"as it came":          {"GET /a%20b/./;c?d=%zz HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a%20b/./;c?d=%zz HTTP/1.1", nil, "Connection Upgrade TE Content-Length Transfer-Encoding"},
		"an absolute form":    {"GET http://b/x?y HTTP/1.1\r\nHost: a\r\n\r\n", "GET /x?y HTTP/1.1", []string{"Host: b"}, "Connection"},
		"of a whole server":   {"OPTIONS http://b HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * HTTP/1.1", []string{"Host: b"}, ""},
		"of its root":         {"OPTIONS http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS / HTTP/1.1", []string{"Host: b"}, ""},
		"the same, short":     {"OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS / HTTP/1.1", nil, ""},
		"with a query":        {"OPTIONS http://b? HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS /? HTTP/1.1", nil, ""},
		"GET of a server":     {"GET http://b HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1", nil, ""},
		"an older client":     {"BREW / HTTP/1.0\r\n\r\n", "BREW / HTTP/1.1", []string{"Via: 1.0 webserver"}, "Connection"},
		"it reads trailers":   {"GET / HTTP/1.1\r\nHost: a\r\nTE: gzip;q=0.5\r\nTE: , Trailers\r\n\r\n", "GET / HTTP/1.1", []string{"TE: trailers", "Connection: TE"}, "Upgrade gzip"},
		"it reads others":     {"GET / HTTP/1.1\r\nHost: a\r\nTE: gzip\r\n\r\n", "GET / HTTP/1.1", nil, "TE Connection"},
		"in another letter":   {"GET / HTTP/1.1\r\nHost: a\r\nTE: trailer\u017f\r\n\r\n", "GET / HTTP/1.1", nil, "TE Connection"},
		"it wants to switch":  {"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "GET / HTTP/1.1", []string{"Upgrade: websocket", "Connection: Upgrade"}, "TE"},
		"it cannot switch":    {"GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "GET / HTTP/1.1", nil, "Upgrade Connection"},
		"HEAD cannot, either": {"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "HEAD / HTTP/1.1", nil, "Upgrade Connection"},
		"it must not switch":  {"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x\r\nUpgrade: h2c\r\n\r\n", "GET / HTTP/1.1", nil, "Upgrade Connection HTTP2-Settings"},
		"no content":          {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "POST / HTTP/1.1", []string{"Content-Length: 0"}, "Transfer-Encoding"},
		"content":             {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 007\r\n\r\n", "POST / HTTP/1.1", []string{"Content-Length: 7"}, "Transfer-Encoding"},
		"content in chunks":   {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n", "POST / HTTP/1.1", []string{"Transfer-Encoding: chunked"}, "Content-Length"},
		"it waits for a word": {"PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", "PUT / HTTP/1.1", []string{"Expect: 100-continue", "Content-Length: 3"}, "Connection"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got strings.Builder
			out := bufio.NewWriter(&got)
			handoverOf(t, test.sent).writeHead(out)
			out.Flush()
			lines := strings.Split(got.String(), "\r\n")
			assert.Equal(t, test.line, lines[0])
			assert.Equal(t, []string{"", ""}, lines[len(lines)-2:])
			for _, field := range test.fields {
				assert.Contains(t, lines, field)
			}
			for _, name := range strings.Fields(test.not) {
				assert.NotContains(t, got.String(), "\n"+name+":")
			}
		})
	}
}

// TestSwitch ensures to which protocols a connection can switch, and that nobody
// switches without being asked.
func TestSwitch(t *testing.T) {
	const ask = "GET /app HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n"
	const answer = "HTTP/1.1 101 Now\r\nConnection: Upgrade\r\nUpgrade: x\r\nX: y\r\n\r\n"
	tests := map[string]struct{ sent, answer, want string }{
		"both want it":        {ask + "\r\n", answer, "101"},
		"nobody asked":        {"GET /app HTTP/1.1\r\nHost: a\r\n\r\n", answer, "502"},
		"an older client":     {"GET /app HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", answer, "502"},
		"it says not to what": {ask + "\r\n", "HTTP/1.1 101 Now\r\n\r\n", "502"},
		"nor this connection": {ask + "\r\n", "HTTP/1.1 101 Now\r\nUpgrade: x\r\n\r\n", "502"},
		"content is left":     {ask + "Content-Length: 3\r\n\r\na", answer, "502"},
		"it does not want it": {ask + "\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200"},
		"HEAD":                {strings.Replace(ask, "GET", "HEAD", 1) + "\r\n", answer, "502"},
		"to another one":      {ask + "\r\n", strings.ReplaceAll(answer, ": x", ": h2c"), "502"},
		"to one more":         {ask + "\r\n", strings.ReplaceAll(answer, ": x", ": x, y"), "502"},
		"to none":             {ask + "\r\n", strings.ReplaceAll(answer, ": x", ": ,"), "502"},
		"one of several":      {strings.Replace(ask, ": x", ": y/1, X, z", 1) + "\r\n", answer, "101"},
		"HTTP/2":              {"GET /app HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", strings.ReplaceAll(answer, ": x", ": h2c"), "502"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := converseOver(t, test.sent, test.answer)
			if name == "content is left" && statusesIn(got) == "400" {
				return // The client has left before, which is as true.
			}
			assert.Equal(t, test.want, statusesIn(got))
			if test.want == "101" {
				head, _, _ := strings.Cut(got, "\r\n\r\n")
				lines := strings.Split(head, "\r\n")
				assert.Equal(t, "HTTP/1.1 101 Now", lines[0])
				for _, field := range []string{"Connection: Upgrade", "Upgrade: x", "X: y", "Via: 1.1 webserver"} {
					assert.Contains(t, lines, field)
				}
				assert.NotContains(t, head, "Transfer-Encoding")
			}
		})
	}
}
