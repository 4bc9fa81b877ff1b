package main

import (
	"bytes"
	"errors"
	"log"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

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

// TestLogCause ensures who is told why something went wrong: the log, always
// where the server is at fault, else unless it is quiet.
func TestLogCause(t *testing.T) {
	request := Request{Method: "GET", Target: "/a\x1b"}
	tests := map[string]struct {
		quiet bool
		err   error
		want  string
	}{
		"the client's fault":        {false, refuse(404, "no %q", "a"), `GET /a\x1b: 404: no "a"`},
		"the client's, and quiet":   {true, refuse(404, "no %q", "a"), ""},
		"the server's fault":        {false, refuse(500, "disk\x1b"), `GET /a\x1b: 500: disk?`},
		"the server's, and quiet":   {true, refuse(500, "disk\x1b"), `GET /a\x1b: 500: disk?`},
		"more than is good":         {false, refuse(400, "%s!", strings.Repeat("a", 1000)), strings.Repeat("a", 495) + "\n"},
		"without a code, and quiet": {true, errors.New("disk"), `GET /a\x1b: disk`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var printed bytes.Buffer
			log.SetOutput(&printed)
			defer log.SetOutput(os.Stderr)
			(&server{quiet: test.quiet}).logCause(request, test.err)
			if test.want == "" {
				assert.Empty(t, printed.String())
			} else {
				assert.Contains(t, printed.String(), test.want)
			}
		})
	}
}
