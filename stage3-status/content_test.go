package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestContentLength ensures how much content a request says that it has, or
// what is wrong with that (RFC 9112, 6.3).
func TestContentLength(t *testing.T) {
	tests := map[string]struct {
		fields []Field
		want   int64
		status int
	}{
		"it does not say":        {nil, 0, 200},
		"none":                   {[]Field{{"Content-Length", "0"}}, 0, 200},
		"some":                   {[]Field{{"content-length", "42"}}, 42, 200},
		"zeros before":           {[]Field{{"Content-Length", "0042"}}, 42, 200},
		"the largest number":     {[]Field{{"Content-Length", "9223372036854775807"}}, 1<<63 - 1, 200},
		"one more":               {[]Field{{"Content-Length", "9223372036854775808"}}, 0, 413},
		"thirty digits":          {[]Field{{"Content-Length", "100000000000000000000000000000"}}, 0, 413},
		"twice":                  {[]Field{{"Content-Length", "1"}, {"Content-Length", "2"}}, 0, 400},
		"twice the same":         {[]Field{{"Content-Length", "1"}, {"Content-Length", "1"}}, 0, 400},
		"a list":                 {[]Field{{"Content-Length", "1, 1"}}, 0, 400},
		"negative":               {[]Field{{"Content-Length", "-1"}}, 0, 400},
		"a plus sign":            {[]Field{{"Content-Length", "+1"}}, 0, 400},
		"hexadecimal":            {[]Field{{"Content-Length", "0x10"}}, 0, 400},
		"hexadecimal, no prefix": {[]Field{{"Content-Length", "1f"}}, 0, 400},
		"a point":                {[]Field{{"Content-Length", "1.0"}}, 0, 400},
		"an underscore":          {[]Field{{"Content-Length", "1_0"}}, 0, 400},
		"a digit beyond ASCII":   {[]Field{{"Content-Length", "١"}}, 0, 400},
		"empty":                  {[]Field{{"Content-Length", ""}}, 0, 400},
		"a coding":               {[]Field{{"Transfer-Encoding", "chunked"}}, 0, 501},
		"a coding nobody knows":  {[]Field{{"Transfer-Encoding", "\vchunked"}}, 0, 501},
		"a coding and a length":  {[]Field{{"Content-Length", "3"}, {"transfer-encoding", "chunked"}}, 0, 400},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := contentLength(test.fields)
			assert.Equal(t, test.status, statusOf(err), "%v", err)
			assert.Equal(t, test.want, got)
		})
	}
}
