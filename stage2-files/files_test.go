package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFindEveryByte ensures that a file of all bytes comes back as it was.
func TestFindEveryByte(t *testing.T) {
	var every []byte
	for b := range 256 {
		every = append(every, byte(b))
	}
	s := newServer(t)
	require.NoError(t, s.root.WriteFile("every.bin", every, 0o666))
	response, err := s.find("/every.bin")
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
			response, err := s.find("/")
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
	_, err := s.find("/")
	assert.ErrorIs(t, err, errNotFound)
}

// TestListingLimit ensures that a listing shows at most listingLimit entries,
// and says so.
func TestListingLimit(t *testing.T) {
	tests := []struct{ files, want int }{
		{listingLimit, listingLimit},
		{listingLimit + 1, listingLimit},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.files), func(t *testing.T) {
			files := fstest.MapFS{}
			for i := range test.files {
				files[fmt.Sprint(i)] = &fstest.MapFile{}
			}
			directory, err := files.Open(".")
			require.NoError(t, err)
			response, err := newServer(t).listing(directory.(fs.ReadDirFile), ".")
			require.NoError(t, err)
			page, err := io.ReadAll(response.Content)
			require.NoError(t, err)
			assert.Equal(t, test.want, strings.Count(string(page), "<li>"))
			assert.Equal(t, test.files > test.want, strings.Contains(string(page), "There are more files"))
			assert.Equal(t, int64(len(page)), response.Length)
		})
	}
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
	before := open()
	for range 50 {
		for _, target := range []string{"/", "/a.txt", "/a.txt/", "/home/", "/page/", "/missing", "/../x"} {
			client, conn := net.Pipe()
			go io.Copy(io.Discard, client)
			s.respond(Request{Method: "GET", Target: target}, nil).write(conn)
			conn.Close()
		}
	}
	assert.Less(t, open(), before+50)
}

// TestWriteNobodyThere ensures that nothing counts as sent to a client that has
// left before the head.
func TestWriteNobodyThere(t *testing.T) {
	client, conn := net.Pipe()
	client.Close()
	assert.Zero(t, pageResponse(200, "hello").write(conn))
}

// TestHead ensures the head of a response, to the byte.
func TestHead(t *testing.T) {
	response := Response{Status: 404, Header: []Field{{"A", "1"}, {"B", "2"}}, Length: 6}
	assert.Equal(t, "HTTP/1.1 404 Not Found\r\nA: 1\r\nB: 2\r\nContent-Length: 6\r\nConnection: close\r\n\r\n", response.head())
}

// TestMediaType ensures that a name has the same media type on every system.
func TestMediaType(t *testing.T) {
	tests := []struct{ name, want string }{
		{"a.html", "text/html; charset=utf-8"},
		{"a.HTML", "text/html; charset=utf-8"},
		{"a.b.css", "text/css; charset=utf-8"},
		{"a.js", "text/javascript; charset=utf-8"},
		{"a.mjs", "text/javascript; charset=utf-8"},
		{"a.txt", "text/plain; charset=utf-8"},
		{"a.json", "application/json"},
		{"a.svg", "image/svg+xml"},
		{"a.png", "image/png"},
		{"a.ico", "image/vnd.microsoft.icon"},
		{"a.zip", "application/zip"},
		{"a.q7z", "application/octet-stream"},
		{"README", "application/octet-stream"},
		{"html", "application/octet-stream"},
		{"a.", "application/octet-stream"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, mediaType(test.name))
		})
	}
}

// TestVisible ensures that nothing a client says can steer a terminal.
func TestVisible(t *testing.T) {
	tests := []struct{ said, want string }{
		{"/hello.txt?x=1", "/hello.txt?x=1"},
		{"/grün", "/grün"},
		{"", "-"},
		{"/\x1b[31m", `/\x1b[31m`},
		{"/a\r\nGET", `/a\r\nGET`},
		{"/\x00\xff", `/\x00\xff`},
		{"/\u202e", `/\u202e`},
	}
	for _, test := range tests {
		t.Run(test.want, func(t *testing.T) {
			assert.Equal(t, test.want, visible(test.said))
		})
	}
}
