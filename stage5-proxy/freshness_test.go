package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestCacheControl ensures what is asked for again each time, and what is not.
func TestCacheControl(t *testing.T) {
	tests := map[string]string{
		"text/html; charset=utf-8": "no-cache", "text/plain; charset=utf-8": "no-cache", "application/json": "no-cache",
		"application/octet-stream": "no-cache", "application/pdf": "no-cache", "text/csv": "no-cache", "imagery/png": "no-cache", "": "no-cache",
		"text/css; charset=utf-8": "max-age=60", "text/css": "max-age=60", "text/javascript; charset=utf-8": "max-age=60", "image/png": "max-age=60",
		"image/svg+xml": "max-age=60", "font/woff2": "max-age=60", "audio/mpeg": "max-age=60", "video/mp4": "max-age=60",
	}
	for mediaType, want := range tests {
		assert.Equal(t, want, cacheControl(mediaType), mediaType)
	}
}

// TestVary ensures that every response that could have been another one says so.
func TestVary(t *testing.T) {
	s := newReports(t)
	for _, target := range []string{"/", "/report.html", "/report", "/sub/a%20b.txt"} {
		for _, fields := range [][]Field{nil, {{"Accept", "*/*"}}, {{"Accept", "image/png"}}, {{"Accept-Encoding", "*;q=0"}}, {{"If-None-Match", "*"}}, {{"Range", "bytes=0-0"}}} {
			response, _ := ask(t, s, target, fields...)
			assert.Equal(t, "Accept, Accept-Encoding", valueOf(t, response, "Vary"), "%s %q", target, fields)
		}
	}
}
