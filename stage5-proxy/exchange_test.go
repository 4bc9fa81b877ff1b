package main

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestExchangeTimes ensures how long an application may take until it answers,
// and a client with its content, and who is told what when it took too long.
func TestExchangeTimes(t *testing.T) {
	const ok, ms = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", time.Millisecond
	get := step{0, "GET /app HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"}
	put := "PUT /app HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
	none := "GET /none HTTP/1.1\r\nHost: a\r\n\r\n"
	hints := "HTTP/1.1 103 Early Hints\r\n" + strings.Repeat("Link: "+strings.Repeat("a", outSize/2)+"\r\n", 3) + "\r\n"
	tests := map[string]struct {
		client, app []step
		took        time.Duration
		want        string
	}{
		"at once":                     {[]step{get}, []step{{0, ok}}, 0, "200"},
		"just in time":                {[]step{get}, []step{{replyLimit - ms, ok}}, replyLimit - ms, "200"},
		"too late":                    {[]step{get}, []step{{replyLimit + ms, ok}}, replyLimit, "504"},
		"half a head":                 {[]step{get}, []step{{10 * time.Second, "HTTP/1.1 200 OK\r\n"}, {time.Hour, "\r\n"}}, replyLimit, "504"},
		"a head that dribbles":        {[]step{get}, dribble(100, "a"), replyLimit, "504"},
		"it ends":                     {[]step{get}, []step{{time.Second * 5, ""}}, 5 * time.Second, "502"},
		"another word before":         {[]step{get}, []step{{20 * time.Second, "HTTP/1.1 103 E\r\n\r\n"}, {20 * time.Second, ok}}, 40 * time.Second, "103 200"},
		"content, and silence":        {[]step{{0, put + "Content-Length: 3\r\n\r\nabc"}}, []step{{time.Hour, ""}}, replyLimit, "504"},
		"content soon, and silence":   {[]step{{0, put + "Content-Length: 2\r\n\r\na"}, {3 * time.Second, "b"}}, []step{{time.Hour, ""}}, 3*time.Second + replyLimit, "504"},
		"its end later, and silence":  {[]step{{0, put + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"}, {9 * time.Second, "0\r\n\r\n"}}, []step{{time.Hour, ""}}, 9*time.Second + replyLimit, "504"},
		"content soon, and an answer": {[]step{{0, put + "Content-Length: 2\r\n\r\na"}, {3 * time.Second, "b"}}, []step{{2*time.Second + replyLimit, ok}}, 2*time.Second + replyLimit, "200"},
		"slow content, then silence":  {[]step{{0, put + "Content-Length: 4\r\n\r\na"}, {20 * time.Second, "b"}, {20 * time.Second, "c"}, {20 * time.Second, "d"}}, []step{{time.Hour, ""}}, 90 * time.Second, "504"},
		"slow content, and an answer": {[]step{{0, put + "Content-Length: 3\r\n\r\na"}, {25 * time.Second, "b"}, {25 * time.Second, "c"}}, []step{{70 * time.Second, ok}}, 70 * time.Second, "200"},
		"slow content, a long word":   {[]step{{0, none + put + "Content-Length: 3\r\n\r\na"}, {40 * time.Second, "b"}, {40 * time.Second, "c"}}, []step{{81 * time.Second, hints + ok}}, 81 * time.Second, "404 103 200"},
		"a pause in the content":      {[]step{{0, put + "Content-Length: 3\r\n\r\na"}, {45 * time.Second, "bc"}}, []step{{50 * time.Second, ok}}, 50 * time.Second, "200"},
		"content that stops":          {[]step{{0, put + "Content-Length: 3\r\n\r\na"}}, []step{{time.Hour, ""}}, pieceLimit, "408"},
		"chunks that stop":            {[]step{{0, put + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"}}, []step{{time.Hour, ""}}, pieceLimit, "408"},
		"an answer before that":       {[]step{{0, put + "Content-Length: 3\r\n\r\na"}}, []step{{5 * time.Second, ok}}, 5 * time.Second, "200"},
		"a bad chunk":                 {[]step{{0, put + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"}, {3 * time.Second, "x\r\n"}}, []step{{time.Hour, ""}}, 3 * time.Second, "400"},
		"a bad chunk at once":         {[]step{{0, put + "Transfer-Encoding: chunked\r\n\r\nx\r\n"}}, []step{{time.Hour, ""}}, 0, "400"},
		"an answer, a chunk too late": {[]step{{0, put + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"}, {9 * time.Second, "x\r\n"}}, []step{{time.Second, ok}}, time.Second, "200"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			synctest.Test(t, func(t *testing.T) {
				m := newOverPipe(func(conn net.Conn) {
					go drain(conn)
					for _, step := range test.app {
						time.Sleep(step.pause)
						io.WriteString(conn, step.say)
					}
				})
				s.routeTo(m)
				took, got := play(s, test.client)
				assert.Equal(t, test.took, took)
				assert.Equal(t, test.want, statusesIn(got))
				m.close()
			})
		})
	}
}

// drain reads what comes, and throws it away.
func drain(conn net.Conn) { io.Copy(io.Discard, conn) }

// TestExchangeUnread ensures that an application which answers without reading the
// content is not waited for, and that the client learns of it at once. It can send
// another request only after all of that content.
func TestExchangeUnread(t *testing.T) {
	const next = "GET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
	for name, test := range map[string]struct{ first, rest, want string }{
		"more comes":          {"Content-Length: 1000\r\n\r\n", "abc", "413"},
		"all has come":        {"Content-Length: 3\r\n\r\n", "abc", "413 404"},
		"in chunks":           {"Transfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n", "413"},
		"in chunks, complete": {"Transfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n0\r\n\r\n", "413 404"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			synctest.Test(t, func(t *testing.T) {
				m := newOverPipe(func(conn net.Conn) {
					readHead(bufio.NewReaderSize(conn, 16))
					time.Sleep(2 * time.Second)
					io.WriteString(conn, "HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno")
					time.Sleep(time.Hour)
				})
				s.routeTo(m)
				client, conn := net.Pipe()
				start := time.Now()
				go func() {
					io.WriteString(client, "PUT /app HTTP/1.1\r\nHost: a\r\n"+test.first)
					time.Sleep(time.Second)
					io.WriteString(client, test.rest)
					time.Sleep(9 * time.Second)
					io.WriteString(client, next)
				}()
				go s.handle(conn)
				in := bufio.NewReader(client)
				got := readHead(in)
				assert.Equal(t, 2*time.Second, time.Since(start))
				rest, _ := io.ReadAll(in)
				assert.Equal(t, test.want, statusesIn(got+string(rest)))
				assert.True(t, strings.HasPrefix(string(rest), "no"))
				client.Close()
				m.close()
			})
		})
	}
}

// TestExchangeClientLeaves ensures that an application hears when nobody waits
// for its answer any more: within watchDelay, or at once.
func TestExchangeClientLeaves(t *testing.T) {
	const put = "PUT /app HTTP/1.1\r\nHost: a\r\n"
	tests := map[string]struct {
		sent    string
		answer  string
		after   time.Duration
		noticed time.Duration
	}{
		"at once":             {"GET /app HTTP/1.1\r\nHost: a\r\n\r\n", "", 0, watchDelay},
		"after a while":       {"GET /app HTTP/1.1\r\nHost: a\r\n\r\n", "", 5 * time.Second, 5 * time.Second},
		"with its content":    {put + "Content-Length: 3\r\n\r\nabc", "", 5 * time.Second, 5 * time.Second},
		"in its content":      {put + "Content-Length: 4\r\n\r\nabc", "", 5 * time.Second, 5 * time.Second},
		"in a chunk":          {put + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc", "", 5 * time.Second, 5 * time.Second},
		"in the answer":       {"GET /app HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nabc", 5 * time.Second, 5 * time.Second},
		"in one of a length":  {"GET /app HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", 5 * time.Second, 5 * time.Second},
		"in content, answer":  {put + "Content-Length: 4\r\n\r\nabc", "HTTP/1.1 200 OK\r\n\r\nabc", 5 * time.Second, 5 * time.Second},
		"and asks for no end": {"GET /app HTTP/1.0\r\n\r\n", "", 20 * time.Second, 20 * time.Second},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				var noticed time.Duration
				m := newOverPipe(func(conn net.Conn) {
					go func() {
						time.Sleep(time.Millisecond)
						io.WriteString(conn, test.answer)
					}()
					drain(conn)
					noticed = time.Since(start)
				})
				s.routeTo(m)
				client, conn := net.Pipe()
				go io.Copy(io.Discard, client)
				go func() {
					io.WriteString(client, test.sent)
					time.Sleep(test.after)
					client.Close()
				}()
				s.handle(conn)
				m.close()
				assert.Equal(t, test.noticed, noticed)
				assert.Equal(t, noticed, time.Since(start))
				assert.Empty(t, m.pool.inside)
			})
		})
	}
}

// TestExchangeNext ensures that a client may send its next request while the
// application works, and loses nothing.
func TestExchangeNext(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", "hello\n")
	for name, test := range map[string]struct {
		first, rest string
		steps       int
	}{
		"in one piece":        {"GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n", "", 2},
		"in two":              {"GET /a.t", "xt HTTP/1.1\r\nHost: a\r\n\r\n", 3},
		"and an empty line":   {"\r\nGET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n", "", 2},
		"an empty line first": {"\r\n", "GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n", 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newOverPipe(func(conn net.Conn) {
					take(conn, []step{{10 * time.Second, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}})
				})
				s.routeTo(m)
				took, got := play(s, []step{{0, "GET /app HTTP/1.1\r\nHost: a\r\n\r\n"}, {3 * time.Second, test.first}, {15 * time.Second, test.rest}}[:test.steps])
				assert.Equal(t, "200 200", statusesIn(got))
				assert.True(t, strings.HasSuffix(got, "\r\n\r\nhello\n"), "%q", got)
				if test.rest == "" {
					assert.Equal(t, 10*time.Second+idleLimit, took)
				} else {
					assert.Equal(t, 18*time.Second+idleLimit, took)
				}
				m.close()
			})
		})
	}
}

// TestExchangeContent ensures that an application gets the content of a request as
// it was sent, in whatever pieces it came, framed in the same way, and then
// answers the next one.
func TestExchangeContent(t *testing.T) {
	long := strings.Repeat("0123456789", 20000)
	tests := map[string]struct{ sent, framing, want string }{
		"short":              {"Content-Length: 5\r\n\r\nhello", "Content-Length: 5", "hello"},
		"long":               {"Content-Length: 200000\r\n\r\n" + long, "Content-Length: 200000", long},
		"in chunks":          {"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;a\r\n!\r\n0\r\n\r\n", "Transfer-Encoding: chunked", "hello!"},
		"long, in chunks":    {"Transfer-Encoding: chunked\r\n\r\n30d40\r\n" + long + "\r\n0\r\n\r\n", "Transfer-Encoding: chunked", long},
		"no chunk":           {"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: chunked", ""},
		"with fields behind": {"Connection: X-Hop\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: b\r\nHost: c\r\nX_Y: z\r\nX-Hop: d\r\n\r\n", "Transfer-Encoding: chunked", "a"},
		"nothing":            {"Content-Length: 0\r\n\r\n", "Content-Length: 0", ""},
	}
	for name, test := range tests {
		for _, size := range []int{7, 1 << 20} {
			t.Run(name, func(t *testing.T) {
				s := newServer(t)
				var head, content string
				var trailer []Field
				m := newOverPipe(func(conn net.Conn) {
					head, content, trailer = readWhole(conn)
					io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				})
				s.routeTo(m)
				client, conn := net.Pipe()
				defer client.Close()
				go s.handle(conn)
				go func() {
					rest := "POST /app HTTP/1.1\r\nHost: a\r\n" + test.sent + "GET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
					for rest != "" {
						n, _ := io.WriteString(client, rest[:min(size, len(rest))])
						rest = rest[n:]
					}
				}()
				client.SetReadDeadline(time.Now().Add(time.Minute))
				got, err := io.ReadAll(client)
				assert.NoError(t, err)
				m.close()
				assert.Equal(t, "200 404", statusesIn(string(got)))
				assert.Contains(t, head, "\r\n"+test.framing+"\r\n")
				assert.True(t, test.want == content)
				if name == "with fields behind" {
					assert.Equal(t, []Field{{"A", "b"}}, trailer)
				}
			})
		}
	}
}

// readWhole reads a request whose head says how its content is framed.
func readWhole(conn net.Conn) (head, content string, trailer []Field) {
	in := bufio.NewReaderSize(conn, lineLimit)
	head = readHead(in)
	request, err := readRequest(connectionFor(head))
	if err != nil || request.Content == nil {
		return head, "", nil
	}
	if request.Content.length == inChunks {
		chunks := &chunkedReader{in: in}
		got, _ := io.ReadAll(chunks)
		return head, string(got), chunks.trailer
	}
	got := make([]byte, request.Content.length)
	io.ReadFull(in, got)
	return head, string(got), nil
}

// connectionFor returns a connection over which something has come.
func connectionFor(sent string) *connection {
	c := new(server).newConnection(&fakeConn{in: strings.NewReader(sent)})
	c.begin()
	return c
}
