package main

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestHandleTimeLimit ensures that no client can hold a connection for longer
// than timeLimit. The clock of the test is not the real one: nobody waits.
func TestHandleTimeLimit(t *testing.T) {
	tests := map[string]struct {
		said string
		want time.Duration
	}{
		"nothing":                 {"", timeLimit},
		"half a request line":     {"GET /", timeLimit},
		"no empty line":           {"GET / HTTP/1.1\r\nHost: localhost\r\n", timeLimit},
		"a response nobody reads": {"GET / HTTP/1.1\r\n\r\n", timeLimit},
		"a head over the limit":   {"GET /" + strings.Repeat("a", headLimit) + "\r\n\r\n", 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				assert.Equal(t, test.want, timeToHandle(test.said))
			})
		})
	}
}

// timeToHandle returns how long a connection lasts whose client says
// something, and then neither reads nor leaves.
func timeToHandle(said string) time.Duration {
	client, conn := net.Pipe()
	defer client.Close()
	go io.WriteString(client, said)
	start := time.Now()
	handle(conn)
	return time.Since(start)
}

// TestHandleDribble ensures that the limit is for the whole connection: a
// client that sends a byte now and then gains nothing by it.
func TestHandleDribble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, conn := net.Pipe()
		var dribble sync.WaitGroup
		dribble.Go(func() {
			for err := error(nil); err == nil; time.Sleep(time.Second) {
				_, err = io.WriteString(client, "a")
			}
		})
		start := time.Now()
		handle(conn)
		assert.Equal(t, timeLimit, time.Since(start))
		dribble.Wait()
	})
}

// TestReadHead cuts a request shorter, token by token: only the whole of it is
// a head.
func TestReadHead(t *testing.T) {
	tests := map[string]struct {
		sent string
		want error
	}{
		"whole":                   {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", nil},
		"whole, with lone LF":     {"GET / HTTP/1.1\nHost: localhost\n\n", nil},
		"no LF at the end":        {"GET / HTTP/1.1\r\nHost: localhost\r\n\r", io.EOF},
		"a CR too many":           {"GET / HTTP/1.1\r\n\r\r\n", io.EOF},
		"a line of spaces":        {"GET / HTTP/1.1\r\n  \r\n", io.EOF},
		"no empty line":           {"GET / HTTP/1.1\r\nHost: localhost\r\n", io.EOF},
		"half a field line":       {"GET / HTTP/1.1\r\nHost: local", io.EOF},
		"request line only":       {"GET / HTTP/1.1\r\n", io.EOF},
		"half a request line":     {"GET /", io.EOF},
		"nothing":                 {"", io.EOF},
		"the limit, to the byte":  {strings.Repeat("a", headLimit-4) + "\r\n\r\n", nil},
		"one byte over the limit": {strings.Repeat("a", headLimit-3) + "\r\n\r\n", io.EOF},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			client, conn := net.Pipe()
			go func() {
				io.WriteString(client, test.sent)
				client.Close()
			}()
			assert.Equal(t, test.want, readHead(conn))
			conn.Close()
		})
	}
}
