package main

import (
	"bufio"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestRecall ensures that the goroutine which reads stops when it has to, that it
// cannot set a deadline afterwards, and that the next one can read again.
func TestRecall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, conn := net.Pipe()
		defer client.Close()
		c := new(server).newConnection(conn)
		c.lend(nil)
		stopped := make(chan error)
		go func() {
			_, err := c.in.Peek(1)
			stopped <- err
		}()
		synctest.Wait()
		c.recall()
		assert.ErrorIs(t, <-stopped, os.ErrDeadlineExceeded)
		assert.True(t, c.recalled())
		c.setReadDeadline(time.Now().Add(time.Hour))
		_, err := c.in.Peek(1)
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded, "it was told to stop")
		c.takeBack()
		assert.False(t, c.recalled())
		go io.WriteString(client, "hello")
		c.begin()
		got, err := c.in.Peek(5)
		assert.NoError(t, err)
		assert.Equal(t, "hello", string(got))
	})
}

// TestLend ensures that who reads for an application sends on what it has, before
// it waits, and leaves what is for the client to others.
func TestLend(t *testing.T) {
	var onward strings.Builder
	conn := &fakeConn{in: strings.NewReader("hello")}
	c := new(server).newConnection(conn)
	out := bufio.NewWriter(&onward)
	c.lend(out)
	out.WriteString("content")
	c.out.WriteString("response")
	_, err := c.in.Peek(1)
	assert.NoError(t, err)
	assert.Equal(t, "content", onward.String())
	assert.Empty(t, conn.out.String())
	c.takeBack()
	c.in.Discard(5)
	c.in.Peek(1)
	assert.Equal(t, "response", conn.out.String())
}
