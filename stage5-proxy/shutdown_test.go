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
// is told to end: those that wait are closed in a moment, and the others get
// their answer first, and are told that it is the last one.
func TestStop(t *testing.T) {
	const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	const upload = "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
	tests := map[string]struct {
		before, after string
		pause         time.Duration
		want          string
		took          time.Duration
	}{
		"it has said nothing":              {"", "", 0, "", lastTime},
		"it waits after an answer":         {get, "", 0, "200", lastTime},
		"it waits, and would go on":        {get, get, time.Second, "200", lastTime},
		"its next one is on its way":       {get, get, lastTime - 1, "200 200", lastTime - 1},
		"its first one is on its way":      {"", get, lastTime - 1, "200", lastTime - 1},
		"half of a request":                {"GET", get[3:], time.Second, "200", time.Second},
		"half of the second":               {get + "GET", get[3:], time.Second, "200 200", time.Second},
		"half of its content":              {upload + "a", "bc", time.Second, "200", time.Second},
		"half of a request, and more":      {"GET", get[3:] + get, time.Second, "200", time.Second},
		"half of a request, and then none": {"GET", "", 0, "408", timeLimit},
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
					time.Sleep(test.pause)
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
				assert.Equal(t, test.took != lastTime, strings.Contains(string(last), "Connection: close\r\n"))
				assert.Empty(t, s.clients.all)
			})
		})
	}
}

// TestStopBetween ensures that who was not told that an answer is the last one
// gets one more.
func TestStopBetween(t *testing.T) {
	const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	s := newServer(t)
	conn := &fakeConn{in: &turns{pieces: []string{get, get, get}}}
	conn.written = func() { s.stopping.Store(true) }
	s.handle(conn)
	first, second, _ := strings.Cut(conn.out.String()[1:], "HTTP/1.1")
	assert.NotContains(t, first, "Connection: close\r\n")
	assert.Contains(t, second, "Connection: close\r\n")
	assert.Equal(t, "200 200", statusesIn(conn.out.String()))
}

// TestStopBegun ensures that a head which begins in the last moment has the time
// that any other has, also where the wait for it was nearly over.
func TestStopBegun(t *testing.T) {
	s := newServer(t)
	synctest.Test(t, func(t *testing.T) {
		client, conn := net.Pipe()
		defer client.Close()
		s.admit(conn)
		time.Sleep(idleLimit - timeLimit + time.Second/2)
		s.stop(deafListener{closed: make(chan struct{})})
		time.Sleep(lastTime / 2)
		io.WriteString(client, "GET / HTTP/1.1\r\n")
		time.Sleep(time.Second)
		go io.WriteString(client, "Host: a\r\n\r\n")
		got, err := io.ReadAll(client)
		require.NoError(t, err)
		assert.Equal(t, "200", statusesIn(string(got)))
	})
}

// TestStopLate ensures that who comes in the last moment is hardly waited for.
func TestStopLate(t *testing.T) {
	s := newServer(t)
	synctest.Test(t, func(t *testing.T) {
		s.stop(deafListener{closed: make(chan struct{})})
		client, conn := net.Pipe()
		defer client.Close()
		start := time.Now()
		s.admit(conn)
		s.wait()
		assert.Equal(t, lastTime, time.Since(start))
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
		c.setWaiting(conn != busy)
		leave := cs.enter(c)
		if conn == gone {
			leave()
		}
	}
	cs.wakeIdle()
	assert.Equal(t, []int{1, 0, 0}, []int{idle.readDeadlines, busy.readDeadlines, gone.readDeadlines})
}
