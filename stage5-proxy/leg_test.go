package main

import (
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestLegDeadlines ensures that the system is told of a deadline where it differs
// by a second, and of every one that is earlier.
func TestLegDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := &fakeConn{}
		l := newLeg(conn)
		for i, test := range []struct {
			pause, limit time.Duration
			want         int
		}{{0, 30, 1}, {0, 30, 1}, {999 * time.Millisecond, 30, 1}, {time.Millisecond, 30, 2}, {0, 60, 3}, {0, 30, 4}} {
			time.Sleep(test.pause)
			l.allow(test.limit * time.Second)
			assert.Equal(t, test.want, conn.readDeadlines, i)
		}
		for range 10 {
			l.allowPiece()
			time.Sleep(500 * time.Millisecond)
		}
		assert.Equal(t, 5, conn.writeDeadlines)
	})
}

// TestLegPasses ensures that a client gets what there is for it before the server
// waits for more, and that nobody waits for more when the client is gone.
func TestLegPasses(t *testing.T) {
	conn := &fakeConn{}
	l := legFrom(strings.NewReader("hello"))
	l.client = new(server).newConnection(conn)
	l.client.out.WriteString("head")
	l.in.Peek(1)
	assert.Equal(t, "head", conn.out.String())
	writes := conn.writes
	l.in.Discard(5)
	l.in.Peek(1)
	assert.Equal(t, writes, conn.writes, "there was nothing")
	l = legFrom(strings.NewReader("hello"))
	l.client = new(server).newConnection(brokenConn{&fakeConn{}})
	l.client.out.WriteString("head")
	_, err := l.in.Peek(1)
	assert.ErrorIs(t, err, errGone)
	l = legFrom(strings.NewReader("hello"))
	l.client = new(server).newConnection(brokenConn{&fakeConn{}})
	l.client.out.Write(make([]byte, 2*outSize))
	_, err = l.in.Peek(1)
	assert.ErrorIs(t, err, errGone, "it was noticed before")
}

// A brokenConn takes nothing.
type brokenConn struct{ net.Conn }

// Write returns errBroken.
func (brokenConn) Write([]byte) (int, error) { return 0, errBroken }

// TestLegAlive ensures that what has come, and was not asked for, is noticed also
// where it is already here.
func TestLegAlive(t *testing.T) {
	l := legFrom(strings.NewReader("hello"))
	l.in.Peek(1)
	assert.False(t, l.alive())
	got, _ := io.ReadAll(l.in)
	assert.Equal(t, "hello", string(got))
}
