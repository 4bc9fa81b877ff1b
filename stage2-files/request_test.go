package main

import (
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// read returns what readRequest makes of a client that sends something and
// leaves.
func read(sent string) (Request, error) {
	client, conn := net.Pipe()
	defer conn.Close()
	go func() {
		io.WriteString(client, sent)
		client.Close()
	}()
	return readRequest(conn)
}

// TestReadRequest ensures the first way in which reading ends: a request.
func TestReadRequest(t *testing.T) {
	want := Request{Method: "GET", Target: "/a?b"}
	tests := map[string]string{
		"whole":                  "GET /a?b HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"no fields":              "GET /a?b HTTP/1.1\r\n\r\n",
		"lone LF":                "GET /a?b HTTP/1.1\nHost: localhost\n\n",
		"content after the head": "GET /a?b HTTP/1.1\r\n\r\nx=1",
		"an older version":       "GET /a?b HTTP/1.0\r\n\r\n",
		"the limit, to the byte": "GET /a?b HTTP/1.1\r\n" + strings.Repeat("a", headLimit-23) + "\r\n\r\n",
	}
	for name, sent := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := read(sent)
			assert.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
}

// TestReadRequestMalformed ensures the second: a head that makes no sense.
func TestReadRequestMalformed(t *testing.T) {
	tests := map[string]string{
		"no version":              "GET /\r\n\r\n",
		"only a method":           "GET\r\n\r\n",
		"an empty line at first":  "\r\nGET / HTTP/1.1\r\n\r\n",
		"no method":               " / HTTP/1.1\r\n\r\n",
		"no target":               "GET  HTTP/1.1\r\n\r\n",
		"two spaces":              "GET  / HTTP/1.1\r\n\r\n",
		"a space too many":        "GET / HTTP/1.1 \r\n\r\n",
		"a target with a space":   "GET /a b HTTP/1.1\r\n\r\n",
		"no slash in the version": "GET / HTTPS\r\n\r\n",
		"another protocol":        "GET / FTP/1.1\r\n\r\n",
		"a tab":                   "GET\t/\tHTTP/1.1\r\n\r\n",
		"words":                   "good morning to you\r\n\r\n",
		"a response":              "HTTP/1.1 200 OK\r\n\r\n",
		"the greeting of TLS":     "\x16\x03\x01\x02\x00\x01\n\n",
		"bytes that are no UTF-8": "\xff\xfe\r\n\r\n",
	}
	for name, sent := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := read(sent)
			assert.ErrorIs(t, err, errNotFound)
			assert.NotErrorIs(t, err, errGone)
			assert.Empty(t, got)
		})
	}
}

// TestReadRequestGone ensures the third, by a request that is cut shorter and
// shorter: the client has left, or has said too much.
func TestReadRequestGone(t *testing.T) {
	tests := map[string]string{
		"half an empty line":       "GET / HTTP/1.1\r\nHost: localhost\r\n\r",
		"a CR too many":            "GET / HTTP/1.1\r\n\r\r\n",
		"a line of spaces":         "GET / HTTP/1.1\r\n  \r\n",
		"no empty line":            "GET / HTTP/1.1\r\nHost: localhost\r\n",
		"half a field line":        "GET / HTTP/1.1\r\nHost: lo",
		"request line only":        "GET / HTTP/1.1\r\n",
		"half a line end":          "GET / HTTP/1.1\r",
		"half a version":           "GET / HTT",
		"half a request line":      "GET /",
		"nothing":                  "",
		"one byte over the limit":  "GET /a?b HTTP/1.1\r\n" + strings.Repeat("a", headLimit-22) + "\r\n\r\n",
		"a line that never ends":   strings.Repeat("a", 2*headLimit),
		"fields that never end":    "GET / HTTP/1.1\r\n" + strings.Repeat("A: b\r\n", headLimit),
		"words, and then no more":  "good morning to you",
		"malformed, but not whole": "GET  / HTTP/1.1\r\n",
	}
	for name, sent := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := read(sent)
			assert.ErrorIs(t, err, errGone)
		})
	}
}

// FuzzReadRequest ensures that whatever is sent, reading ends in one of the
// three ways, and that a request has both its parts.
func FuzzReadRequest(f *testing.F) {
	for _, sent := range []string{"GET / HTTP/1.1\r\n\r\n", "GET /\r\n\r\n", "\n\n", "a b HTTP/\n\n", "GET / HTTP/1.1\r\n"} {
		f.Add(sent)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		request, err := read(sent)
		if err != nil {
			assert.Empty(t, request)
			return
		}
		assert.NotEmpty(t, request.Method)
		assert.NotEmpty(t, request.Target)
		assert.True(t, strings.HasPrefix(sent, request.Method+" "+request.Target+" HTTP/"), "%q became %+v", sent, request)
	})
}
