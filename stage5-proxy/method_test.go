package main

import (
	"io"
	"log"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCheckMethod ensures which methods files have, which they do not have, and
// which nobody knows.
func TestCheckMethod(t *testing.T) {
	tests := map[string]int{
		"GET": 200, "HEAD": 200, "OPTIONS": 200,
		"CONNECT": 405, "DELETE": 405, "PATCH": 405, "POST": 405, "PUT": 405, "TRACE": 405,
		"get": 501, "Get": 501, "BREW": 501, "": 501,
	}
	for method, want := range tests {
		t.Run(method, func(t *testing.T) {
			err := checkMethod(method)
			assert.Equal(t, want, statusOf(err))
			if want == 405 {
				assert.Contains(t, err.(*statusError).header, Field{"Allow", "GET, HEAD, OPTIONS"})
			}
		})
	}
}

// zeros returns content of so many zero bytes, which have come already.
func zeros(length int64) *Content {
	c := new(server).newConnection(&fakeConn{})
	return &Content{conn: c, length: length, bytes: io.LimitReader(endlessZeros{}, length)}
}

// endlessZeros are zero bytes without end.
type endlessZeros struct{}

// Read reads as many as there is room for.
func (endlessZeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestPerform ensures what becomes of a request, by its method and its content.
func TestPerform(t *testing.T) {
	s := newServer(t)
	require.NoError(t, s.root.WriteFile("a.txt", []byte("hello\n"), 0o666))
	require.NoError(t, s.root.Mkdir("sub", 0o777))
	tests := map[string]struct {
		request Request
		want    int
	}{
		"GET":                   {Request{Method: "GET", Target: "/a.txt"}, 200},
		"GET with content":      {Request{Method: "GET", Target: "/a.txt", Content: zeros(contentLimit)}, 200},
		"GET with too much":     {Request{Method: "GET", Target: "/a.txt", Content: zeros(contentLimit + 1)}, 413},
		"PUT with too much":     {Request{Method: "PUT", Target: "/a.txt", Content: zeros(contentLimit + 1)}, 405},
		"PUT of what is not":    {Request{Method: "PUT", Target: "/b.txt"}, 405},
		"BREW with too much":    {Request{Method: "BREW", Target: "/a.txt", Content: zeros(contentLimit + 1)}, 501},
		"OPTIONS":               {Request{Method: "OPTIONS", Target: "/a.txt"}, 200},
		"OPTIONS of the server": {Request{Method: "OPTIONS", Target: "*"}, 200},
		"OPTIONS of a name":     {Request{Method: "OPTIONS", Target: "/sub"}, 301},
		"OPTIONS of nothing":    {Request{Method: "OPTIONS", Target: "/b.txt"}, 404},
		"GET of the server":     {Request{Method: "GET", Target: "*"}, 400},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			response, err := s.perform(test.request)
			if err != nil {
				assert.Equal(t, test.want, statusOf(err))
				return
			}
			assert.Equal(t, test.want, response.Status)
			response.close()
		})
	}
}

// TestRespondHead ensures that the response to HEAD is that to GET, to the byte of its
// head, without content: for files, pages and errors alike.
func TestRespondHead(t *testing.T) {
	s := newServer(t)
	writeSettled(t, s, "a.txt", "hello\n") // Else its tag could change in between.
	require.NoError(t, s.root.Mkdir("sub", 0o777))
	for _, target := range []string{"/a.txt", "/", "/sub", "/sub/", "/b.txt", "/../x", "/%"} {
		t.Run(target, func(t *testing.T) {
			get := s.respond(Request{Method: "GET", Target: target}, nil)
			head := s.respond(Request{Method: "HEAD", Target: target}, nil)
			get.Date, head.Date = "", ""
			assert.Equal(t, headOf(get), headOf(head))
			assert.False(t, get.NoContent)
			assert.True(t, head.NoContent)
			get.close()
			head.close()
		})
	}
}

// TestPerformPanics ensures that a panic is a 500. This one comes from a server
// that has no document root at all.
func TestPerformPanics(t *testing.T) {
	log.SetOutput(io.Discard)
	defer log.SetOutput(os.Stderr)
	_, err := new(server).perform(Request{Method: "GET", Target: "/"})
	assert.Equal(t, 500, statusOf(err), "%v", err)
}
