package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPoolKeeps ensures that the connection that was needed last is the next one,
// and that a pool keeps only so many.
func TestPoolKeeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool("", "")
		assert.Nil(t, p.takeKept())
		var all []*leg
		for range spareLimit + 3 {
			l := newLeg(&closable{})
			all = append(all, l)
			assert.NoError(t, p.enter())
			l.client = &connection{}
			p.finish(l, true)
			assert.Nil(t, l.client)
		}
		assert.Empty(t, p.inside)
		assert.Len(t, p.kept, spareLimit)
		for i, l := range all {
			assert.Equal(t, i >= spareLimit, l.conn.(*closable).closed.Load(), i)
		}
		assert.Same(t, all[spareLimit-1], p.takeKept())
		assert.Same(t, all[spareLimit-2], p.takeKept())
		p.enter()
		p.finish(all[spareLimit-1], true)
		assert.Same(t, all[spareLimit-1], p.takeKept())
		p.enter()
		p.finish(all[spareLimit-1], false)
		assert.True(t, all[spareLimit-1].conn.(*closable).closed.Load())
		assert.Same(t, all[spareLimit-3], p.takeKept())
	})
}

// A closable connection tells whether it was closed.
type closable struct {
	fakeConn
	closed atomic.Bool
}

// Close closes it.
func (c *closable) Close() error {
	c.closed.Store(true)
	return nil
}

// TestPoolSweeps ensures that each connection is closed when nobody has needed it
// for keptTime, and no other, and that nothing runs when there are none.
func TestPoolSweeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool("", "")
		early, late := &closable{}, &closable{}
		p.put(newLeg(early))
		time.Sleep(keptTime - time.Second)
		p.put(newLeg(late))
		time.Sleep(time.Second - time.Millisecond)
		synctest.Wait()
		assert.False(t, early.closed.Load())
		time.Sleep(time.Millisecond)
		synctest.Wait()
		assert.True(t, early.closed.Load())
		assert.False(t, late.closed.Load())
		time.Sleep(keptTime - time.Second)
		synctest.Wait()
		assert.True(t, late.closed.Load())
		assert.False(t, p.isSweeping())
		again := &closable{}
		p.put(newLeg(again))
		assert.True(t, p.isSweeping())
		time.Sleep(keptTime)
		synctest.Wait()
		assert.True(t, again.closed.Load())
	})
}

// isSweeping reports whether sweep will be called.
func (p *pool) isSweeping() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sweeping
}

// serveOn answers so many requests on each connection, and then ends it. It counts
// connections.
func serveOn(t *testing.T, requests int, connections *atomic.Int32) string {
	return listenFor(t, func(conn net.Conn) {
		n := connections.Add(1)
		in := bufio.NewReader(conn)
		for range requests {
			if readHead(in) == "" {
				return
			}
			content := fmt.Sprint("connection ", n)
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(content), content)
		}
	})
}

// TestPoolHand ensures that a connection serves requests one after another, that
// one which has ended is noticed, and that a request which may be repeated is not
// lost even where it was not.
func TestPoolHand(t *testing.T) {
	for _, method := range []string{"GET", "POST", "PUT", "BREW"} {
		t.Run(method, func(t *testing.T) {
			var connections atomic.Int32
			s := newRouted(t, "/app=http://"+serveOn(t, 3, &connections))
			sent := method + " /app HTTP/1.1\r\nHost: a\r\n\r\n"
			for i := range 9 {
				got := converseFrom(s, sent)
				assert.Contains(t, got, fmt.Sprint("\r\n\r\nconnection ", i/3+1))
				if p := poolOf(s); len(p.kept) > 0 && i%3 == 2 {
					waitUntilOver(p.kept[0])
				}
			}
			assert.Empty(t, poolOf(s).inside)
		})
	}
}

// poolOf returns the pool of the only upstream.
func poolOf(s *server) *pool { return s.routes[0].upstreams.all[0].means.(*overHTTP).pool }

// waitUntilOver waits until something comes over a connection, or its end.
func waitUntilOver(l *leg) {
	for until := time.Now().Add(10 * time.Second); l.isQuiet() && time.Now().Before(until); {
		runtime.Gosched()
	}
}

// TestPoolPanics ensures that a panic leaves room for the next request.
func TestPoolPanics(t *testing.T) {
	p := newPool("tcp", listenFor(t, func(conn net.Conn) { io.Copy(io.Discard, conn) }))
	assert.Panics(t, func() {
		p.hand(handoverOf(t, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"), func(_ *handover, l *leg) (*Response, error) {
			defer l.conn.Close()
			panic("what nobody has thought of")
		})
	})
	assert.Empty(t, p.inside)
}

// TestPoolTakes ensures that what was kept is not used if it has ended, or if
// something has come that nobody had asked for.
func TestPoolTakes(t *testing.T) {
	for name, act := range map[string]func(conn net.Conn){
		"it is open": nil, "a byte came": func(conn net.Conn) { io.WriteString(conn, "x") }, "it has ended": func(conn net.Conn) { conn.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			var connections atomic.Int32
			p := newPool("tcp", listenFor(t, func(conn net.Conn) {
				if connections.Add(1) == 1 && act != nil {
					act(conn)
				}
				drain(conn)
			}))
			l, err := p.connect()
			require.NoError(t, err)
			defer l.conn.Close()
			if act != nil {
				waitUntilOver(l)
			}
			p.put(l)
			got, err := p.take()
			require.NoError(t, err)
			defer got.conn.Close()
			assert.Equal(t, act == nil, got == l)
			assert.Equal(t, act == nil, got.kept)
		})
	}
}

// TestPoolRepeats ensures which requests go over another connection when a kept
// one ends before the first byte of a response, and which must not.
func TestPoolRepeats(t *testing.T) {
	timeout := failed(fmt.Errorf("%w: %w", errNoReply, &net.OpError{Err: timeoutError{}}), true)
	ended := failed(fmt.Errorf("%w: %w", errNoReply, io.EOF), true)
	tests := map[string]struct {
		sent string
		kept int
		err  error
		want int
	}{
		"it had ended":           {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1, ended, 2},
		"many had":               {"PUT / HTTP/1.1\r\nHost: a\r\n\r\n", 3, ended, 4},
		"a new one":              {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0, ended, 1},
		"it may be done already": {"POST / HTTP/1.1\r\nHost: a\r\n\r\n", 1, ended, 1},
		"nobody knows":           {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 1, ended, 1},
		"content":                {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na", 1, ended, 1},
		"half a response":        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1, failed(errBroken, true), 1},
		"silence":                {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 3, timeout, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			address := listenFor(t, drain)
			p := newPool("tcp", address)
			for range test.kept {
				l, err := p.connect()
				require.NoError(t, err)
				p.put(l)
			}
			asked := 0
			_, err := p.hand(handoverOf(t, test.sent), func(_ *handover, l *leg) (*Response, error) {
				asked++
				l.conn.Close()
				return nil, test.err
			})
			assert.ErrorIs(t, err, test.err)
			assert.Equal(t, test.want, asked)
			assert.Empty(t, p.inside)
			for l := p.takeKept(); l != nil; l = p.takeKept() {
				l.conn.Close()
			}
		})
	}
}

// A timeoutError is one of time.
type timeoutError struct{}

// Error says so.
func (timeoutError) Error() string { return "too late" }

// Timeout says so.
func (timeoutError) Timeout() bool { return true }

// TestPoolConnects ensures what it means that an upstream cannot be reached: that
// nothing was done yet.
func TestPoolConnects(t *testing.T) {
	// A port that is free could be taken by another program in the next moment.
	p := newPool("unix", filepath.Join(t.TempDir(), "none"))
	_, err := p.hand(handoverOf(t, "POST / HTTP/1.1\r\nHost: a\r\n\r\n"), nil)
	var failure *failure
	require.True(t, errors.As(err, &failure))
	assert.False(t, failure.begun)
	assert.Equal(t, 502, statusOfError(err))
	assert.Empty(t, p.inside)
}

// TestPoolFull ensures that a request which finds no place is told so.
func TestPoolFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPool("", "")
		p.gate = newGate(0)
		_, err := p.hand(nil, nil)
		assert.Equal(t, 503, statusOfError(err))
		var failure *failure
		assert.False(t, errors.As(err, &failure), "the upstream has not failed")
	})
}
