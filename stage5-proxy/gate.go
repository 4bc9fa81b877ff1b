package main

import (
	"sync/atomic"
	"time"
)

// waitingLimit is how many requests may wait until an application takes one
// more, and waitingTime for how long.
const (
	waitingLimit = 500
	waitingTime  = 10 * time.Second
)

// A gate lets only so many requests to an application at the same time.
type gate struct {
	// inside has an element for each request that was let in.
	inside  chan struct{}
	waiting atomic.Int32
}

// newGate returns a gate that lets so many requests in.
func newGate(limit int) gate { return gate{inside: make(chan struct{}, limit)} }

// enter waits until one more request may come in. The caller leaves. The error
// is a 503.
func (g *gate) enter() error {
	select {
	case g.inside <- struct{}{}:
		return nil
	default:
	}
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > waitingLimit {
		return refuse(503, "%d requests wait for the application", waitingLimit)
	}
	timer := time.NewTimer(waitingTime)
	defer timer.Stop()
	select {
	case g.inside <- struct{}{}:
		return nil
	case <-timer.C:
		return refuse(503, "the application works on %d requests", cap(g.inside))
	}
}

// leave makes room for another request.
func (g *gate) leave() { <-g.inside }
