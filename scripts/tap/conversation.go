package tap

import "time"

// A conversation is what goes on in one connection: a stream of bytes in either
// direction, and the messages that are in them. The record's lock guards it.
type conversation struct {
	record *record

	// number is that of the connection, from 1, and opened when it began.
	number int
	opened time.Time

	// now is when the bytes came that are looked at.
	now time.Time

	fromClient, fromServer splitter

	// spoke is who spoke last.
	spoke side

	// waiting are the requests whose final response is still to come.
	waiting []*message

	// begun is how many exchanges have begun, and current the last of them.
	begun   int
	current *exchange

	// clientEnd and serverEnd are how these have ended, and over tells that the
	// script of the connection has: nothing can stand after it.
	clientEnd, serverEnd end
	over                 bool

	transcript transcript

	// wake lets what waits for the end of its line wait no longer.
	wake *time.Timer
}

// patience is how long what has come waits for the end of its line, before it is
// shown without.
const patience = 300 * time.Millisecond

// newConversation begins the conversation of a connection.
func (r *record) newConversation() *conversation {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.connections++
	c := &conversation{record: r, number: r.connections, opened: time.Now()}
	c.now = c.opened
	c.fromClient = splitter{side: client, to: c}
	c.fromServer = splitter{side: server, to: c}
	return c
}

// splitter returns that of a side.
func (c *conversation) splitter(s side) *splitter {
	if s == client {
		return &c.fromClient
	}
	return &c.fromServer
}

// feed takes bytes that a side has sent. It must be called before they are passed
// on: else the answer to them could come first.
func (c *conversation) feed(s side, data []byte) {
	c.record.mu.Lock()
	defer c.record.mu.Unlock()
	c.turn()
	if c.spoke != s {
		c.interruptedBy(s)
	}
	c.spoke = s
	c.splitter(s).feed(data)
	if c.wake != nil {
		c.wake.Stop()
	}
	if c.transcript.unfinished() {
		c.wake = time.AfterFunc(c.record.patience, c.showUnfinished)
	}
	c.record.deliver(c)
}

// turn notes that something happens in this conversation now. Where it was
// another one's turn before, what follows gets a title.
func (c *conversation) turn() {
	c.now = time.Now()
	if c.record.spoke != c {
		c.record.spoke, c.transcript.titled = c, nil
	}
}

// interruptedBy shows what the other side has said so far, before this one
// speaks. Only the head of a response is kept together, since a wanted head
// cannot be cut.
func (c *conversation) interruptedBy(s side) {
	if s == server {
		c.fromClient.flush()
	}
	c.transcript.flush(c, s.other())
	c.splitter(s.other()).endRun()
}

// showUnfinished shows what waits for the end of its line.
func (c *conversation) showUnfinished() {
	c.record.mu.Lock()
	defer c.record.mu.Unlock()
	c.turn()
	c.transcript.flush(c, client)
	c.transcript.flush(c, server)
	c.record.deliver(c)
}
