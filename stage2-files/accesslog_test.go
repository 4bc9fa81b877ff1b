package main

import (
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
