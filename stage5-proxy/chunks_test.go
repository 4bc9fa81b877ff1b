package main

import (
	"bufio"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestWriteChunk ensures how content is written in chunks, to the byte.
func TestWriteChunk(t *testing.T) {
	tests := map[string]struct {
		chunks   []string
		trailers []Field
		want     string
	}{
		"no content":      {nil, nil, "0\r\n\r\n"},
		"a chunk":         {[]string{"hello"}, nil, "5\r\nhello\r\n0\r\n\r\n"},
		"the sizes":       {[]string{strings.Repeat("a", 10), strings.Repeat("b", 256)}, nil, "a\r\naaaaaaaaaa\r\n100\r\n" + strings.Repeat("b", 256) + "\r\n0\r\n\r\n"},
		"ends of lines":   {[]string{"\r\n0\r\n\r\n"}, nil, "7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n"},
		"fields after it": {[]string{"a"}, []Field{{"A", "b"}, {"C", ""}}, "1\r\na\r\n0\r\nA: b\r\nC: \r\n\r\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got strings.Builder
			out := bufio.NewWriterSize(&got, 16)
			for _, chunk := range test.chunks {
				assert.NoError(t, writeChunk(out, []byte(chunk)))
			}
			writeLastChunk(out, test.trailers)
			out.Flush()
			assert.Equal(t, test.want, got.String())
			content, rest, err := readChunks(strings.NewReader(got.String()), lineLimit)
			assert.NoError(t, err)
			assert.Equal(t, strings.Join(test.chunks, ""), content)
			assert.Empty(t, rest)
		})
	}
}

// TestWriteChunkFails ensures that who writes a chunk hears that it got nowhere.
func TestWriteChunkFails(t *testing.T) {
	out := bufio.NewWriterSize(brokenWriter{}, 16)
	assert.ErrorIs(t, writeChunk(out, make([]byte, 100)), errBroken)
}

// errBroken is what a brokenWriter says.
var errBroken = errors.New("broken")

// A brokenWriter writes nothing.
type brokenWriter struct{}

// Write returns errBroken.
func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }
