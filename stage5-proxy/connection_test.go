package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A fakeConn is a connection without a network: what a client sends is in, and
// what it gets is out.
type fakeConn struct {
	net.Conn
	in  io.Reader
	out bytes.Buffer

	// written is called after each write, if there is something to call.
	written func()

	// These count calls.
	writes, readDeadlines, writeDeadlines int
}

// Read reads what the client sends.
func (c *fakeConn) Read(p []byte) (int, error) {
	if c.in == nil {
		return 0, io.EOF
	}
	return c.in.Read(p)
}

// Write keeps what the client gets.
func (c *fakeConn) Write(p []byte) (int, error) {
	c.writes++
	if c.written != nil {
		defer c.written()
	}
	return c.out.Write(p)
}

// Close does nothing.
func (c *fakeConn) Close() error { return nil }

// SetReadDeadline counts.
func (c *fakeConn) SetReadDeadline(time.Time) error {
	c.readDeadlines++
	return nil
}

// SetWriteDeadline counts.
func (c *fakeConn) SetWriteDeadline(time.Time) error {
	c.writeDeadlines++
	return nil
}

// converse returns all that a server says to a client that sends something and
// then nothing more.
func converse(s *server, sent string) string {
	conn := &fakeConn{in: strings.NewReader(sent)}
	s.handle(conn)
	return conn.out.String()
}

// statusLine is the beginning of a response.
var statusLine = regexp.MustCompile(`HTTP/1\.1 (\d{3}) `)

// statusesIn returns the status codes of all responses in what a client got.
func statusesIn(got string) string {
	var statuses []string
	for _, found := range statusLine.FindAllStringSubmatch(got, -1) {
		statuses = append(statuses, found[1])
	}
	return strings.Join(statuses, " ")
}

// TestHandlePipelined ensures that requests which come together are answered
// together, in their order; and that it does not matter in which pieces they
// come.
func TestHandlePipelined(t *testing.T) {
	s := newServer(t)
	sent := ""
	for i := range 9 {
		writeSettled(t, s, fmt.Sprint(i, ".txt"), fmt.Sprint("content ", i, "\n"))
		sent += fmt.Sprintf("GET /%d.txt HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", i, i, strings.Repeat("x", i))
	}
	pieces := map[string]func(io.Reader) io.Reader{
		"at once": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader, "in halves": iotest.HalfReader,
	}
	for name, cut := range pieces {
		t.Run(name, func(t *testing.T) {
			conn := &fakeConn{in: cut(strings.NewReader(sent))}
			s.handle(conn)
			rest := conn.out.String()
			for i := range 9 {
				head, after, found := strings.Cut(rest, "\r\n\r\n")
				require.True(t, found)
				assert.Contains(t, head, "HTTP/1.1 200 OK\r\n")
				assert.Contains(t, head, "Content-Length: 10")
				content := fmt.Sprint("content ", i, "\n")
				require.True(t, strings.HasPrefix(after, content), "%q", after)
				rest = after[len(content):]
			}
			assert.Empty(t, rest)
			assert.True(t, name != "at once" || conn.writes == 1, "%d writes", conn.writes)
		})
	}
}

// A step of a client is to wait, and then to say something.
type step struct {
	pause time.Duration
	say   string
}

// dribble returns so many steps of a second that each say one letter.
func dribble(letters int, say string) []step {
	steps := make([]step, letters)
	for i := range steps {
		steps[i] = step{time.Second, say}
	}
	return steps
}

// play holds a conversation with a client that takes these steps, and takes what
// it gets, but does not leave. It returns how long the server keeps it, and what
// the client got.
func play(s *server, steps []step) (time.Duration, string) {
	client, conn := net.Pipe()
	defer client.Close()
	var running sync.WaitGroup
	var got []byte
	running.Go(func() { got, _ = io.ReadAll(client) })
	running.Go(func() {
		for _, step := range steps {
			time.Sleep(step.pause)
			if _, err := io.WriteString(client, step.say); err != nil {
				return
			}
		}
	})
	start := time.Now()
	s.handle(conn)
	took := time.Since(start)
	running.Wait()
	return took, string(got)
}

// TestHandleTimes ensures how long each part of a conversation may take, also
// that of a later request: none gets the time of another.
func TestHandleTimes(t *testing.T) {
	const get, upload, put = "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
	const ms = time.Millisecond
	join := func(first step, more []step) []step { return append([]step{first}, more...) }
	tests := map[string]struct {
		steps []step
		want  time.Duration
		got   string
	}{
		"no request":                     {nil, idleLimit, ""},
		"no second request":              {[]step{{0, get}}, idleLimit, "200"},
		"a late one, and no third":       {[]step{{0, get}, {20 * time.Second, get}}, 20*time.Second + idleLimit, "200 200"},
		"just in time":                   {[]step{{idleLimit - ms, get}, {idleLimit - ms, get}}, 3*idleLimit - 2*ms, "200 200"},
		"too late":                       {[]step{{0, get}, {idleLimit + ms, get}}, idleLimit, "200"},
		"an empty line and nothing":      {[]step{{0, "\r\n"}}, timeLimit, ""},
		"half of the first":              {[]step{{0, "GET"}}, timeLimit, "408"},
		"half of the second":             {[]step{{0, get + "GET"}}, timeLimit, "200 408"},
		"half of a late one":             {[]step{{0, get}, {29 * time.Second, "GET"}}, 29*time.Second + timeLimit, "200 408"},
		"the first dribbles":             {dribble(20, "a"), time.Second + timeLimit, "408"},
		"the second dribbles":            {join(step{0, get}, dribble(20, "a")), time.Second + timeLimit, "200 408"},
		"the field lines dribble":        {join(step{0, "GET / HTTP/1.1\r\nHost: "}, dribble(20, "a")), timeLimit, "408"},
		"in two pieces, just in time":    {[]step{{0, get[:9]}, {timeLimit - ms, get[9:]}}, timeLimit - ms + idleLimit, "200"},
		"in two pieces, and too late":    {[]step{{0, get[:9]}, {timeLimit + ms, get[9:]}}, timeLimit, "408"},
		"no content":                     {[]step{{0, upload}}, contentTime, "408"},
		"the content dribbles":           {join(step{0, upload}, dribble(50, "a")), 50*time.Second + idleLimit, "200"},
		"and is too slow":                {join(step{0, upload}, []step{{contentTime + ms, "a"}}), contentTime, "408"},
		"the chunks dribble, and do end": {join(step{0, put + "29\r\n"}, append(dribble(41, "a"), step{0, "\r\n0\r\n\r\n"})), 41*time.Second + idleLimit, "200"},
		"and do not":                     {join(step{0, put}, dribble(90, "0")), contentTime, "408"},
		"the trailers dribble":           {join(step{0, put + "0\r\n"}, dribble(90, "a")), contentTime, "408"},
		"a late head, and late content":  {[]step{{0, upload[:9]}, {9 * time.Second, upload[9:]}, {59 * time.Second, strings.Repeat("a", 50)}}, 68*time.Second + idleLimit, "200"},
		"content, and half of the next":  {[]step{{0, upload + strings.Repeat("a", 50) + "GET"}}, timeLimit, "200 408"},
		"content, and dribble":           {join(step{0, upload + strings.Repeat("a", 50)}, dribble(20, "a")), time.Second + timeLimit, "200 408"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			synctest.Test(t, func(t *testing.T) {
				took, got := play(s, test.steps)
				assert.Equal(t, test.want, took)
				assert.Equal(t, test.got, statusesIn(got))
			})
		})
	}
}

// turns are what a client says, piece by piece, with a pause before each.
type turns struct {
	pieces []string
	pause  time.Duration
}

// Read reads the next piece.
func (r *turns) Read(p []byte) (int, error) {
	if len(r.pieces) == 0 {
		return 0, io.EOF
	}
	time.Sleep(r.pause)
	n := copy(p, r.pieces[0])
	r.pieces = r.pieces[1:]
	return n, nil
}

// TestHandleDeadlines ensures that a busy connection costs no deadline a
// request, and that one which takes a second for each gets one for each.
func TestHandleDeadlines(t *testing.T) {
	const times = 500
	tests := map[string]struct {
		pause time.Duration
		least int
		most  int
	}{
		"no pause":       {0, 1, 1},
		"a millisecond":  {time.Millisecond, 1, 1},
		"half a second":  {500 * time.Millisecond, times / 2, times/2 + 1},
		"a second":       {time.Second, times, times + 1},
		"twenty seconds": {20 * time.Second, times, times + 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			synctest.Test(t, func(t *testing.T) {
				requests := strings.Split(strings.Repeat("GET / HTTP/1.1\r\nHost: a\r\n\r\n|", times), "|")[:times]
				conn := &fakeConn{in: &turns{requests, test.pause}}
				s.handle(conn)
				assert.Equal(t, times, strings.Count(conn.out.String(), "HTTP/1.1 200 OK"))
				for _, deadlines := range []int{conn.readDeadlines, conn.writeDeadlines} {
					assert.GreaterOrEqual(t, deadlines, test.least)
					assert.LessOrEqual(t, deadlines, test.most)
				}
			})
		})
	}
}

// TestHandleHeadLimit ensures that the limits of a head are for each head anew,
// and that what came before, head or content, does not count.
func TestHandleHeadLimit(t *testing.T) {
	s := newServer(t)
	field := "A: " + strings.Repeat("b", 8000) + "\r\n"
	large := "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat(field, 6) + "\r\n"
	content := "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n" + strings.Repeat("x", contentLimit)
	assert.Equal(t, "200 200 200 200", statusesIn(converse(s, large+large+large+large)))
	assert.Equal(t, "200 200 200 200", statusesIn(converse(s, content+large+content+large)))
	larger := "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat(field, 10) + "\r\n"
	assert.Equal(t, "200 431", statusesIn(converse(s, large+larger+large)))
	assert.Equal(t, "200 431", statusesIn(converse(s, content+larger+large)))
}

// TestHandleBuffers ensures that a connection knows nothing of those that had
// its buffers before: what they sent, and what they did not get.
func TestHandleBuffers(t *testing.T) {
	s := newServer(t)
	const first = "GET /secret HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /secret HTTP/1.1\r\nHost: a\r\n\r\n"
	for range 20 {
		assert.Equal(t, "404", statusesIn(converse(s, first)))
		client, conn := net.Pipe()
		client.Close()
		s.handle(conn)
		c := s.newConnection(&fakeConn{})
		c.out.WriteString("secret")
		s.buffers.Put(c.buffers)
		assert.Equal(t, "404", statusesIn(converse(s, first)))
		assert.Empty(t, converse(s, ""))
	}
}

// TestHandleShrunk ensures that a connection ends with a content that was shorter
// than its head has said: what came next would be taken for the rest of it.
func TestHandleShrunk(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "long.txt", strings.Repeat("a", 10*pieceSize))
	const request = "GET /long.txt HTTP/1.1\r\nHost: a\r\n\r\n"
	conn := &fakeConn{in: strings.NewReader(request + request)}
	conn.written = func() { assert.NoError(t, os.Truncate(filepath.Join(s.root.Name(), "long.txt"), pieceSize)) }
	s.handle(conn)
	assert.Equal(t, "200", statusesIn(conn.out.String()))
	assert.Less(t, conn.out.Len(), 10*pieceSize)
	assert.Contains(t, conn.out.String(), fmt.Sprintf("Content-Length: %d\r\n", 10*pieceSize))
}

// TestHandleEnds ensures which response is the last one of a connection, also
// where more requests have come already.
func TestHandleEnds(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", "hello\n")
	const next = "GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n"
	const host = " HTTP/1.1\r\nHost: a\r\n"
	tests := map[string]struct{ sent, want string }{
		"a file":                         {"GET /a.txt" + host + "\r\n", "200 200"},
		"its head":                       {"HEAD /a.txt" + host + "\r\n", "200 200"},
		"what can be done":               {"OPTIONS *" + host + "\r\n", "200 200"},
		"a part":                         {"GET /a.txt" + host + "Range: bytes=0-0\r\n\r\n", "206 200"},
		"no such part":                   {"GET /a.txt" + host + "Range: bytes=9-\r\n\r\n", "416 200"},
		"the client has it":              {"GET /a.txt" + host + "If-None-Match: *\r\n\r\n", "304 200"},
		"it is another one":              {"GET /a.txt" + host + "If-Match: \"x\"\r\n\r\n", "412 200"},
		"nothing there":                  {"GET /b.txt" + host + "\r\n", "404 200"},
		"its head, and nothing there":    {"HEAD /b.txt" + host + "\r\n", "404 200"},
		"nothing for this client":        {"GET /a.txt" + host + "Accept: image/png\r\n\r\n", "406 200"},
		"forbidden":                      {"GET /.." + host + "\r\n", "403 200"},
		"a method that files lack":       {"PUT /a.txt" + host + "\r\n", "405 200"},
		"and no content":                 {"PUT /a.txt" + host + "Content-Length: 0\r\n\r\n", "405 200"},
		"a method that nobody knows":     {"BREW /a.txt" + host + "\r\n", "501 200"},
		"no name of a file":              {"GET *" + host + "\r\n", "400 200"},
		"content":                        {"GET /a.txt" + host + "Content-Length: 3\r\n\r\nabc", "200 200"},
		"content, and nothing there":     {"GET /b.txt" + host + "Content-Length: 3\r\n\r\nabc", "404 200"},
		"content that is not read":       {"PUT /a.txt" + host + "Content-Length: 3\r\n\r\nabc", "405"},
		"chunks":                         {"GET /a.txt" + host + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "200 200"},
		"chunks that are not read":       {"PUT /a.txt" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "405"},
		"chunks that are malformed":      {"GET /a.txt" + host + "Transfer-Encoding: chunked\r\n\r\n0\n\n", "400"},
		"content that is too long":       {"GET /a.txt" + host + "Content-Length: 1048577\r\n\r\n", "413"},
		"a length that no number is":     {"GET /a.txt" + host + "Content-Length: 99999999999999999999\r\n\r\n", "413"},
		"a request that is none":         {"good morning\r\n\r\n", "400"},
		"no host":                        {"GET /a.txt HTTP/1.1\r\n\r\n", "400"},
		"no host, but content":           {"GET /a.txt HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "400"},
		"another version":                {"GET /a.txt HTTP/2.0\r\nHost: a\r\n\r\n", "505"},
		"an expectation":                 {"GET /a.txt" + host + "Expect: tea\r\n\r\n", "417"},
		"another coding":                 {"GET /a.txt" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n", "501"},
		"the client wants it":            {"GET /a.txt" + host + "Connection: close\r\n\r\n", "200"},
		"an older client":                {"GET /a.txt HTTP/1.0\r\n\r\n", "200"},
		"an older one that goes on":      {"GET /a.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "200 200"},
		"an empty line between":          {"GET /a.txt" + host + "\r\n\r\n", "200 200"},
		"two empty lines between":        {"GET /a.txt" + host + "\r\n\r\n\r\n", "200 400"},
		"it waits, and has sent already": {"GET /a.txt" + host + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc", "200 200"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := converse(s, test.sent+next)
			assert.Equal(t, test.want, statusesIn(got))
			starts := statusLine.FindAllStringIndex(got, -1)
			last := got[starts[len(starts)-1][0]:]
			assert.Equal(t, !strings.Contains(test.want, " ") || strings.HasSuffix(test.want, " 400"), strings.Contains(last, "Connection: close\r\n"))
		})
	}
}

// TestHandleContinue ensures that a client which waits for a word gets one only
// where its content will be read (RFC 9110, 10.1.1).
func TestHandleContinue(t *testing.T) {
	const chunks = "Transfer-Encoding: chunked\r\n"
	tests := map[string]struct{ first, more, want string }{
		"it is read":                {"GET / HTTP/1.1\r\nContent-Length: 3\r\n", "abc", "100 200"},
		"in chunks":                 {"GET / HTTP/1.1\r\n" + chunks, "3\r\nabc\r\n0\r\n\r\n", "100 200"},
		"and nothing is there":      {"GET /b HTTP/1.1\r\nContent-Length: 3\r\n", "abc", "100 404"},
		"and it is malformed":       {"GET / HTTP/1.1\r\n" + chunks, "abc\r\n", "100 400"},
		"there is none":             {"GET / HTTP/1.1\r\nContent-Length: 0\r\n", "", "200"},
		"it is too long":            {"GET / HTTP/1.1\r\nContent-Length: 1048577\r\n", "", "413"},
		"files do not have that":    {"PUT / HTTP/1.1\r\nContent-Length: 3\r\n", "", "405"},
		"nobody knows that":         {"BREW / HTTP/1.1\r\n" + chunks, "", "501"},
		"an older client":           {"GET / HTTP/1.0\r\nContent-Length: 3\r\n", "abc", "200"},
		"an older one, in chunks":   {"GET / HTTP/1.0\r\n" + chunks, "", "400"},
		"after another request":     {"GET /b HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nContent-Length: 3\r\n", "abc", "404 100 200"},
		"it leaves, and has waited": {"GET / HTTP/1.1\r\nContent-Length: 3\r\n", "", "100 400"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			conn := &fakeConn{in: &turns{pieces: []string{test.first + "Host: a\r\nExpect: 100-continue\r\n\r\n", test.more}}}
			newServer(t).handle(conn)
			assert.Equal(t, test.want, statusesIn(conn.out.String()))
			if strings.Contains(test.want, "100") {
				assert.Contains(t, conn.out.String(), "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 ", "it has no fields")
			}
		})
	}
}
