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
		"with its fields":         {&statusError{status: 405, header: allowed, cause: errors.New("secret")}, 405, allowed},
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
// each that is not 2xx or 304 has a page with a sentence.
func TestStatusPages(t *testing.T) {
	for status, reason := range reasons {
		if status >= 300 && status != 304 {
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

// TestStatusPageAlternatives ensures that the page of a 406 leads to what there
// is, and that no other page has anything of it.
func TestStatusPageAlternatives(t *testing.T) {
	refused := notAcceptable([]string{"/a%20b.json", "/<b>.html"}, []string{"application/json", "text/html"})
	got := page(t, errorResponse(refused))
	assert.Contains(t, got, `<a href="/a%20b.json">/a%20b.json</a> (application/json)`)
	assert.Contains(t, got, "&lt;b&gt;")
	assert.NotContains(t, got, "<b>")
	assert.NotContains(t, page(t, statusResponse(406, "")), "<a ", "what is made for one client is not kept for others")
}

// TestStatusPagesKept ensures that the pages which are made once are those that
// would be made each time.
func TestStatusPagesKept(t *testing.T) {
	assert.Len(t, statusPages, len(explanations))
	for status, kept := range statusPages {
		assert.Equal(t, makePage(status, "", nil), kept)
	}
}
