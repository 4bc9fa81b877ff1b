package bench

import (
	"math"
	"slices"
	"sync/atomic"
	"time"
)

// patience is how long clients wait for a reply, beyond the time that they are
// measured.
const patience = 20 * time.Second

// A sample is what one round has shown about a server.
type sample struct {
	requests int

	// wall is how long the round took, and cpu how much processor time the
	// server has used, or 0 where that is unknown.
	wall, cpu time.Duration

	// times are how long each reply needed, in order, where that was taken.
	times []time.Duration
}

// rate returns how many requests were answered in a second.
func (s sample) rate() float64 { return float64(s.requests) / s.wall.Seconds() }

// cost returns how many microseconds of processor time a request took.
func (s sample) cost() float64 { return s.cpu.Seconds() * 1e6 / float64(s.requests) }

// typical returns within how many microseconds half of the replies came, and
// late within how many 99 of 100 did.
func (s sample) typical() float64 { return quantile(s.times, 50) }
func (s sample) late() float64    { return quantile(s.times, 99) }

// A load is how many clients ask, and when they stop: after some time, or when
// each has sent so many writes.
type load struct {
	clients int
	last    time.Duration
	writes  int
}

// endless is the number of writes of clients that only time stops.
const endless = math.MaxInt

// round lets the clients ask a server. Before the clock starts, each has its
// connection and one reply.
func (l load) round(p plan, pid int) (sample, error) {
	clients := make([]*client, l.clients)
	until := time.Now().Add(l.last + patience)
	for i := range clients {
		clients[i] = newClient(p, until)
		defer clients[i].leave()
	}
	if err := together(clients, (*client).exchange); err != nil {
		return sample{}, err
	}
	before, begin := cpuTime(pid), time.Now()
	err := l.ask(clients)
	s := sample{wall: time.Since(begin)}
	s.cpu = cpuTime(pid) - before
	for _, c := range clients {
		s.requests += c.answered - p.together
		s.times = append(s.times, c.times[min(1, len(c.times)):]...)
	}
	slices.Sort(s.times)
	return s, err
}

// ask lets the clients ask until they must stop. One that fails stops all.
func (l load) ask(clients []*client) error {
	var over atomic.Bool
	timer := time.AfterFunc(l.last, func() { over.Store(true) })
	defer timer.Stop()
	return together(clients, func(c *client) error {
		for n := 0; n < l.writes && !over.Load(); n++ {
			if err := c.exchange(); err != nil {
				over.Store(true)
				return err
			}
		}
		return nil
	})
}

// together lets all clients do something at the same time. It returns the first
// error.
func together(clients []*client, do func(*client) error) error {
	errs := make(chan error, len(clients))
	for _, c := range clients {
		go func() { errs <- do(c) }()
	}
	var first error
	for range clients {
		if err := <-errs; first == nil {
			first = err
		}
	}
	return first
}
