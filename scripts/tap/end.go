package tap

import "fmt"

// An end is how one side of a connection ended it.
type end int

const (
	// open: it has not.
	open end = iota

	// closed: it sends nothing more. It may still read.
	closed

	// reset: it has dropped the connection.
	reset
)

// ends takes notice that a side has ended the connection.
func (c *conversation) ends(s side, how end) {
	c.record.mu.Lock()
	defer c.record.mu.Unlock()
	c.turn()
	c.interruptedBy(s)
	c.spoke = s
	unfinished := c.splitter(s).ended()
	c.transcript.flush(c, s)
	if unfinished != nil {
		unfinished.broken = "it has come only in part"
		c.transcript.endOf(c, unfinished, false)
	}
	if c.current == nil {
		c.newExchange()
	}
	if s == client {
		c.clientEnds(how)
	} else {
		c.serverEnds(how, unfinished)
	}
	c.record.touch(c.current)
	c.record.deliver(c)
}

// clientEnds writes how the client has ended.
func (c *conversation) clientEnds(how end) {
	before := c.clientEnd
	c.clientEnd = how
	switch {
	case c.over || how == before:
	case how == closed && c.serverEnd == open:
		c.transcript.directive(c, "half-close", "the client sends nothing more")
		c.current.says("The client has said that it sends nothing more.")
	case how == closed:
		c.current.says("Then the client closed it, too.")
	case before == closed:
		c.over = true
		c.transcript.directive(c, "leave", "the client does not read any more: it has closed the connection")
		c.current.says("The client has closed the connection.")
	default:
		c.over = true
		c.transcript.directive(c, "reset", "the client drops the connection")
		c.current.says("The client dropped the connection by a reset.")
	}
}

// serverEnds writes how the server has ended; unfinished is the response that it
// did not finish.
func (c *conversation) serverEnds(how end, unfinished *message) {
	before := c.serverEnd
	c.serverEnd = how
	switch {
	case c.over || how == before:
	case how == closed && unfinished != nil:
		c.transcript.directive(c, "cut", "the server closes the connection in the middle of its response")
		c.current.says("The server closed the connection in the middle of its response.")
	case how == closed:
		c.transcript.directive(c, "closed", "the server closes the connection")
		c.current.says("The server closed the connection.")
	case before == closed:
		c.transcript.remark(c, "the server does not take what is sent after that")
	default:
		c.transcript.directive(c, "dropped", "the server drops the connection")
		c.current.says("The server dropped the connection by a reset.")
	}
}

// done takes notice that the connection is no more, and why the tap ended it;
// empty where it did not.
func (c *conversation) done(why string) {
	c.record.mu.Lock()
	defer c.record.mu.Unlock()
	c.turn()
	if c.wake != nil {
		c.wake.Stop()
	}
	if why != "" {
		if c.current == nil {
			c.newExchange()
		}
		c.transcript.remark(c, fmt.Sprintf("connection %d: %s", c.number, why))
		c.current.says(why)
	}
	if c.current != nil {
		c.record.touch(c.current)
	}
	c.record.deliver(c)
}
