package main

import (
	"errors"
	"io"
	"net"
	"os"
	"time"
)

// A relayed response is one of an application, which says more than this server
// would.
type relayed struct {
	// Version is the one of HTTP in which it came. A script has none.
	Version string

	// Reason is its reason phrase, and none is the one in reasons.
	Reason string

	// Chunked sends the content in chunks: its length is not known, but its end can
	// be shown.
	Chunked bool

	// Redirect is the target that a script wants to be answered instead.
	Redirect string
}

// A reply is the content of an application's response, on its way to the client.
type reply struct {
	// bytes reads it, up to its end.
	bytes io.Reader

	// leg is the connection that it comes from, nil for a script.
	leg *leg

	// options are what the field Connection of its head names.
	options []string

	// complete tells that all of it has come, persists that the upstream keeps the
	// connection, and switched that it speaks another protocol from now on.
	complete, persists, switched bool

	// end ends the exchange. It is called once.
	end func()
}

// Read reads content. The upstream may take pieceLimit for each piece.
func (r *reply) Read(p []byte) (int, error) {
	if r.leg != nil {
		r.leg.allow(pieceLimit)
	}
	return r.bytes.Read(p)
}

// Close ends the exchange.
func (r *reply) Close() error {
	r.end()
	return nil
}

// passOn sends content to the client as it comes, and returns how many bytes it
// had. Where its length was not known, it is when all has come. Where it ends too
// early, the client must see that: it gets less than it was promised, or no last
// chunk, or, where the end of the connection is the end of the content, a reset
// (RFC 9112, 8).
func (r *reply) passOn(c *connection, response *Response) (sent int64) {
	var err error
	switch {
	case r.switched:
		return tunnel(c, r.leg)
	case response.Length != unknownLength && r.leg != nil:
		sent, err = r.pour(c, response.Length)
	default:
		sent, err = r.copy(c, response)
	}
	r.complete = err == nil && (response.Length == unknownLength || sent == response.Length)
	switch {
	case response.Length != unknownLength:
	case r.complete:
		response.Length = sent
		if response.Chunked {
			writeLastChunk(c.out, trailersFor(trailersOf(r.bytes), r.options))
		}
	case !response.Chunked:
		c.reset()
	}
	return sent
}

// pour sends content of a known length. What has come with the head goes out
// with the head, and the rest straight from connection to connection: systems
// that can do that without this program are told to. It is looked after twice in
// pieceLimit: so the time of the upstream is over before that of the client, and
// the upstream may be silent in one look, and not in two.
func (r *reply) pour(c *connection, length int64) (sent int64, err error) {
	here, err := r.leg.in.Peek(int(min(length, int64(r.leg.in.Buffered()))))
	if err != nil {
		return 0, err
	}
	if _, err := c.out.Write(here); err != nil {
		return 0, err
	}
	r.leg.in.Discard(len(here))
	silent := 0
	for sent = int64(len(here)); sent < length; {
		if err := c.pass(); err != nil {
			return sent, err
		}
		c.allowPiece()
		r.leg.allow(pieceLimit / 2)
		n, err := io.CopyN(c.conn, r.leg.conn, min(pieceSize, length-sent))
		sent += n
		if silent++; n > 0 {
			silent = 0
		}
		if silent < 2 && errors.Is(err, os.ErrDeadlineExceeded) && time.Now().Before(c.writeDeadline) {
			continue // The upstream is slow, and may say something yet.
		}
		if err != nil {
			return sent, err
		}
	}
	return sent, nil
}

// copy sends content that comes in chunks, from a script, or up to its end.
func (r *reply) copy(c *connection, response *Response) (sent int64, err error) {
	buffer := pieces.Get().(*[pieceBuffer]byte)
	defer pieces.Put(buffer)
	for {
		n, err := r.Read(buffer[:])
		c.allowPiece()
		if gone := response.writePiece(c.out, buffer[:n]); gone != nil {
			return sent, gone
		}
		sent += int64(n)
		if err == io.EOF {
			return sent, nil
		}
		if err != nil {
			return sent, err
		}
	}
}

// reset ends a connection so that the client cannot take it for a good end.
func (c *connection) reset() {
	c.pass()
	if tcp, ok := c.conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.conn.Close()
}

// trailersOf returns the fields that followed content, if it came in chunks.
func trailersOf(bytes io.Reader) []Field {
	if chunks, ok := bytes.(*chunkedReader); ok {
		return chunks.trailer
	}
	return nil
}
