package main

import (
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// page returns the content of a response.
func page(t *testing.T, response *Response) string {
	content, err := io.ReadAll(response.Content)
	require.NoError(t, err)
	require.Equal(t, response.Length, int64(len(content)))
	return string(content)
}

// TestErrorResponse ensures what a client is told, and what it is not told.
func TestErrorResponse(t *testing.T) {
	allowed := []Field{{"Allow", "GET"}}
	tests := map[string]struct {
		err    error
		status int
		fields []Field
	}{
		"a refusal":               {refuse(404, "secret"), 404, nil},
		"with its fields":         {&statusError{405, allowed, errors.New("secret")}, 405, allowed},
		"try again":               {refuse(503, "secret"), 503, []Field{{"Retry-After", "10"}}},
		"an error without a code": {errors.New("secret"), 500, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			response := errorResponse(test.err)
			assert.Equal(t, test.status, response.Status)
			assert.Equal(t, append([]Field{{"Content-Type", "text/html; charset=utf-8"}}, test.fields...), response.Header)
			assert.NotContains(t, page(t, response), "secret")
		})
	}
}

// TestStatusPages ensures that every status code has a reason phrase, and that
// each that is not 200 has a page with a sentence.
func TestStatusPages(t *testing.T) {
	for status, reason := range reasons {
		if status != 200 {
			assert.Contains(t, explanations, status)
			assert.Contains(t, page(t, statusResponse(status, "")), "<h1>"+reason+"</h1>\n<p>")
		}
	}
	for status := range explanations {
		assert.Contains(t, reasons, status)
	}
}

// TestStatusPageEscapes ensures that a location is a link, and no markup.
func TestStatusPageEscapes(t *testing.T) {
	got := page(t, statusResponse(301, `/a"><script>alert(1)</script>/`))
	assert.NotContains(t, got, "<script>")
	assert.Contains(t, got, "&lt;script&gt;")
}
