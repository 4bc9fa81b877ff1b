//go:build unix

package main

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newScripts returns a server that has some scripts at /cgi, and their directory.
func newScripts(t *testing.T, scripts map[string]string) (*server, string) {
	directory := t.TempDir()
	for name, script := range scripts {
		path := filepath.Join(directory, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o777))
	}
	s := newRouted(t, "/cgi=cgi:"+directory)
	root := s.routes[0].upstreams.all[0].means.(*cgi).directory
	t.Cleanup(func() { root.Close() })
	return s, directory
}

// listenLonger does for all scripts of a cgi what it does for one.
func (m *cgi) listenLonger() means {
	return stubMeans(func(h *handover) (*Response, error) {
		response, err := m.hand(h)
		if p := h.Client.script.Load(); p != nil {
			p.listenLonger()
		}
		return response, err
	})
}

// TestCGI ensures that a program gets what it should, and that the client gets
// what the program says.
func TestCGI(t *testing.T) {
	const text = "printf 'Content-Type: text/plain\\n\\n'\n"
	s, directory := newScripts(t, map[string]string{
		"env":     text + `printf '%s|' "$REQUEST_METHOD" "$SCRIPT_NAME" "$PATH_INFO" "$QUERY_STRING" "$CONTENT_LENGTH" "$HTTP_PROXY" "$HTTP_AUTHORIZATION"`,
		"echo":    text + "cat",
		"deep/er": text + "pwd",
		"silent":  "exit 3",
		"error":   "echo oh no >&2\n" + text + "echo fine",
		"status":  "printf 'Status: 404 Gone\\n\\ngone'",
		"killed":  text + "echo half\nkill -9 $$",
		"failing": text + "echo all\nexit 1",
		"inside":  "printf 'Location: /cgi/env?again\\n\\n'",
		"ignores": text + "echo fine",
	})
	require.NoError(t, os.WriteFile(filepath.Join(directory, "text"), []byte("hello"), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(directory, "broken"), []byte("#!/there/is/none\n"), 0o777))
	require.NoError(t, os.Symlink("/bin/sh", filepath.Join(directory, "outside")))
	u := s.routes[0].upstreams.all[0]
	m := u.means.(*cgi)
	u.means = m.listenLonger()
	real, err := filepath.EvalSymlinks(directory)
	require.NoError(t, err)
	long := strings.Repeat("0123456789", 30000)
	get := func(target string) string { return "GET " + target + " HTTP/1.0\r\nHost: a\r\n" }
	tests := map[string]struct{ sent, status, content string }{
		"what it is told":   {get("/cgi/env/more/x?a=b") + "Proxy: evil\r\nAuthorization: secret\r\n\r\n", "200", "GET|/cgi/env|/more/x|a=b||||"},
		"a slash behind":    {get("/cgi/env/") + "\r\n", "200", "GET|/cgi/env|/|||||"},
		"content":           {"POST /cgi/echo HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello", "200", "hello"},
		"much":              {"POST /cgi/echo HTTP/1.0\r\nContent-Length: 300000\r\n\r\n" + long, "200", long},
		"in chunks":         {"POST /cgi/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "200", "5\r\nhello\r\n0\r\n\r\n"},
		"its length":        {"POST /cgi/env HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "200", "14\r\nPOST|/cgi/env|||5|||\r\n0\r\n\r\n"},
		"which it ignores":  {"POST /cgi/ignores HTTP/1.0\r\nContent-Length: 300000\r\n\r\n" + long, "200", "fine\n"},
		"where it is":       {get("/cgi/deep/er/x") + "\r\n", "200", real + "/deep\n"},
		"HEAD":              {"HEAD /cgi/env HTTP/1.0\r\n\r\n", "200", ""},
		"a status":          {get("/cgi/status") + "\r\n", "404", "gone"},
		"words for the log": {get("/cgi/error") + "\r\n", "200", "fine\n"},
		"an exit status":    {get("/cgi/failing") + "\r\n", "200", "all\n"},
		"another target":    {get("/cgi/inside") + "\r\n", "200", "GET|/cgi/env||again||||"},
		"without a word":    {get("/cgi/silent") + "\r\n", "502", "page"},
		"none":              {get("/cgi/none") + "\r\n", "404", "page"},
		"none below":        {get("/cgi/deep/none") + "\r\n", "404", "page"},
		"a directory":       {get("/cgi/deep") + "\r\n", "403", "page"},
		"with a slash":      {get("/cgi/deep/") + "\r\n", "404", "page"},
		"the directory":     {get("/cgi") + "\r\n", "404", "page"},
		"its slash":         {get("/cgi/") + "\r\n", "404", "page"},
		"no program":        {get("/cgi/text") + "\r\n", "403", "page"},
		"outside":           {get("/cgi/outside") + "\r\n", "403", "page"},
		"a path to outside": {get("/cgi/..%2f..%2fbin/sh") + "\r\n", "403", "page"},
		"a slash as %2F":    {get("/cgi/deep%2Fer") + "\r\n", "404", "page"},
		"for the program":   {get("/cgi/env/a%2Fb") + "\r\n", "200", "GET|/cgi/env|/a/b|||||"},
		"a NUL":             {get("/cgi/env/%00") + "\r\n", "403", "page"},
		"it cannot start":   {get("/cgi/broken") + "\r\n", "502", "page"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got string
			printed := logged(t, func() { got = converseFrom(s, test.sent) })
			assert.Equal(t, test.status, statusesIn(got))
			_, content, _ := strings.Cut(got, "\r\n\r\n")
			assert.True(t, content == test.content || test.content == "page" && strings.HasPrefix(content, "<!DOCTYPE html>"), "%.200q", content)
			assert.Equal(t, name == "words for the log", strings.Contains(printed, "error: oh no\n"), printed)
			assert.Equal(t, name == "an exit status" || name == "without a word", strings.Contains(printed, "exit status"), printed)
			assert.Empty(t, m.inside)
		})
	}
	got := converseFrom(s, "GET /cgi/killed HTTP/1.1\r\nHost: a\r\n\r\n")
	assert.Equal(t, "200", statusesIn(got))
	assert.True(t, strings.HasSuffix(got, "5\r\nhalf\n\r\n"), "%q", got)
}

// TestCGIFull ensures that nothing stays of content that was stored for a program
// which cannot be started, because too many are running.
func TestCGIFull(t *testing.T) {
	stored := t.TempDir()
	t.Setenv("TMPDIR", stored)
	s, _ := newScripts(t, map[string]string{"a": ""})
	m := s.routes[0].upstreams.all[0].means.(*cgi)
	for range scriptLimit {
		m.inside <- struct{}{}
	}
	m.waiting.Store(waitingLimit)
	got := converseFrom(s, "POST /cgi/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
	assert.Equal(t, "503", statusesIn(got))
	assert.Empty(t, storedIn(stored))

	h := handoverOf(t, "GET /cgi/a HTTP/1.1\r\nHost: a\r\n\r\n")
	h.segments = []string{"a"}
	h.Client.out.WriteString("the answer before")
	_, err := m.hand(h)
	assert.Equal(t, 503, statusOf(err))
	assert.Equal(t, "the answer before", h.Client.conn.(placed).Conn.(*fakeConn).out.String(), "it does not wait, too")
}

// TestCGISecond ensures that the next upstream looks for the whole name when a
// program could not be started.
func TestCGISecond(t *testing.T) {
	s, first := newScripts(t, map[string]string{"a": ""})
	_, second := newScripts(t, map[string]string{"a": "printf \"Content-Type: a/b\\n\\n$SCRIPT_NAME $PATH_INFO\""})
	require.NoError(t, os.WriteFile(filepath.Join(first, "a"), []byte("#!/there/is/none\n"), 0o777))
	routes, err := parseRoutes([]string{"/cgi=cgi:" + first + ",cgi:" + second})
	require.NoError(t, err)
	s.routes = routes
	for _, u := range routes[0].upstreams.all {
		defer u.means.(*cgi).directory.Close()
	}
	got := converseFrom(s, "GET /cgi/a/x HTTP/1.0\r\n\r\n")
	assert.True(t, strings.HasSuffix(got, "\r\n\r\n/cgi/a /x"), "%q", got)
}

// TestCGIClientLeaves ensures that a program is ended with all that it has started
// when nobody waits for it any more.
func TestCGIClientLeaves(t *testing.T) {
	s, directory := newScripts(t, map[string]string{
		"hang": "mkfifo alive\nsleep 1000 > alive &\necho $! > child\nmv child pid\nprintf 'Content-Type: a/b\\n\\nhello'\nwait",
	})
	done := make(chan struct{})
	client, err := net.Dial("tcp", listenFor(t, func(conn net.Conn) {
		defer close(done)
		s.handle(conn)
	}))
	require.NoError(t, err)
	client.SetDeadline(time.Now().Add(time.Minute))
	io.WriteString(client, "GET /cgi/hang HTTP/1.1\r\nHost: a\r\n\r\n")
	alive, err := openWhenThere(filepath.Join(directory, "alive"))
	require.NoError(t, err)
	defer alive.Close()
	got := make([]byte, 10)
	_, err = client.Read(got)
	require.NoError(t, err)
	client.Close()
	alive.SetReadDeadline(time.Now().Add(time.Minute))
	_, err = alive.Read(got)
	assert.Equal(t, io.EOF, err, "the last one that had it open has ended")
	<-done // The log is for the next test.
}

// openWhenThere opens a pipe as soon as it is there.
func openWhenThere(path string) (file *os.File, err error) {
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(time.Millisecond) {
		if file, err = os.Open(path); err == nil {
			return file, nil
		}
	}
	return nil, err
}
