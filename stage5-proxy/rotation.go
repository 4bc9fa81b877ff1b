package main

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// An upstream that fails is left out for outTime, and for twice as long each
// time it fails again, up to outLimit. A short while at first: mostly, an
// application is only started anew.
const (
	outTime  = time.Second
	outLimit = 30 * time.Second
)

// An upstream is one of the places where an application runs.
type upstream struct {
	// name is what it is called on the command line.
	name string

	means means

	// mu guards failures, how often it failed in a row, noted, when that was seen
	// last, and until, when it may be tried again.
	mu           sync.Mutex
	failures     int
	noted, until time.Time
}

// A rotation has the upstreams of a route, which are taken in turn.
type rotation struct {
	all  []*upstream
	last atomic.Uint32
}

// order returns the upstreams in the order in which a request should try them.
func (r *rotation) order() []*upstream {
	if len(r.all) == 1 {
		return r.all
	}
	first := int((r.last.Add(1) - 1) % uint32(len(r.all)))
	order := make([]*upstream, 0, len(r.all))
	return append(append(order, r.all[first:]...), r.all[:first]...)
}

// mayGoOn reports whether a request may go to another upstream after an error of
// one. Who has waited for an application that works on it waits long enough.
func (h *handover) mayGoOn(err error) bool {
	var failure *failure
	if !errors.As(err, &failure) || h.Content.isTouched() {
		return false
	}
	return !failure.begun || h.isRepeatable() && statusOfError(err) != 504
}

// isOut reports whether an upstream is to be left out. When its time is over, a
// single request tries whether it is back: for all others, it stays out until
// that one has an answer.
func (u *upstream) isOut(now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.failures == 0 {
		return false
	}
	if now.Before(u.until) {
		return true
	}
	u.until = now.Add(u.outFor())
	return false
}

// failed leaves an upstream out that gave no response to an attempt begun at
// start. When it dies, all requests fail that are there: that is one failure.
func (u *upstream) failed(start, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if start.Before(u.noted) {
		return
	}
	u.failures++
	u.noted, u.until = now, now.Add(u.outFor())
}

// worked takes an upstream back.
func (u *upstream) worked() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.failures = 0
}

// outFor returns for how long an upstream is left out that has failed.
func (u *upstream) outFor() time.Duration {
	return min(outTime<<min(u.failures-1, 10), outLimit)
}
