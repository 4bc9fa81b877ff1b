package main

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestPersists ensures who wants to go on (RFC 9112, 9.3).
func TestPersists(t *testing.T) {
	tests := map[string]struct {
		version string
		values  []string
		want    bool
	}{
		"HTTP/1.1":                      {"HTTP/1.1", nil, true},
		"HTTP/1.1, close":               {"HTTP/1.1", []string{"close"}, false},
		"HTTP/1.1, Close":               {"HTTP/1.1", []string{"Close"}, false},
		"HTTP/1.1, keep-alive":          {"HTTP/1.1", []string{"keep-alive"}, true},
		"HTTP/1.1, close in a list":     {"HTTP/1.1", []string{"te ,\tclose"}, false},
		"HTTP/1.1, close in two lines":  {"HTTP/1.1", []string{"te", "close"}, false},
		"HTTP/1.1, close and not":       {"HTTP/1.1", []string{"keep-alive, close"}, false},
		"HTTP/1.1, another option":      {"HTTP/1.1", []string{"closed"}, true},
		"HTTP/1.1, another letter":      {"HTTP/1.1", []string{"clo\u017fe"}, true},
		"HTTP/1.1, an empty value":      {"HTTP/1.1", []string{""}, true},
		"HTTP/1.9":                      {"HTTP/1.9", nil, true},
		"HTTP/1.0":                      {"HTTP/1.0", nil, false},
		"HTTP/1.0, keep-alive":          {"HTTP/1.0", []string{"keep-alive"}, true},
		"HTTP/1.0, Keep-Alive":          {"HTTP/1.0", []string{"Keep-Alive"}, true},
		"HTTP/1.0, close":               {"HTTP/1.0", []string{"close"}, false},
		"HTTP/1.0, close and not":       {"HTTP/1.0", []string{"close", "keep-alive"}, false},
		"HTTP/1.0, keep-alive in lines": {"HTTP/1.0", []string{"te", "x, keep-alive"}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			request := Request{Version: test.version}
			for _, value := range test.values {
				request.Fields = append(request.Fields, Field{"connection", value})
			}
			assert.Equal(t, test.want, persists(request))
		})
	}
}

// TestConnectionOption ensures what a response says of its connection.
func TestConnectionOption(t *testing.T) {
	keep := []Field{{"Connection", "keep-alive"}}
	tests := map[string]struct {
		request  Request
		err      error
		stopping bool
		want     string
	}{
		"it goes on":                   {Request{Version: "HTTP/1.1"}, nil, false, ""},
		"it is told that it goes on":   {Request{Version: "HTTP/1.0", Fields: keep}, nil, false, "keep-alive"},
		"it need not be told":          {Request{Version: "HTTP/1.1", Fields: keep}, nil, false, ""},
		"it does not know how":         {Request{Version: "HTTP/1.0"}, nil, false, "close"},
		"it does not want to":          {Request{Version: "HTTP/1.1", Fields: []Field{{"Connection", "close"}}}, nil, false, "close"},
		"it was no request":            {Request{Version: "HTTP/1.1"}, errors.New("none"), false, "close"},
		"nothing of it was understood": {Request{}, errors.New("none"), false, "close"},
		"the server ends":              {Request{Version: "HTTP/1.1"}, nil, true, "close"},
		"the server ends, whatever":    {Request{Version: "HTTP/1.0", Fields: keep}, nil, true, "close"},
		"content was left":             {Request{Version: "HTTP/1.1", Content: &Content{}}, nil, false, "close"},
		"content was left, whatever":   {Request{Version: "HTTP/1.0", Fields: keep, Content: &Content{}}, nil, false, "close"},
		"content was read":             {Request{Version: "HTTP/1.1", Content: readContent()}, nil, false, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := new(server)
			s.stopping.Store(test.stopping)
			assert.Equal(t, test.want, s.connectionOption(test.request, &Response{}, test.err))
		})
	}
}

// readContent returns content that was read to its end.
func readContent() *Content {
	content := &Content{}
	content.done.Store(true)
	return content
}
