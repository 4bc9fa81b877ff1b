package main

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"strconv"
	"strings"
)

// A chunkedReader reads content that comes in chunks, each with its length
// before it. So a client can begin to send before it knows how much there is.
//
//	chunked-body = *chunk last-chunk trailer-section CRLF (RFC 9112, 7.1)
//	chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
//	last-chunk   = 1*("0") [ chunk-ext ] CRLF
type chunkedReader struct {
	in *bufio.Reader

	// left is how many bytes of the present chunk were not read yet.
	left int64

	// begun tells that there was a chunk before, whose data has a CRLF behind it.
	begun bool

	// err is what ended the content: io.EOF after the last chunk.
	err error
}

// checkCodings returns nil for the transfer coding chunked alone. With another
// one before it, it is a 501. Where chunked is not the last, nobody can know
// where the content ends, and where it stands twice neither: a 400 (RFC 9112,
// 6.1 and 6.3).
func checkCodings(codings []string) error {
	for i, coding := range codings {
		isLast, isChunked := i == len(codings)-1, equalFold(coding, "chunked")
		if isLast != isChunked {
			return refuse(400, "Transfer-Encoding %q", codings)
		}
	}
	switch len(codings) {
	case 0:
		return refuse(400, "an empty Transfer-Encoding")
	case 1:
		return nil
	}
	return refuse(501, "Transfer-Encoding %q", codings)
}

// Read reads content, out of one chunk at a time. The error is a 400 where the
// chunks are malformed.
func (r *chunkedReader) Read(p []byte) (int, error) {
	if r.left == 0 && r.err == nil {
		r.left, r.err = r.next()
	}
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.in.Read(p[:min(int64(len(p)), r.left)])
	if r.left -= int64(n); err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	r.err = err
	return n, err
}

// next returns the length of the next chunk. After the last one, which has none
// and is followed by the trailer section, it returns io.EOF.
func (r *chunkedReader) next() (int64, error) {
	if r.begun {
		if line, err := r.line(); err != nil || line != "" {
			return 0, cmp.Or(err, refuse(400, "chunk goes on with %q", line))
		}
	}
	r.begun = true
	line, err := r.line()
	if err != nil {
		return 0, err
	}
	size, err := chunkSize(line)
	if err != nil || size > 0 {
		return size, err
	}
	return 0, r.trailers()
}

// chunkSize returns the size in the line before a chunk. The extensions that
// may follow it mean nothing here.
//
//	chunk-size = 1*HEXDIG                               (RFC 9112, 7.1)
//	chunk-ext  = *( BWS ";" BWS chunk-ext-name
//	             [ BWS "=" BWS chunk-ext-val ] )        (RFC 9112, 7.1.1)
func chunkSize(line string) (int64, error) {
	digits, _, extended := strings.Cut(line, ";")
	if extended {
		digits = strings.TrimRight(digits, " \t")
	}
	// ParseUint takes digits and nothing else: no sign, no 0x, and no space.
	size, err := strconv.ParseUint(digits, 16, 63)
	if err != nil {
		return 0, refuse(400, "chunk size %q", line)
	}
	return int64(size), nil
}

// trailers reads the field lines that may follow the last chunk, and throws
// them away (RFC 9112, 7.1.2). After the empty line that ends them, it returns
// io.EOF.
func (r *chunkedReader) trailers() error {
	for range fieldsLimit + 1 { // The last line is the empty one.
		line, err := r.line()
		if err == nil && line == "" {
			return io.EOF
		}
		if err == nil {
			_, err = parseField(line)
		}
		if err != nil {
			return err
		}
	}
	return refuse(431, "more than %d trailer fields", fieldsLimit)
}

// line reads one line between the data and returns it without its end. Here, a
// lone LF ends nothing. Some programs take it for an end and others do not, and
// then one of them sees a request where the other sees content (RFC 9112, 11.2).
func (r *chunkedReader) line() (string, error) {
	line, err := r.in.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return "", refuse(431, "chunk line of more than %d bytes", lineLimit)
	case err == io.EOF:
		return "", io.ErrUnexpectedEOF
	case err != nil:
		return "", err
	}
	text, found := strings.CutSuffix(string(line), "\r\n")
	if !found || hasControl(text) {
		return "", refuse(400, "chunk line %q", line)
	}
	return text, nil
}
