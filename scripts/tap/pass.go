package tap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

const (
	// pieceSize is how many bytes are passed on at a time, at the most, and
	// firstPiece at first: most of many open connections say little.
	pieceSize  = 32 << 10
	firstPiece = pieceSize / 16

	// dialLimit is how long the server may take to accept a connection.
	dialLimit = 10 * time.Second
)

// A connection is one of a client, and the one to the server that belongs to it.
type connection struct {
	conversation   *conversation
	client, server *way
}

// pass passes on what goes between a client and the server, until both have
// ended it, and closes both connections.
func (t *Tap) pass(ctx context.Context, accepted net.Conn) {
	c := &connection{conversation: t.record.newConversation(), client: newWay(accepted, client)}
	defer c.client.Close()
	dialer := net.Dialer{Timeout: dialLimit}
	conn, err := dialer.DialContext(ctx, "tcp", t.target)
	if err != nil {
		c.client.SetLinger(0)
		why := ""
		if ctx.Err() == nil { // Else it is the tap that ends.
			why = t.unreachable(err)
		}
		c.conversation.done(why)
		return
	}
	c.server = newWay(conn, server)
	defer c.server.Close()
	defer context.AfterFunc(ctx, func() {
		c.client.Close()
		c.server.Close()
	})()
	var both sync.WaitGroup
	both.Go(func() { c.pump(c.client, c.server) })
	both.Go(func() { c.pump(c.server, c.client) })
	both.Wait()
	c.conversation.done("")
}

// unreachable says why there is no connection to the server, and what to do.
func (t *Tap) unreachable(err error) string {
	if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
		return fmt.Sprintf("%s did not answer within %v; look whether it is the right address. The client's connection is dropped.", t.target, dialLimit)
	}
	return fmt.Sprintf("nobody listens at %s (%v); start the server there, and ask again. The client's connection is dropped.", t.target, rootOf(err))
}

// rootOf returns the innermost of errors: what the system said.
func rootOf(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

// pump passes on what comes from one side to the other, until its end, which is
// passed on, too.
func (c *connection) pump(from, to *way) {
	buffer := make([]byte, firstPiece)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			c.conversation.feed(from.side, buffer[:n])
			if err := to.write(buffer[:n]); errors.Is(err, net.ErrClosed) {
				return // This side was dropped already.
			} else if err != nil {
				c.refused(from, to)
				return
			}
		}
		if n == len(buffer) && n < pieceSize {
			buffer = make([]byte, 4*n)
		}
		switch {
		case err == io.EOF:
			c.closed(from, to)
			return
		case errors.Is(err, net.ErrClosed):
			return // This side was dropped already.
		case err != nil:
			c.dropped(from, to)
			return
		}
	}
}

// closed passes on that a side sends nothing more.
func (c *connection) closed(from, to *way) {
	if from.isGone() {
		c.dropped(from, to)
		return
	}
	c.conversation.ends(from.side, closed)
	to.CloseWrite()
}

// dropped passes on that a side has dropped the connection.
func (c *connection) dropped(from, to *way) {
	c.conversation.ends(from.side, reset)
	to.SetLinger(0)
	to.Close()
}

// refused deals with bytes that a side does not take any more. It has closed the
// connection, or dropped it; what it has sent before that is still read.
func (c *connection) refused(from, to *way) {
	if to.side == client {
		// Nobody is left who could read: the server is to know.
		c.conversation.ends(client, reset)
		from.SetLinger(0)
		from.Close()
	}
}
