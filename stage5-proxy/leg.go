package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"net"
	"time"
)

// A leg is a connection to an upstream: the second part of the way of a request.
type leg struct {
	conn net.Conn

	// in holds what has come and was not read, out what was not yet sent.
	in  *bufio.Reader
	out *bufio.Writer

	// quota counts down how many bytes may still come for what is being read.
	quota io.LimitedReader

	// client is who waits for the response, nil for nobody.
	client *connection

	// kept tells that the connection has served a request before, and since when
	// nobody needs it.
	kept  bool
	since time.Time

	// readDeadline and writeDeadline are those that the system knows.
	readDeadline, writeDeadline time.Time
}

// legOutSize is how many bytes for an upstream are gathered: a head goes out
// together with the content that has come with it.
const legOutSize = 2 * outSize

// newLeg returns a leg over conn.
func newLeg(conn net.Conn) *leg {
	l := &leg{conn: conn, out: bufio.NewWriterSize(conn, legOutSize)}
	l.unlimit()
	l.quota.R = l
	l.in = bufio.NewReaderSize(&l.quota, lineLimit)
	return l
}

// Read reads what the upstream sends; in calls it when it is empty. Before the
// server waits, the client gets what there is for it: also when that is only a
// part of a response.
func (l *leg) Read(p []byte) (int, error) {
	if l.client != nil {
		if err := l.client.pass(); err != nil {
			return 0, err
		}
	}
	return l.conn.Read(p)
}

// pass sends what is in out. The error wraps errGone. It is also one of before: a
// write that is larger than the room in out goes out at once.
func (c *connection) pass() error {
	if c.out.Buffered() > 0 {
		c.allowPiece()
	}
	if err := c.out.Flush(); err != nil {
		return fmt.Errorf("%w: %v", errGone, err)
	}
	return nil
}

// allow sets how long the upstream may take from now on for what is being read.
// As for clients, the system is told only what differs by a second.
func (l *leg) allow(limit time.Duration) {
	deadline := time.Now().Add(limit)
	if later := deadline.Sub(l.readDeadline); later < 0 || later >= time.Second {
		l.readDeadline = deadline
		l.conn.SetReadDeadline(deadline)
	}
}

// allowPiece gives the upstream pieceLimit for the next piece that it is sent.
func (l *leg) allowPiece() {
	deadline := time.Now().Add(pieceLimit)
	if deadline.Sub(l.writeDeadline) >= time.Second {
		l.writeDeadline = deadline
		l.conn.SetWriteDeadline(deadline)
	}
}

// unlimit lets any number of bytes come.
func (l *leg) unlimit() { l.quota.N = math.MaxInt64 }

// alive reports whether a leg that was kept can be used again. An upstream may
// close it at any time. It is looked at before it is used, but there is a race:
// the end can be on its way already. And what came though nobody had asked for
// it must never be taken for the response to the next request.
func (l *leg) alive() bool { return l.in.Buffered() == 0 && l.isQuiet() }
