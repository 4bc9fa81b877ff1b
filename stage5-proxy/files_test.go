package main

import (
	"bytes"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// old is a time so long ago that a file of then is settled.
var old = time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)

// writeSettled writes a file, or writes it anew, and lets it look old.
func writeSettled(t *testing.T, s *server, name, content string) {
	require.NoError(t, s.root.WriteFile(name, []byte(content), 0o666))
	require.NoError(t, s.root.Chtimes(name, old, old))
}

// recent is a time at which a file of then is not settled, and one of old is.
var recent = old.Add(time.Hour)

// writeRecent writes a file, and lets it look recent.
func writeRecent(t *testing.T, s *server, name, content string) {
	require.NoError(t, s.root.WriteFile(name, []byte(content), 0o666))
	require.NoError(t, s.root.Chtimes(name, recent, recent))
}

// atRecent tests something while a clock stands still at that time. By the real
// one, a file is settled before the end of a test where that takes a while.
func atRecent(t *testing.T, test func(t *testing.T)) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(recent))
		test(t)
	})
}

// ask returns the response to GET with some fields, and its content, which is
// read and closed.
func ask(t *testing.T, s *server, target string, fields ...Field) (*Response, string) {
	response := s.respond(Request{Method: "GET", Target: target, Version: "HTTP/1.1", Fields: fields, Received: time.Now()}, nil)
	defer response.close()
	if response.Content == nil {
		return response, ""
	}
	content, err := io.ReadAll(io.LimitReader(response.Content, response.Length))
	require.NoError(t, err)
	require.Equal(t, response.Length, int64(len(content)))
	return response, string(content)
}

// valueOf returns the value of a field of a response, which must not stand
// twice; it is empty where there is none.
func valueOf(t *testing.T, response *Response, name string) string {
	found := values(response.Header, name)
	require.LessOrEqual(t, len(found), 1, "%v", response.Header)
	return strings.Join(found, "")
}

// TestFindEveryByte ensures that a file of all bytes comes back as it was.
func TestFindEveryByte(t *testing.T) {
	var every []byte
	for b := range 256 {
		every = append(every, byte(b))
	}
	s := newServer(t)
	require.NoError(t, s.root.WriteFile("every.bin", every, 0o666))
	response, err := s.find(Request{Target: "/every.bin"})
	require.NoError(t, err)
	defer response.Content.(io.Closer).Close()
	got, err := io.ReadAll(response.Content)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(every, got))
	assert.Equal(t, int64(256), response.Length)
}

// TestFindDirectory ensures when a directory is its index.html, and when it is
// a listing.
func TestFindDirectory(t *testing.T) {
	tests := map[string]struct {
		make func(root *os.Root) error
		want string
	}{
		"empty":                     {func(*os.Root) error { return nil }, "<h1>Files in /</h1>"},
		"with an index.html":        {func(root *os.Root) error { return root.WriteFile("index.html", []byte("home"), 0o666) }, "home"},
		"index.html is a directory": {func(root *os.Root) error { return root.Mkdir("index.html", 0o777) }, `<a href="/index.html/">`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			require.NoError(t, test.make(s.root))
			response, err := s.find(Request{Target: "/"})
			require.NoError(t, err)
			got, err := io.ReadAll(response.Content)
			require.NoError(t, err)
			if closer, ok := response.Content.(io.Closer); ok {
				closer.Close()
			}
			assert.Contains(t, string(got), test.want)
		})
	}
}

// TestFindIndexOutside ensures that an index.html that leads outside of the
// document root is an error, and no reason to show the listing.
func TestFindIndexOutside(t *testing.T) {
	s := newServer(t)
	outside := filepath.Join(t.TempDir(), "secret.html")
	require.NoError(t, os.WriteFile(outside, []byte("secret"), 0o666))
	if err := os.Symlink(outside, filepath.Join(s.root.Name(), "index.html")); err != nil {
		t.Skip("this system lets no program make links")
	}
	_, err := s.find(Request{Target: "/"})
	assert.Equal(t, 403, statusOf(err), "%v", err)
}

// TestFindRedirect ensures that a directory is found under its name with the
// slash, and that the way there is written such that every client finds it.
func TestFindRedirect(t *testing.T) {
	s := newServer(t)
	require.NoError(t, s.root.MkdirAll("sub/a b", 0o777))
	tests := map[string]string{
		"/sub":                        "/sub/",
		"/sub/a%20b":                  "/sub/a%20b/",
		"/s%75b":                      "/sub/",
		"/sub?":                       "/sub/?",
		"/sub?x=/../y&z?":             "/sub/?x=/../y&z?",
		"http://evil.example/sub?x=1": "/sub/?x=1",
	}
	for target, want := range tests {
		t.Run(target, func(t *testing.T) {
			response, err := s.find(Request{Target: target})
			require.NoError(t, err)
			assert.Equal(t, 301, response.Status)
			assert.Contains(t, response.Header, Field{"Location", want})
		})
	}
}

// TestFindDiskFails ensures that a file which cannot be read is a 500 as long as
// there is time to say so, whose page tells nothing about this machine. Linux
// has a file that fails so: the speed of the loopback interface, which has none.
func TestFindDiskFails(t *testing.T) {
	const folder = "/sys/devices/virtual/net/lo"
	if _, err := os.Stat(filepath.Join(folder, "speed")); err != nil {
		t.Skip("this system has no file that fails")
	}
	root, err := os.OpenRoot(folder)
	require.NoError(t, err)
	defer root.Close()
	var printed bytes.Buffer
	log.SetOutput(&printed)
	defer log.SetOutput(os.Stderr)
	s := &server{root: root, quiet: true}
	response := s.respond(Request{Method: "GET", Target: "/speed"}, nil)
	assert.Equal(t, 500, response.Status)
	page, err := io.ReadAll(response.Content)
	require.NoError(t, err)
	assert.NotContains(t, string(page), "argument")
	assert.NotContains(t, string(page), "speed")
	assert.Regexp(t, `GET /speed: 500: read \S*speed: invalid argument`, printed.String())
}

// TestFindRootFails ensures that a document root which is not there any more is
// the fault of the server, whether a file is asked for or a listing.
func TestFindRootFails(t *testing.T) {
	s := newServer(t)
	directory, err := s.root.Open(".")
	require.NoError(t, err)
	require.NoError(t, directory.Close())
	_, err = s.listing(Request{}, directory, ".")
	assert.Equal(t, 500, statusOf(err), "%v", err)
	require.NoError(t, s.root.Close())
	_, err = s.find(Request{Target: "/hello.txt"})
	assert.Equal(t, 500, statusOf(err), "%v", err)
}

// TestFindClosesFiles ensures that no request leaves a file open, whatever it
// asks for. Only Linux counts them where a program can see it.
func TestFindClosesFiles(t *testing.T) {
	open := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("this system does not show what is open")
		}
		return len(entries)
	}
	s := newServer(t)
	require.NoError(t, s.root.WriteFile("a.txt", []byte("a"), 0o666))
	require.NoError(t, s.root.MkdirAll("home/index.html", 0o777))
	require.NoError(t, s.root.MkdirAll("page", 0o777))
	require.NoError(t, s.root.WriteFile("page/index.html", []byte("a"), 0o666))
	require.NoError(t, s.root.WriteFile("b.txt", bytes.Repeat([]byte("b"), keptLimit+1), 0o666))
	writeSettled(t, s, "c.txt", strings.Repeat("c", keptLimit+1))
	writeSettled(t, s, "d.txt", "d")
	fields := [][]Field{nil, {{"Accept", "image/png"}}, {{"Accept-Encoding", "gzip"}}, {{"Accept-Encoding", "*;q=0"}}, {{"If-Match", `"x"`}},
		{{"If-None-Match", "*"}}, {{"Range", "bytes=0-0"}}, {{"Range", "bytes=0-0,2-2"}}, {{"Range", "bytes=99999999-"}}}
	// The garbage collector would close what was left open, sooner or later.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	before := open()
	for i := range 50 {
		s.memory.files.remove("d.txt")
		for _, target := range []string{"/", "/a.txt", "/a.txt/", "/home", "/home/", "/page/", "/missing", "/../x", "/a", "/b.txt", "/c.txt", "/d.txt"} {
			for _, method := range []string{"GET", "HEAD", "OPTIONS", "PUT"} {
				client, conn := net.Pipe()
				go io.Copy(io.Discard, client)
				writeTo(conn, s.respond(Request{Method: method, Target: target, Fields: fields[i%len(fields)]}, nil))
				conn.Close()
			}
		}
	}
	assert.Less(t, open(), before+5)
}
