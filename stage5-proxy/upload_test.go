package main

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestContentRead ensures what becomes of content that is read piece by piece: all
// of it, or an error that says who is to blame.
func TestContentRead(t *testing.T) {
	tests := map[string]struct {
		sent, want string
		status     int
	}{
		"a length":        {"Content-Length: 5\r\n\r\nhello", "hello", 0},
		"and more":        {"Content-Length: 5\r\n\r\nhelloGET", "hello", 0},
		"too little":      {"Content-Length: 5\r\n\r\nhell", "hell", 400},
		"nothing":         {"Content-Length: 5\r\n\r\n", "", 400},
		"chunks":          {"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "hello", 0},
		"no last chunk":   {"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n", "he", 400},
		"no chunk":        {"Transfer-Encoding: chunked\r\n\r\nx\r\n", "", 400},
		"a long chunk ln": {"Transfer-Encoding: chunked\r\n\r\n1;" + strings.Repeat("a", lineLimit) + "\r\n", "", 431},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			request, err := readRequest(connectionFor("PUT / HTTP/1.1\r\nHost: a\r\n" + test.sent))
			assert.NoError(t, err)
			content, err := io.ReadAll(request.Content)
			assert.Equal(t, test.want, string(content))
			assert.Equal(t, test.status != 0, request.Content.unread())
			if test.status == 0 {
				assert.NoError(t, err)
			} else {
				assert.Equal(t, test.status, statusOf(err))
			}
		})
	}
}

// TestContentIsHere ensures for which content nobody has to wait.
func TestContentIsHere(t *testing.T) {
	tests := map[string]bool{
		"\r\n":                                        true,
		"Content-Length: 5\r\n\r\nhello":              true,
		"Content-Length: 5\r\n\r\nhello, and on":      true,
		"Content-Length: 5\r\n\r\nhell":               false,
		"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n": false,
	}
	for sent, want := range tests {
		request, err := readRequest(connectionFor("PUT / HTTP/1.1\r\nHost: a\r\n" + sent))
		assert.NoError(t, err)
		assert.Equal(t, want, request.Content.isHere(), sent)
	}
}
