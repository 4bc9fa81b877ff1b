package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

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
