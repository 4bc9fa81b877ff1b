package main

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

const (
	// spareLimit is how many connections are kept for one upstream while nobody
	// needs them, and keptTime for how long. Most applications close them sooner
	// or later; to be the first spares the race described at alive.
	spareLimit = 64
	keptTime   = 30 * time.Second

	// openLimit is how many requests one upstream gets at the same time.
	openLimit = 1000

	// dialTime is how long it may take to connect to an upstream.
	dialTime = 5 * time.Second
)

// errNoReply is the end of a connection without a byte of a response.
var errNoReply = errors.New("no response")

// A pool has the connections to one upstream. To connect takes a round trip or
// more, and work in the application; so a connection serves many requests, of
// different clients, one after another.
type pool struct {
	gate
	network, address string

	// mu guards kept: those that nobody needs at the moment, the one that was
	// needed last at the end.
	mu   sync.Mutex
	kept []*leg

	// sweeping tells that sweep will be called.
	sweeping bool
}

// newPool returns a pool without connections.
func newPool(network, address string) *pool {
	return &pool{network: network, address: address, gate: newGate(openLimit)}
}

// hand hands a request over by what ask does with a connection. When one that
// was kept ends before the first byte of a response, it had ended before the
// request came, most likely: what may be repeated goes over another one (RFC
// 9112, 9.3.1).
func (p *pool) hand(h *handover, ask func(*handover, *leg) (*Response, error)) (response *Response, err error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() {
		if response == nil { // Also after a panic: the place is for others.
			p.leave()
		}
	}()
	for {
		l, err := p.take()
		if err != nil {
			return nil, err
		}
		l.client = h.Client
		l.allowPiece()
		response, err := ask(h, l)
		if err == nil {
			return response, nil
		}
		if !l.kept || !h.isRepeatable() || !errors.Is(err, errNoReply) || statusOfError(err) == 504 {
			return nil, err
		}
	}
}

// take returns a connection that is alive: one that was kept, or a new one. The
// error is a failure.
func (p *pool) take() (*leg, error) {
	for {
		l := p.takeKept()
		if l == nil {
			return p.connect()
		}
		if l.alive() {
			return l, nil
		}
		l.conn.Close()
	}
}

// takeKept returns the connection that was needed last, nil where there is none.
func (p *pool) takeKept() *leg {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.kept) == 0 {
		return nil
	}
	l := p.kept[len(p.kept)-1]
	p.kept = p.kept[:len(p.kept)-1]
	return l
}

// connect returns a new connection.
func (p *pool) connect() (*leg, error) {
	ctx, cancel := context.WithTimeout(context.Background(), dialTime)
	defer cancel()
	conn, err := (&net.Dialer{KeepAlive: -1}).DialContext(ctx, p.network, p.address)
	if err != nil {
		return nil, failed(err, false)
	}
	return newLeg(conn), nil
}

// finish takes back a connection whose exchange is over. canStay tells that
// nothing more comes over it that belongs to this exchange.
func (p *pool) finish(l *leg, canStay bool) {
	if l.client = nil; !canStay || !p.put(l) {
		l.conn.Close()
	}
	p.leave()
}

// put keeps a connection. It reports whether there was room for it.
func (p *pool) put(l *leg) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.kept) == spareLimit {
		return false
	}
	l.kept, l.since = true, time.Now()
	p.kept = append(p.kept, l)
	if !p.sweeping {
		p.sweeping = true
		time.AfterFunc(keptTime, p.sweep)
	}
	return true
}

// sweep closes the connections that nobody has needed for keptTime.
func (p *pool) sweep() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.kept) > 0 && time.Since(p.kept[0].since) >= keptTime {
		p.kept[0].conn.Close()
		p.kept = p.kept[1:]
	}
	if p.sweeping = len(p.kept) > 0; p.sweeping {
		time.AfterFunc(keptTime-time.Since(p.kept[0].since), p.sweep)
	}
}
