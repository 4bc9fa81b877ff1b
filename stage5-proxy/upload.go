package main

import (
	"io"
	"math"
	"sync"
	"time"
)

// pieceBuffer is how many bytes are copied at a time of what cannot go straight
// from one connection to the other; pieces are the buffers for that.
const pieceBuffer = 64 << 10

var pieces = sync.Pool{New: func() any { return new([pieceBuffer]byte) }}

// isHere reports whether all of the content has come, or there is none.
func (content *Content) isHere() bool {
	return content == nil || content.length != inChunks && content.length <= int64(content.conn.in.Buffered())
}

// isTouched reports whether some of the content was read. It is not there a second
// time.
func (content *Content) isTouched() bool { return content != nil && content.came > 0 }

// Read reads content as it comes; the client may take pieceLimit for each piece.
// The error is a 400 or a 408 where the client does not send what it should.
func (content *Content) Read(p []byte) (int, error) {
	content.conn.quota.N = math.MaxInt64
	content.conn.allow(pieceLimit)
	n, err := content.bytes.Read(p)
	content.came += int64(n)
	switch {
	case content.length == inChunks:
		content.done.Store(err == io.EOF)
	case content.came == content.length:
		content.done.Store(true)
	case err == io.EOF:
		err = io.ErrUnexpectedEOF
	}
	if err == io.EOF {
		return n, err
	}
	if err != nil && content.conn.recalled() {
		return n, errRecalled
	}
	return n, cutShort(err)
}

// sendContent copies the content of the request to an upstream, piece by piece.
// write writes each.
func (x *exchange) sendContent(write func(piece []byte) error) error {
	if x.content == nil {
		return nil
	}
	buffer := pieces.Get().(*[pieceBuffer]byte)
	defer pieces.Put(buffer)
	for {
		n, err := x.content.Read(buffer[:])
		if n > 0 {
			if err := write(buffer[:n]); err != nil {
				return err
			}
		}
		x.moved.Store(time.Now().UnixNano())
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
