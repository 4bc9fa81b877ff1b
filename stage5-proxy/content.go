package main

import (
	"errors"
	"io"
	"os"
	"strconv"
	"sync/atomic"
	"time"
)

const (
	// contentLimit is how many bytes of content a request may bring. There is no
	// use for any here, so it is a small number.
	contentLimit = 1 << 20

	// contentTime is how long that content may take.
	contentTime = time.Minute
)

// inChunks, as a length, is one that is not known before the content ends.
const inChunks = -1

// A Content is what follows the head of a request.
type Content struct {
	conn *connection

	// length is how many bytes there are, or inChunks.
	length int64

	// waited tells that the client waits for a word before it sends them.
	waited bool

	// bytes reads them, up to their end.
	bytes io.Reader

	// came is how many bytes were read.
	came int64

	// done tells that the end was reached, also to another goroutine.
	done atomic.Bool

	// file is where they are stored, if they are.
	file *os.File
}

// content returns the content that follows the head of a request, nil where
// there is none. The error is a 400, a 413, a 417 or a 501.
func (c *connection) content(request Request) (*Content, error) {
	length, err := contentLength(request.Fields)
	if err != nil {
		return nil, err
	}
	if length == inChunks && request.Version == version10 {
		return nil, refuse(400, "Transfer-Encoding in %s", version10)
	}
	waited, err := isWaiting(request)
	if err != nil || length == 0 {
		return nil, err
	}
	content := &Content{conn: c, length: length, waited: waited}
	if content.bytes = io.LimitReader(c.in, length); length == inChunks {
		content.bytes = &chunkedReader{in: c.in}
	}
	return content, nil
}

// contentLength returns how many bytes of content follow a head, 0 where it
// does not say. Where two fields could disagree, the next reader of the same
// bytes might believe the other one; so there must be no two (RFC 9112, 6.3).
// The error is a 400, a 413 or a 501.
//
//	Content-Length = 1*DIGIT (RFC 9110, 8.6)
func contentLength(fields []Field) (int64, error) {
	codings, lengths := values(fields, "Transfer-Encoding"), values(fields, "Content-Length")
	switch {
	case len(codings) > 0 && len(lengths) > 0:
		return 0, refuse(400, "Transfer-Encoding %q and Content-Length %q", codings, lengths)
	case len(codings) > 0:
		return inChunks, checkCodings(elements(codings))
	case len(lengths) == 0:
		return 0, nil
	case len(lengths) > 1:
		return 0, refuse(400, "Content-Length %q", lengths)
	}
	// ParseUint takes digits and nothing else: no sign, and no space.
	n, err := strconv.ParseUint(lengths[0], 10, 63)
	if errors.Is(err, strconv.ErrRange) {
		return 0, refuse(413, "Content-Length %q", lengths[0])
	}
	if err != nil {
		return 0, refuse(400, "Content-Length %q", lengths[0])
	}
	return int64(n), nil
}

// unread reports whether some of the content was not read, so that the next
// request cannot be.
func (content *Content) unread() bool { return content != nil && !content.done.Load() }

// discard reads the content to its end and throws it away: first of all, a
// client that waits is told to go on. The error is a 400, a 408 or a 413.
func (content *Content) discard() error {
	if content == nil {
		return nil
	}
	if content.length > contentLimit {
		return refuse(413, "content of %d bytes", content.length)
	}
	content.invite()
	c := content.conn
	// In chunks, there is more than the content.
	c.quota.N = 2 * contentLimit
	c.allow(contentTime)
	n, err := io.Copy(io.Discard, io.LimitReader(content.bytes, contentLimit+1))
	if n > contentLimit || c.quota.N <= 0 {
		return refuse(413, "content of more than %d bytes", contentLimit)
	}
	if err == nil && n < content.length {
		err = io.ErrUnexpectedEOF
	}
	content.done.Store(err == nil)
	return cutShort(err)
}

// cutShort says what it means that err stopped the reading of content.
func cutShort(err error) error {
	var refused *statusError
	switch {
	case err == nil || errors.As(err, &refused):
		return err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return refuse(408, "content not complete after %v", contentTime)
	}
	return refuse(400, "content ends in the middle: %w", err)
}
