package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestFailed ensures what a client is told when an application fails: whether it
// was too slow, or anything else (RFC 9110, 15.6.3 and 15.6.5).
func TestFailed(t *testing.T) {
	tests := []struct {
		err  error
		want int
	}{
		{errBroken, 502}, {refuse(400, "a field"), 502}, {refuse(431, "a line"), 502}, {os.ErrDeadlineExceeded, 504}, {fmt.Errorf("a: %w", os.ErrDeadlineExceeded), 504},
		{&net.OpError{Err: timeoutError{}}, 502}, {&net.DNSError{IsTimeout: true}, 504}, {&net.DNSError{IsNotFound: true}, 502},
	}
	for _, test := range tests {
		for _, begun := range []bool{true, false} {
			err := failed(test.err, begun)
			if op := (*net.OpError)(nil); errors.As(test.err, &op) {
				test.want = map[bool]int{true: 504, false: 502}[op.Timeout()]
			}
			assert.Equal(t, test.want, statusOfError(err), test.err)
			assert.ErrorIs(t, err, test.err)
			var f *failure
			assert.True(t, errors.As(err, &f) && f.begun == begun)
		}
	}
	assert.Equal(t, 500, statusOfError(errBroken))
}

// TestHandOver ensures which upstreams get a request when others fail, and what
// the client is told in the end.
func TestHandOver(t *testing.T) {
	const get, post, put = "GET", "POST", "PUT"
	tests := map[string]struct {
		method, content string
		outcomes        string
		want            int
		asked           string
	}{
		"the first":                     {get, "", "200 200", 200, "a"},
		"one that is refused":           {get, "", "refused 200", 200, "ab"},
		"refused, whatever it is":       {post, "", "refused 200", 200, "ab"},
		"refused, with content":         {post, "hello", "refused 200", 200, "ab"},
		"died, and can be repeated":     {get, "", "died 200", 200, "ab"},
		"died, and cannot":              {post, "", "died 200", 502, "a"},
		"died, and it had content":      {put, "hello", "died 200", 502, "a"},
		"silent":                        {get, "", "silent 200", 504, "a"},
		"cannot be reached":             {post, "hello", "unreachable 200", 200, "ab"},
		"nor can the last":              {get, "", "refused unreachable", 504, "ab"},
		"the client is to blame":        {get, "", "400 200", 400, "a"},
		"it is full":                    {get, "", "503 200", 503, "a"},
		"all fail":                      {get, "", "refused died died", 502, "abc"},
		"alone, and fails":              {get, "", "refused", 502, "a"},
		"an error, in a response":       {get, "", "500 200", 500, "a"},
		"all but the last":              {put, "", "died refused 204", 204, "abc"},
		"only what was refused goes on": {post, "", "refused refused died 200", 502, "abc"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			asked := ""
			var all []means
			for i, outcome := range strings.Fields(test.outcomes) {
				all = append(all, stubMeans(func(*handover) (*Response, error) {
					asked += string(rune('a' + i))
					return outcomes(outcome)
				}))
			}
			s.routeTo(all...)
			got := converseFrom(s, test.method+" /app HTTP/1.1\r\nHost: a\r\nContent-Length: "+fmt.Sprint(len(test.content))+"\r\n\r\n"+test.content)
			assert.Equal(t, fmt.Sprint(test.want), statusesIn(got))
			assert.Equal(t, test.asked, asked)
		})
	}
}

// TestHandOverPasses ensures that a client need not wait for an application to get
// what was said before.
func TestHandOverPasses(t *testing.T) {
	s := newServer(t)
	conn := &fakeConn{in: strings.NewReader("GET /none HTTP/1.1\r\nHost: a\r\n\r\nGET /app HTTP/1.1\r\nHost: a\r\n\r\n")}
	s.routeTo(stubMeans(func(*handover) (*Response, error) {
		assert.Equal(t, "404", statusesIn(conn.out.String()))
		return outcomes("200")
	}))
	s.handle(placed{conn, "192.0.2.1:80", "192.0.2.7:4711"})
	assert.Equal(t, "404 200", statusesIn(conn.out.String()))
}

// outcomes returns what became of a request.
func outcomes(outcome string) (*Response, error) {
	switch outcome {
	case "refused":
		return nil, failed(errBroken, false)
	case "died":
		return nil, failed(errBroken, true)
	case "unreachable":
		return nil, failed(os.ErrDeadlineExceeded, false)
	case "silent":
		return nil, failed(os.ErrDeadlineExceeded, true)
	case "400", "503":
		return nil, refuse(map[string]int{"400": 400, "503": 503}[outcome], "no")
	}
	return &Response{Status: map[string]int{"200": 200, "204": 204, "500": 500}[outcome], Header: []Field{{"From", "there"}}}, nil
}

// TestHandOverLeavesOut ensures that an upstream that fails is left out for a
// while, and gets the next request after that; that a client which is to blame
// does nobody any harm; and what is left when all are out.
func TestHandOverLeavesOut(t *testing.T) {
	s := newServer(t)
	synctest.Test(t, func(t *testing.T) {
		asked, first, second := "", "refused", "200"
		s.routeTo(stubMeans(func(*handover) (*Response, error) { asked += "a"; return outcomes(first) }),
			stubMeans(func(*handover) (*Response, error) { asked += "b"; return outcomes(second) }))
		ask := func(want, wantAsked string) {
			asked = ""
			got := converseFrom(s, "GET /app HTTP/1.1\r\nHost: a\r\n\r\n")
			assert.Equal(t, want, statusesIn(got))
			assert.Equal(t, wantAsked, asked)
			assert.Equal(t, want == "503", strings.Contains(got, "Retry-After: "))
		}
		ask("200", "ab")
		ask("200", "b")
		ask("200", "b")
		time.Sleep(outTime)
		ask("200", "b")
		ask("200", "ab")
		time.Sleep(2 * outTime)
		first = "200"
		ask("200", "b")
		ask("200", "a")
		first, second = "400", "400"
		ask("400", "b")
		ask("400", "a")
		first, second = "died", "died"
		ask("502", "ba")
		ask("503", "")
	})
}

// TestHandOverAlone ensures that an upstream without others is never left out.
func TestHandOverAlone(t *testing.T) {
	s := newServer(t)
	asked := 0
	s.routeTo(stubMeans(func(*handover) (*Response, error) { asked++; return outcomes("refused") }))
	for range 5 {
		assert.Equal(t, "502", statusesIn(converseFrom(s, "GET /app HTTP/1.1\r\nHost: a\r\n\r\n")))
	}
	assert.Equal(t, 5, asked)
}

// TestPassable ensures what becomes of the fields of a response.
func TestPassable(t *testing.T) {
	const answer = " 299 Very Well\r\nContent-Length: 0\r\nA: b\r\nSet-Cookie: c\r\nSet-Cookie: d\r\nX_Y: z\r\n"
	tests := map[string]struct {
		version, fields string
		want, not       []string
	}{
		"its own":            {"HTTP/1.1", "", []string{"A: b", "Set-Cookie: c", "Set-Cookie: d", "X_Y: z", "Via: 1.1 webserver", "Server: webserver", "HTTP/1.1 299 Very Well"}, []string{"Connection:"}},
		"of this hop":        {"HTTP/1.1", "Connection: close, X\r\nX: y\r\nKeep-Alive: 5\r\nProxy-Connection: z\r\n", []string{"A: b"}, []string{"Connection:", "\nX:", "Keep-Alive:", "Proxy"}},
		"who it is":          {"HTTP/1.1", "Server: app\r\nDate: then\r\nVia: 1.1 other\r\n", []string{"Server: app", "Date: then", "Via: 1.1 other", "Via: 1.1 webserver"}, []string{"Server: webserver", "GMT"}},
		"without a date":     {"HTTP/1.1", "Date: \r\n", []string{"Server: webserver"}, []string{"Date: \r"}},
		"two dates":          {"HTTP/1.1", "Date: then\r\ndate: now\r\n", []string{"Date: then"}, []string{"GMT", "now"}},
		"in HTTP/1.0":        {"HTTP/1.0", "", []string{"Via: 1.0 webserver", "HTTP/1.1 299 Very Well"}, nil},
		"it asks to upgrade": {"HTTP/1.1", "Upgrade: h2\r\nConnection: upgrade\r\n", nil, []string{"Upgrade", "Connection"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := converseOver(t, "GET /app HTTP/1.1\r\nHost: a\r\n\r\n", test.version+answer+test.fields+"\r\n")
			for _, line := range test.want {
				assert.Contains(t, strings.Split(got, "\r\n"), line)
			}
			for _, part := range test.not {
				assert.NotContains(t, got, part)
			}
			assert.Equal(t, 1, strings.Count(got, "\r\nDate: "))
		})
	}
}

// TestRedirectInside ensures that the server answers itself for the path that a
// script names, and not forever.
func TestRedirectInside(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", "hello\n")
	var seen []*handover
	location := "/a.txt"
	closed := 0
	s.routeTo(stubMeans(func(h *handover) (*Response, error) {
		seen = append(seen, h)
		return &Response{Status: 200, Content: &reply{end: func() { closed++ }}, relayed: relayed{Redirect: location}}, nil
	}))
	const post = "POST /app HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Type: x/y\r\nUpgrade: x\r\nA: b\r\n\r\nabc"
	assert.True(t, strings.HasSuffix(converseFrom(s, post), "\r\n\r\nhello\n"))
	assert.Equal(t, 1, closed)
	assert.Equal(t, "200", statusesIn(converseFrom(s, "HEAD /app HTTP/1.1\r\nHost: a\r\n\r\n")))
	location = "/none"
	assert.Equal(t, "404", statusesIn(converseFrom(s, post)))
	location, seen, closed = "/app?again", nil, 0
	assert.Equal(t, "502", statusesIn(converseFrom(s, post)))
	assert.Len(t, seen, redirectLimit+1)
	assert.Equal(t, redirectLimit+1, closed)
	assert.Equal(t, "GET", seen[1].Method)
	assert.Equal(t, "/app?again", seen[1].target)
	assert.Nil(t, seen[1].Content)
	assert.Equal(t, fieldsOf("Host: a|A: b"), seen[1].Fields)
	assert.Equal(t, "POST", seen[0].Method)
}

// TestLogUpstream ensures that the line of a request says where it was handed
// over, and that of the next one does not.
func TestLogUpstream(t *testing.T) {
	s := newServer(t)
	s.quiet = false
	s.routeTo(stubMeans(func(*handover) (*Response, error) { return outcomes("200") }))
	printed := logged(t, func() {
		converseFrom(s, "GET /app HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
	})
	lines := strings.Split(strings.TrimSpace(printed), "\n")
	assert.Regexp(t, `GET /app 200 0 \S+ there \S+s$`, lines[0])
	assert.Regexp(t, `GET / 200 \d+ \S+s$`, lines[1])
}

// TestHandOverStored ensures that content which was stored for an application that
// then refuses the request is there for the next one, and gone when that one has
// got it, or none takes it.
func TestHandOverStored(t *testing.T) {
	// A port that is free could be taken by another program in the next moment.
	refusing, err := newFastCGI(nil, "unix:"+filepath.Join(t.TempDir(), "none"))
	assert.NoError(t, err)
	for outcome, want := range map[string]string{"200": "hello", "refused": ""} {
		h := handoverOf(t, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
		got := ""
		next := stubMeans(func(h *handover) (*Response, error) {
			assert.Equal(t, int64(5), h.Content.length)
			if outcome == "200" {
				x := h.begin(h.Content, nil, func() {}, func(x *exchange) error {
					return x.sendContent(func(piece []byte) error { got += string(piece); return nil })
				})
				<-x.sent
				x.end()
			}
			return outcomes(outcome)
		})
		h.route = &route{pattern: "/", upstreams: &rotation{all: []*upstream{{name: "a", means: refusing}, {name: "b", means: next}}}}
		response, err := newServer(t).handOver(h)
		assert.Equal(t, want, got)
		assert.Equal(t, want == "", response == nil)
		assert.Equal(t, want == "", statusOfError(err) == 502)
		assert.ErrorIs(t, h.Content.file.Close(), os.ErrClosed)
	}
}
