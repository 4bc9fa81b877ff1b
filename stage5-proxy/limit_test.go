package main

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestAdmit ensures who is served, who is turned away, and who is dropped, by
// how many are there already.
func TestAdmit(t *testing.T) {
	tests := map[string]struct {
		open int64
		want string
	}{
		"nobody":           {0, "HTTP/1.1 200 OK"},
		"the last place":   {connectionLimit - 1, "HTTP/1.1 200 OK"},
		"no place":         {connectionLimit, "HTTP/1.1 503 Service Unavailable"},
		"the last refusal": {connectionLimit + refusalLimit - 1, "HTTP/1.1 503 Service Unavailable"},
		"far too many":     {connectionLimit + refusalLimit, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.connections.Store(test.open)
			client, conn := net.Pipe()
			var got []byte
			var running sync.WaitGroup
			running.Go(func() { io.WriteString(client, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") })
			running.Go(func() { got, _ = io.ReadAll(client) })
			s.admit(conn)
			running.Wait()
			line, _, _ := strings.Cut(string(got), "\r\n")
			assert.Equal(t, test.want, line)
			assert.Equal(t, test.want != "", strings.Contains(string(got), "\r\nConnection: close\r\n"))
			free := func() bool { return s.connections.Load() == test.open }
			assert.Eventually(t, free, 5*time.Second, time.Millisecond, "the place is free again")
		})
	}
}
