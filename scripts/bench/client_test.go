package bench

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// A client asks one server again and again, and does as little as it can with
// the replies.
type client struct {
	plan
	conn   net.Conn
	buffer []byte
	until  time.Time

	// answered is how many requests have been.
	answered int

	// times are how long each needed, where the plan wants to know.
	times []time.Duration
}

// newClient returns a client that gives up at a time.
func newClient(p plan, until time.Time) *client {
	return &client{plan: p, buffer: p.buffer(), until: until}
}

// exchange sends what the plan says once, and reads what is answered.
func (c *client) exchange() error {
	begin := time.Now()
	if c.conn == nil {
		conn, err := c.open(c.until)
		if err != nil {
			return err
		}
		c.conn = conn
	}
	if _, err := c.conn.Write(c.requests); err != nil {
		return err
	}
	read := c.readKnown
	if c.size == 0 {
		read = c.readUnknown
	}
	if err := read(); err != nil {
		return err
	}
	c.answered += c.together
	if c.timed {
		c.times = append(c.times, time.Since(begin))
	}
	if c.closes {
		return c.end()
	}
	return nil
}

// readKnown reads replies whose length is known.
func (c *client) readKnown() error {
	wanted := c.together * c.size
	for got := 0; got < wanted; {
		n, err := io.ReadAtLeast(c.conn, c.buffer, min(wanted-got, len(c.buffer)))
		if err != nil {
			return fmt.Errorf("after %d of %d bytes: %w", got+n, wanted, err)
		}
		if got == 0 {
			if err := c.checkStatus(c.buffer[:n]); err != nil {
				return err
			}
		}
		if got += n; got > wanted {
			return errMore
		}
	}
	return nil
}

// readUnknown reads replies and finds out where each ends.
func (c *client) readUnknown() error {
	reader := bufio.NewReader(c.conn)
	for range c.together {
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			return err
		}
		if line := response.Proto + " " + response.Status; !strings.HasPrefix(line, c.status) {
			return fmt.Errorf("a reply began with %q, and not with %q", line, c.status)
		}
	}
	if reader.Buffered() > 0 {
		return errMore
	}
	return nil
}

// end ensures that the server has closed the connection, and does the same.
func (c *client) end() error {
	n, err := c.conn.Read(c.buffer[:1])
	if n > 0 {
		return errMore
	}
	if err != io.EOF {
		return fmt.Errorf("the server does not close the connection: %w", err)
	}
	return c.leave()
}

// leave closes the connection, if there is one.
func (c *client) leave() error {
	if c.conn == nil {
		return nil
	}
	conn := c.conn
	c.conn = nil
	return conn.Close()
}
