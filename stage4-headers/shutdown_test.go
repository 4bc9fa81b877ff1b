package main

import (
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A deafListener is a listener to which nobody comes. It is closed by its
// owner.
type deafListener struct {
	net.Listener
	closed chan struct{}
}

// Close ends the waiting.
func (l deafListener) Close() error {
	close(l.closed)
	return nil
}

// Accept waits.
func (l deafListener) Accept() (net.Conn, error) {
	<-l.closed
	return nil, net.ErrClosed
}

// TestStop ensures what becomes of the connections that are open when a server
// is told to end: those that wait are closed at once, and the others get their
// answer first, and are told that it is the last one.
func TestStop(t *testing.T) {
	const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	const upload = "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
	tests := map[string]struct {
		before, after string
		want          string
		took          time.Duration
	}{
		"it has said nothing":              {"", "", "", 0},
		"it waits after an answer":         {get, "", "200", 0},
		"it waits, and would go on":        {get, get, "200", 0},
		"half of a request":                {"GET", get[3:], "200", time.Second},
		"half of the second":               {get + "GET", get[3:], "200 200", time.Second},
		"half of its content":              {upload + "a", "bc", "200", time.Second},
		"half of a request, and more":      {"GET", get[3:] + get, "200", time.Second},
		"half of a request, and then none": {"GET", "", "408", timeLimit},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			synctest.Test(t, func(t *testing.T) {
				client, conn := net.Pipe()
				defer client.Close()
				var running sync.WaitGroup
				var got []byte
				running.Go(func() { got, _ = io.ReadAll(client) })
				s.admit(conn)
				if test.before != "" {
					io.WriteString(client, test.before)
				}
				synctest.Wait()
				start := time.Now()
				listener := deafListener{closed: make(chan struct{})}
				s.stop(listener)
				running.Go(func() {
					time.Sleep(time.Second)
					if test.after != "" {
						io.WriteString(client, test.after)
					}
				})
				s.serve(listener)
				s.wait()
				assert.Equal(t, test.took, time.Since(start))
				running.Wait()
				assert.Equal(t, test.want, statusesIn(string(got)))
				last := got[max(0, strings.LastIndex(string(got), "\r\nDate: ")):]
				assert.Equal(t, test.took > 0, strings.Contains(string(last), "Connection: close\r\n"))
				assert.Empty(t, s.clients.all)
			})
		})
	}
}

// TestStopLate ensures that who comes in the last moment is not waited for.
func TestStopLate(t *testing.T) {
	s := newServer(t)
	synctest.Test(t, func(t *testing.T) {
		s.stop(deafListener{closed: make(chan struct{})})
		client, conn := net.Pipe()
		defer client.Close()
		start := time.Now()
		s.admit(conn)
		s.wait()
		assert.Zero(t, time.Since(start))
	})
}

// TestWait ensures that a server does not wait forever for an answer that
// somebody does not take, and says so.
func TestWait(t *testing.T) {
	printed, err := os.Create(t.TempDir() + "/printed")
	require.NoError(t, err)
	defer printed.Close()
	defer func(file *os.File) { os.Stderr = file }(os.Stderr)
	os.Stderr = printed
	for name, test := range map[string]struct{ busy, want time.Duration }{
		"nothing is open":       {0, 0},
		"it ends in time":       {stopTime - time.Second, stopTime - time.Second},
		"it does not end":       {time.Hour, stopTime},
		"just not in time, too": {stopTime + 1, stopTime},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := new(server)
				s.connections.Store(7)
				s.running.Go(func() { time.Sleep(test.busy) })
				start := time.Now()
				s.wait()
				assert.Equal(t, test.want, time.Since(start))
				s.running.Wait()
			})
		})
	}
	text, err := os.ReadFile(printed.Name())
	require.NoError(t, err)
	assert.Equal(t, 2, strings.Count(string(text), "after 10s, connections are cut off: 7\n"))
}

// TestWakeIdle ensures that a deadline is set for those that wait, and for no
// others.
func TestWakeIdle(t *testing.T) {
	var cs clients
	cs.wakeIdle()
	idle, busy, gone := new(fakeConn), new(fakeConn), new(fakeConn)
	for _, conn := range []*fakeConn{idle, busy, gone} {
		c := &connection{conn: conn}
		c.waiting.Store(conn != busy)
		leave := cs.enter(c)
		if conn == gone {
			leave()
		}
	}
	cs.wakeIdle()
	assert.Equal(t, []int{1, 0, 0}, []int{idle.readDeadlines, busy.readDeadlines, gone.readDeadlines})
}
