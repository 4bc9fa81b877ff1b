package main

import (
	"bufio"
	"errors"
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// A handing is what is known of the handing over of a request.
type handing struct {
	// upstream is where that went, "" for a request that was not handed over, and
	// waited how long it took until the response began.
	upstream string
	waited   time.Duration

	// from is the address of the client, once somebody has asked for it.
	from string

	// script is what was started for the request, while it runs.
	script atomic.Pointer[process]
}

// A reading is what two goroutines have to agree on. Mostly, the goroutine that
// serves a client reads from it. While an application works on a request,
// another one may: to send on the content, or to see the client leave.
type reading struct {
	// lent tells that another goroutine reads. Before it waits, it sends what is in
	// onward, if it has one.
	lent   bool
	onward *bufio.Writer

	// mu guards over, which tells that it has to stop.
	mu   sync.Mutex
	over bool
}

// lend lets another goroutine read. It may read any number of bytes, and sends
// them in onward, nil for nowhere.
func (c *connection) lend(onward *bufio.Writer) {
	c.onward = onward
	c.lent, c.begun, c.limited = true, true, true
	c.quota.N = math.MaxInt64
}

// setReadDeadline sets when reading must end, unless it has to end at once.
func (c *connection) setReadDeadline(deadline time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.readDeadline = deadline
		c.conn.SetReadDeadline(deadline)
	}
}

// recall makes the goroutine that reads stop.
func (c *connection) recall() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	c.conn.SetReadDeadline(time.Now())
}

// errRecalled is why somebody stopped reading who had to.
var errRecalled = errors.New("nobody needs more")

// recalled reports whether the goroutine that reads was made to stop.
func (c *connection) recalled() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.over
}

// takeBack makes this goroutine the one that reads. No other one does any more.
func (c *connection) takeBack() {
	if c.lent || c.over {
		c.readDeadline = time.Time{}
	}
	c.lent, c.over = false, false
}
