package main

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPassOn ensures how content is framed on its way on: as it came where that
// can be, and otherwise as the client understands it (RFC 9112, 6 and 7). After
// whole content another request can follow.
func TestPassOn(t *testing.T) {
	const next, notFound = "GET /none HTTP/1.1\r\nHost: a\r\n\r\n", "404"
	tests := map[string]struct{ line, answer, field, content, statuses string }{
		"a length":               {"GET /app HTTP/1.1", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "Content-Length: 5", "hello", "200 404"},
		"nothing":                {"GET /app HTTP/1.1", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "Content-Length: 0", "", "200 404"},
		"a length, and more":     {"GET /app HTTP/1.1", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 999 X\r\n\r\n", "Content-Length: 5", "hello", "200 404"},
		"much":                   {"GET /app HTTP/1.1", "HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n" + strings.Repeat("hello", 100000), "Content-Length: 500000", strings.Repeat("hello", 100000), "200 404"},
		"chunks":                 {"GET /app HTTP/1.1", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n", "200 404"},
		"chunks, and trailers":   {"GET /app HTTP/1.1", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: b\r\nContent-Length: 9\r\nSet-Cookie: x\r\n\r\n", "Transfer-Encoding: chunked", "1\r\na\r\n0\r\nA: b\r\n\r\n", "200 404"},
		"trailers of this hop":   {"GET /app HTTP/1.1", "HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: b\r\nX-Hop: c\r\n\r\n", "Transfer-Encoding: chunked", "1\r\na\r\n0\r\nA: b\r\n\r\n", "200 404"},
		"no chunk at all":        {"GET /app HTTP/1.1", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: chunked", "0\r\n\r\n", "200 404"},
		"until the end":          {"GET /app HTTP/1.1", "HTTP/1.1 200 OK\r\n\r\nhello", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n", "200 404"},
		"nothing, until the end": {"GET /app HTTP/1.1", "HTTP/1.0 200 OK\r\n\r\n", "Transfer-Encoding: chunked", "0\r\n\r\n", "200 404"},
		"length, to HTTP/1.0":    {"GET /app HTTP/1.0\r\nConnection: keep-alive", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "Content-Length: 5", "hello", "200 404"},
		"chunks, to HTTP/1.0":    {"GET /app HTTP/1.0\r\nConnection: keep-alive", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n", "Connection: close", "hello", "200"},
		"the end, to HTTP/1.0":   {"GET /app HTTP/1.0", "HTTP/1.1 200 OK\r\n\r\nhello", "Connection: close", "hello", "200"},
		"HEAD":                   {"HEAD /app HTTP/1.1", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "Content-Length: 5", "", "200 404"},
		"HEAD of chunks":         {"HEAD /app HTTP/1.1", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "", "", "200 404"},
		"204":                    {"DELETE /app HTTP/1.1", "HTTP/1.1 204 Gone\r\n\r\n", "", "", "204 404"},
		"304":                    {"GET /app HTTP/1.1", "HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n", "Content-Length: 5", "", "304 404"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := converseOver(t, test.line+"\r\nHost: a\r\n\r\n"+next, test.answer)
			assert.Equal(t, test.statuses, statusesIn(got))
			got, _, _ = strings.Cut(got, "HTTP/1.1 404 ")
			head, content, _ := strings.Cut(got, "\r\n\r\n")
			assert.Equal(t, test.content, content)
			assert.Contains(t, head+"\r\n", test.field+"\r\n")
			framed := 0
			for _, name := range []string{"Content-Length:", "Transfer-Encoding:", "Connection: close"} {
				framed += strings.Count(head, name)
			}
			assert.Equal(t, test.field != "", framed == 1, head)
		})
	}
}

// TestPassOnCut ensures that content which ends too early is not taken for all of
// it: there is less than was promised, or no last chunk, and then the end.
func TestPassOnCut(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	tests := map[string]struct{ answer, content string }{
		"a length":            {ok + "Content-Length: 9\r\n\r\nhello", "hello"},
		"nothing of it":       {ok + "Content-Length: 9\r\n\r\n", ""},
		"a longer one":        {ok + "Content-Length: 900000\r\n\r\n" + strings.Repeat("a", 300000), strings.Repeat("a", 300000)},
		"no chunk":            {ok + "Transfer-Encoding: chunked\r\n\r\n", ""},
		"in a chunk":          {ok + "Transfer-Encoding: chunked\r\n\r\n9\r\nhello", "5\r\nhello\r\n"},
		"after a chunk":       {ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "5\r\nhello\r\n"},
		"in the last one":     {ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", "5\r\nhello\r\n"},
		"in the trailers":     {ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n", "5\r\nhello\r\n"},
		"a chunk that is bad": {ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n0\r\n\r\n", "5\r\nhello\r\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := converseOver(t, strings.Repeat("GET /app HTTP/1.1\r\nHost: a\r\n\r\n", 2), test.answer)
			assert.Equal(t, "200", statusesIn(got), "nothing may follow")
			_, content, _ := strings.Cut(got, "\r\n\r\n")
			assert.Equal(t, test.content, content)
		})
	}
}

// TestPassOnReset ensures that a client of HTTP/1.0, for which the end of the
// connection is that of the content, gets a reset if it is not.
func TestPassOnReset(t *testing.T) {
	for answer, whole := range map[string]bool{"5\r\nhello\r\n": false, "5\r\nhello\r\n0\r\n\r\n": true} {
		s := newServer(t)
		s.routeTo(newOverPipe(func(conn net.Conn) {
			conn.Read(make([]byte, 1000))
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+answer)
		}))
		client, err := net.Dial("tcp", listenFor(t, s.handle))
		require.NoError(t, err)
		defer client.Close()
		client.SetDeadline(time.Now().Add(time.Minute))
		io.WriteString(client, "GET /app HTTP/1.0\r\n\r\n")
		got, err := io.ReadAll(client)
		assert.Equal(t, whole, err == nil, "%v", err)
		assert.True(t, !whole || strings.HasSuffix(string(got), "\r\n\r\nhello"), "%q", got)
	}
}

// TestPassOnTimes ensures how slow an application may be with its content, and
// that the client gets what there is without waiting for the rest.
func TestPassOnTimes(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	join := func(first string, more []step, last string) []step {
		return append(append([]step{{0, first}}, more...), step{0, last})
	}
	chunk := dribble(100, "1\r\na\r\n")
	tests := map[string]struct {
		steps []step
		took  time.Duration
		whole bool
	}{
		"at once":              {[]step{{0, ok + "Content-Length: 1\r\n\r\na"}}, 0, true},
		"a late head":          {[]step{{replyLimit - time.Millisecond, ok + "Content-Length: 1\r\n\r\na"}}, replyLimit - time.Millisecond, true},
		"a dribble":            {join(ok+"Content-Length: 100\r\n\r\n", dribble(100, "a"), ""), 100 * time.Second, true},
		"a dribble of chunks":  {join(ok+"Transfer-Encoding: chunked\r\n\r\n", chunk, "0\r\n\r\n"), 100 * time.Second, true},
		"a dribble to its end": {join(ok+"\r\n", dribble(100, "a"), ""), 100 * time.Second, true},
		"silence in a length":  {[]step{{0, ok + "Content-Length: 1\r\n\r\n"}, {pieceLimit + time.Millisecond, "a"}}, pieceLimit, false},
		"a pause in a length":  {[]step{{0, ok + "Content-Length: 1\r\n\r\n"}, {pieceLimit - time.Millisecond, "a"}}, pieceLimit - time.Millisecond, true},
		"silence in chunks":    {[]step{{0, ok + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"}, {pieceLimit + time.Millisecond, "0\r\n\r\n"}}, pieceLimit, false},
		"silence at the end":   {[]step{{0, ok + "\r\na"}, {pieceLimit + time.Millisecond, "b"}}, pieceLimit, false},
		"a pause in chunks":    {[]step{{0, ok + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"}, {pieceLimit - time.Millisecond, "0\r\n\r\n"}}, pieceLimit - time.Millisecond, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			synctest.Test(t, func(t *testing.T) {
				m := newOverPipe(func(conn net.Conn) { take(conn, test.steps) })
				defer m.close()
				s.routeTo(m)
				took, got := play(s, []step{{0, "GET /app HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"}})
				assert.Equal(t, test.took, took)
				assert.Contains(t, got, "HTTP/1.1 200 OK\r\n")
				assert.Equal(t, test.whole, isWhole(got), "%q", got)
			})
		})
	}
}

// take takes the steps of an application after a request has come.
func take(conn net.Conn, steps []step) {
	conn.Read(make([]byte, 10000))
	for _, step := range steps {
		time.Sleep(step.pause)
		if _, err := io.WriteString(conn, step.say); err != nil {
			return
		}
	}
}

// isWhole reports whether a response has all of its content.
func isWhole(got string) bool {
	head, content, _ := strings.Cut(got, "\r\n\r\n")
	if strings.Contains(head, "\r\nTransfer-Encoding: chunked") {
		return strings.HasSuffix(content, "0\r\n\r\n")
	}
	return strings.Contains(head, "\r\nContent-Length: 1\r\n") && len(content) == 1 || len(content) == 100
}

// TestPassOnStreams ensures that a client gets each piece as soon as it is there.
func TestPassOnStreams(t *testing.T) {
	for _, field := range []string{"Content-Length: 100", "Transfer-Encoding: chunked", "A: b"} {
		s := newServer(t)
		synctest.Test(t, func(t *testing.T) {
			piece := "hello"
			if strings.HasPrefix(field, "Tr") {
				piece = "5\r\nhello\r\n"
			}
			m := newOverPipe(func(conn net.Conn) {
				take(conn, []step{{0, "HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n" + piece}, {time.Hour, ""}})
			})
			s.routeTo(m)
			client, conn := net.Pipe()
			go io.WriteString(client, "GET /app HTTP/1.1\r\nHost: a\r\n\r\n")
			go s.handle(conn)
			client.SetReadDeadline(time.Now().Add(time.Second))
			got, err := io.ReadAll(client)
			assert.Error(t, err)
			assert.Contains(t, string(got), "hello")
			client.Close()
			m.close()
		})
	}
}

// TestReplyErrors ensures that an error of the application ends its content, also
// one that comes with bytes.
func TestReplyErrors(t *testing.T) {
	broken := errors.New("broken")
	c := new(server).newConnection(&fakeConn{})
	r := &reply{bytes: io.MultiReader(strings.NewReader("hello"), failingReader{broken})}
	response := &Response{Length: unknownLength, relayed: relayed{Chunked: true}, Content: r}
	assert.Equal(t, int64(5), r.passOn(c, response))
	assert.False(t, r.complete)
	assert.Equal(t, int64(unknownLength), response.Length)
	c.out.Flush()
	assert.Equal(t, "5\r\nhello\r\n", c.conn.(*fakeConn).out.String())
}

// TestPassOnGone ensures that content is read for nobody when the client has gone,
// and that none of it counts as sent. A client for which the end of the connection
// is that of the content gets a reset.
func TestPassOnGone(t *testing.T) {
	long := strings.Repeat("a", 10*pieceBuffer)
	for name, test := range map[string]struct {
		length  int64
		chunked bool
		reset   bool
	}{
		"a length":  {int64(len(long)), false, false},
		"chunks":    {unknownLength, true, false},
		"to an end": {unknownLength, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			conn := &closable{}
			c := new(server).newConnection(brokenConn{conn})
			rest := strings.NewReader(long)
			r := &reply{bytes: rest}
			assert.Zero(t, r.passOn(c, &Response{Length: test.length, relayed: relayed{Chunked: test.chunked}}))
			assert.False(t, r.complete)
			assert.Equal(t, len(long)-pieceBuffer, rest.Len())
			assert.Equal(t, test.reset, conn.closed.Load())
		})
	}
	l := legFrom(strings.NewReader(long))
	l.in.Peek(1)
	c := new(server).newConnection(brokenConn{&fakeConn{}})
	c.out.Write(make([]byte, 2*outSize))
	assert.Zero(t, (&reply{leg: l, bytes: l.in}).passOn(c, &Response{Length: int64(l.in.Buffered())}))
}

// A failingReader fails.
type failingReader struct{ err error }

// Read returns the error.
func (r failingReader) Read([]byte) (int, error) { return 0, r.err }
