package main

import (
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A halfPipe is an end of a net.Pipe that can be closed for writing alone, like
// a connection.
type halfPipe struct{ net.Conn }

// CloseWrite does nothing: the other end is not told.
func (halfPipe) CloseWrite() error { return nil }

// TestLinger ensures how long what a client still sends is read: until it has
// ended its side, and no longer than the limits.
func TestLinger(t *testing.T) {
	tests := map[string]struct {
		client func(conn net.Conn)
		want   time.Duration
	}{
		"it leaves":           {func(conn net.Conn) { conn.Close() }, 0},
		"it leaves later":     {func(conn net.Conn) { time.Sleep(time.Second); conn.Close() }, time.Second},
		"it says nothing":     {func(net.Conn) {}, lingerTime},
		"it dribbles":         {func(conn net.Conn) { send(conn, 1, time.Second) }, lingerTime},
		"it sends and sends":  {func(conn net.Conn) { send(conn, 1<<20, 0) }, 0},
		"it cannot be halved": {nil, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, conn := net.Pipe()
				var running sync.WaitGroup
				start := time.Now()
				if test.client == nil {
					linger(conn)
				} else {
					running.Go(func() { test.client(client) })
					linger(halfPipe{conn})
				}
				assert.Equal(t, test.want, time.Since(start))
				conn.Close()
				running.Wait()
			})
		})
	}
}

// send writes pieces of a size with a pause after each, until it cannot.
func send(conn net.Conn, size int, pause time.Duration) {
	for piece := make([]byte, size); ; time.Sleep(pause) {
		if _, err := conn.Write(piece); err != nil {
			return
		}
	}
}

// A patient connection knows no limits of time: on a slow machine, megabytes can
// take longer than lingerTime.
type patient struct{ *net.TCPConn }

// SetDeadline does nothing.
func (patient) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing.
func (patient) SetReadDeadline(time.Time) error { return nil }

// TestLingerSavesAnswer ensures what it is for: a client that sends megabytes
// before it reads gets the answer, on a real connection.
func TestLingerSavesAnswer(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer listener.Close()
	s := newServer(t)
	go func() {
		if conn, err := listener.Accept(); err == nil {
			s.handle(patient{conn.(*net.TCPConn)})
		}
	}()
	client, err := net.Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	defer client.Close()
	client.SetDeadline(time.Now().Add(time.Minute))
	_, err = io.WriteString(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 33554432\r\n\r\n")
	require.NoError(t, err)
	for range 32 {
		_, err = client.Write(make([]byte, 1<<20))
		require.NoError(t, err)
	}
	answer, err := io.ReadAll(client)
	require.NoError(t, err)
	assert.Contains(t, string(answer), "HTTP/1.1 405 Method Not Allowed\r\n")
}
