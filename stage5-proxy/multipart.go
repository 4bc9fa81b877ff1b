package main

import (
	"crypto/rand"
	"io"
	"slices"
	"strings"
)

// seekable is content of which a part can be read.
type seekable interface {
	io.ReadSeeker
	io.ReaderAt
}

// manyParts makes the response that sends several parts of a content, each with
// a small head that says which one it is (RFC 9110, 14.6). Between them stands a
// line that occurs in none of them: it is made by chance, and long enough.
func manyParts(response *Response, content seekable, ranges []byteRange) *Response {
	boundary := rand.Text()
	contentType := values(response.Header, "Content-Type")[0]
	partial := *response
	partial.Status = 206
	partial.Header = slices.DeleteFunc(slices.Clone(response.Header), func(field Field) bool { return field.Name == "Content-Type" })
	partial.Header = append(partial.Header, Field{"Content-Type", "multipart/byteranges; boundary=" + boundary})
	partial.Length = 0
	var pieces []io.Reader
	text := func(text string) {
		pieces = append(pieces, strings.NewReader(text))
		partial.Length += int64(len(text))
	}
	for i, part := range ranges {
		if i > 0 {
			text("\r\n")
		}
		text("--" + boundary + "\r\nContent-Type: " + contentType +
			"\r\nContent-Range: " + part.contentRange(response.Length) + "\r\n\r\n")
		pieces = append(pieces, io.NewSectionReader(content, part.start, part.length))
		partial.Length += part.length
	}
	text("\r\n--" + boundary + "--\r\n")
	partial.Content = parts{io.MultiReader(pieces...), response}
	return &partial
}

// parts are the parts of a content, one after another. To close them closes the
// whole.
type parts struct {
	io.Reader
	whole *Response
}

// Close closes the content that the parts are of.
func (p parts) Close() error {
	p.whole.close()
	return nil
}
