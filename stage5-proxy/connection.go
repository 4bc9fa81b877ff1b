package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// idleLimit is how long a connection may wait for its next request, or for
	// its first. Browsers would keep it for minutes, but each one that waits
	// takes a place from somebody else.
	idleLimit = 30 * time.Second

	// outSize is how many bytes are gathered before they are sent: a head goes
	// out together with a small content, and with the answers to requests that
	// came together.
	outSize = 8 << 10
)

// A connection is what is kept of a client from one request to the next. Only
// the goroutine that serves the client may use it.
type connection struct {
	conn net.Conn
	*buffers

	// quota counts down how many bytes may still come for what is being read.
	quota io.LimitedReader

	// begun tells that something of a request has come, and limited that the
	// time for it runs.
	begun, limited bool

	// readDeadline and writeDeadline are those that the system knows.
	readDeadline, writeDeadline time.Time

	// waiting tells that nothing goes on here: the next request has not begun. idle
	// guards it, because who ends the server asks for it.
	idle    sync.Mutex
	waiting bool

	// stopping tells that there will be no next one.
	stopping *atomic.Bool

	handing
	reading
}

// buffers serve for all requests of a connection and then, because it takes a
// while to make them, for another connection.
type buffers struct {
	// in holds what has come and was not read: also of the next request.
	in *bufio.Reader

	// out holds what was said and not yet sent.
	out *bufio.Writer
}

// newConnection returns a connection over conn. The caller closes conn, and
// gives the buffers back.
func (s *server) newConnection(conn net.Conn) *connection {
	b, ok := s.buffers.Get().(*buffers)
	if !ok {
		b = &buffers{bufio.NewReaderSize(nil, lineLimit), bufio.NewWriterSize(nil, outSize)}
	}
	c := &connection{conn: conn, buffers: b, stopping: &s.stopping}
	c.quota.R = c
	c.in.Reset(&c.quota)
	c.out.Reset(conn)
	return c
}

// answer reads one request and answers it. It reports whether another one may
// follow, which may have come already (RFC 9112, 9.3.2).
func (s *server) answer(c *connection) bool {
	c.begin()
	request, err := readRequest(c)
	if errors.Is(err, errGone) {
		return false
	}
	request.Received, request.Client = time.Now(), c
	response := s.respond(request, err)
	response.Connection = s.connectionOption(request, response, err)
	sent := response.write(c)
	s.log(request, response.Status, sent, time.Since(request.Received))
	if response.Connection != "close" && (response.NoContent || sent == response.Length) {
		return true
	}
	c.end()
	return false
}

// begin prepares for the next request.
func (c *connection) begin() {
	c.quota.N = headLimit
	c.begun, c.limited = c.in.Buffered() > 0, false
	c.upstream = ""
}

// Read reads what the client sends; in calls it when it is empty. The server
// that waits for a client must have said everything, so out is sent first. A
// request that has not begun may take idleLimit, and one that has timeLimit.
func (c *connection) Read(p []byte) (int, error) {
	if c.lent && c.onward != nil {
		c.onward.Flush() // Where it fails, writing to it fails, too.
	}
	if !c.lent {
		if err := c.out.Flush(); err != nil {
			return 0, err
		}
	}
	if c.begun {
		if !c.limited {
			c.allow(timeLimit)
		}
		return c.conn.Read(p)
	}
	c.allow(idleLimit)
	c.setWaiting(true)
	defer c.setWaiting(false)
	if c.stopping.Load() {
		c.wake()
	}
	n, err := c.conn.Read(p)
	c.begun, c.limited = n > 0, false
	return n, err
}

// allow sets how long what is being read may take from now on. To tell the
// system costs time, too, and a second more or less does not matter; so it is
// told only what differs by one.
func (c *connection) allow(limit time.Duration) {
	c.limited = true
	deadline := time.Now().Add(limit)
	if later := deadline.Sub(c.readDeadline); later < 0 || later >= time.Second {
		c.setReadDeadline(deadline)
	}
}

// allowPiece gives the client pieceLimit for the next piece of content.
func (c *connection) allowPiece() {
	deadline := time.Now().Add(pieceLimit)
	if deadline.Sub(c.writeDeadline) >= time.Second {
		c.writeDeadline = deadline
		c.conn.SetWriteDeadline(deadline)
	}
}

// end sends what is in out, and ends the connection so that the client gets it.
func (c *connection) end() {
	if c.out.Flush() == nil {
		linger(c.conn)
	}
}
