package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"sync"
	"time"
)

const (
	// stopTime is how long the server waits for the answers in flight when it is
	// told to end.
	stopTime = 10 * time.Second

	// lastTime is how long it waits for one more request where nothing goes on. A
	// client that has sent one before it could know gets its answer, which says
	// that it is the last one (RFC 9112, 9.6).
	lastTime = 50 * time.Millisecond
)

// stopOnInterrupt makes Ctrl-C a polite end: no new connections are taken, those
// on which nothing goes on are closed in a moment, and the others once their
// answer is out.
// A second Ctrl-C ends the program at once.
func (s *server) stopOnInterrupt(listener net.Listener) {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	go func() {
		<-interrupts
		signal.Stop(interrupts)
		s.stop(listener)
	}()
}

// stop does what is told about at stopOnInterrupt.
func (s *server) stop(listener net.Listener) {
	s.stopping.Store(true)
	s.clients.wakeIdle()
	listener.Close()
}

// wait waits until all connections are closed, but not longer than stopTime.
func (s *server) wait() {
	done := make(chan struct{})
	go func() {
		s.running.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(stopTime):
		fmt.Fprintf(os.Stderr, "after %v, connections are cut off: %d\n", stopTime, s.connections.Load())
	}
}

// clients are the connections that are served.
type clients struct {
	mu  sync.Mutex
	all map[*connection]bool
}

// enter adds a connection. What it returns takes it out again.
func (cs *clients) enter(c *connection) (leave func()) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if cs.all == nil {
		cs.all = map[*connection]bool{}
	}
	cs.all[c] = true
	return func() {
		cs.mu.Lock()
		defer cs.mu.Unlock()
		delete(cs.all, c)
	}
}

// wakeIdle lets connections that wait for a request hardly wait any longer.
func (cs *clients) wakeIdle() {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for c := range cs.all {
		c.wake()
	}
}

// wake gives a connection lastTime for its next request, if it waits for one. One
// that has begun keeps the time that it has.
func (c *connection) wake() {
	c.idle.Lock()
	defer c.idle.Unlock()
	if c.waiting {
		c.readDeadline = time.Now().Add(lastTime)
		c.conn.SetReadDeadline(c.readDeadline)
	}
}

// setWaiting tells whether a connection waits for a request.
func (c *connection) setWaiting(waiting bool) {
	c.idle.Lock()
	defer c.idle.Unlock()
	c.waiting = waiting
}
