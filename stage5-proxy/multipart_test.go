package main

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestManyParts ensures that another program can read several parts (RFC 9110,
// 14.6), from memory and from a file.
func TestManyParts(t *testing.T) {
	s := newServer(t)
	var every []byte
	for b := range 256 {
		every = append(every, byte(b))
	}
	long := bytes.Repeat(every, 1+keptLimit/256)
	writeSettled(t, s, "short.html", string(every))
	writeSettled(t, s, "long.html", string(long))
	for target, whole := range map[string][]byte{"/short.html": every, "/long.html": long} {
		for _, ranges := range [][][2]int{{{0, 1}, {250, 255}}, {{13, 13}, {10, 10}, {0, 0}}, {{0, 127}, {128, 255}}, {{5, 9}, {7, 11}}} {
			t.Run(fmt.Sprint(target, ranges), func(t *testing.T) {
				var specs []string
				for _, r := range ranges {
					specs = append(specs, fmt.Sprintf("%d-%d", r[0], r[1]))
				}
				response, content := ask(t, s, target, Field{"Range", "bytes=" + strings.Join(specs, ",")})
				assert.Equal(t, 206, response.Status)
				assert.Empty(t, valueOf(t, response, "Content-Range"), "each part has one of its own (RFC 9110, 15.3.7.2)")
				assert.NotEmpty(t, valueOf(t, response, "ETag"))
				mediaType, parameters, err := mime.ParseMediaType(valueOf(t, response, "Content-Type"))
				require.NoError(t, err)
				assert.Equal(t, "multipart/byteranges", mediaType)
				parts := multipart.NewReader(strings.NewReader(content), parameters["boundary"])
				for _, r := range ranges {
					part, err := parts.NextRawPart()
					require.NoError(t, err)
					assert.Equal(t, "text/html; charset=utf-8", part.Header.Get("Content-Type"))
					assert.Equal(t, fmt.Sprintf("bytes %d-%d/%d", r[0], r[1], len(whole)), part.Header.Get("Content-Range"))
					got, err := io.ReadAll(part)
					assert.NoError(t, err)
					assert.Equal(t, whole[r[0]:r[1]+1], got)
				}
				_, err = parts.NextRawPart()
				assert.ErrorIs(t, err, io.EOF)
			})
		}
	}
}

// TestManyPartsForm ensures the parts to the byte, the fields of the whole, and
// that closing them closes the whole.
func TestManyPartsForm(t *testing.T) {
	whole := whole(`"x"`, old)
	header := fmt.Sprint(whole.Header)
	content := &closeCounter{ReadSeeker: strings.NewReader("hello\n"), ReaderAt: strings.NewReader("hello\n")}
	whole.Content = content
	response := manyParts(whole, content, []byteRange{{0, 1}, {4, 2}})
	boundary, found := strings.CutPrefix(valueOf(t, response, "Content-Type"), "multipart/byteranges; boundary=")
	require.True(t, found)
	assert.Regexp(t, "^[A-Za-z0-9]{20,70}$", boundary)
	assert.Equal(t, "--"+boundary+"\r\nContent-Type: image/png\r\nContent-Range: bytes 0-0/6\r\n\r\nh"+
		"\r\n--"+boundary+"\r\nContent-Type: image/png\r\nContent-Range: bytes 4-5/6\r\n\r\no\n"+
		"\r\n--"+boundary+"--\r\n", page(t, response))
	assert.Equal(t, header, fmt.Sprint(whole.Header), "the whole is as it was")
	assert.Zero(t, content.closed)
	response.close()
	assert.Equal(t, 1, content.closed)
	other := manyParts(whole, content, []byteRange{{0, 1}, {4, 2}})
	assert.NotEqual(t, valueOf(t, response, "Content-Type"), valueOf(t, other, "Content-Type"), "a boundary that can be foretold can be in a file")
}
