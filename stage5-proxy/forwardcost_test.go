//go:build !race

package main

import (
	"bufio"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestForwardAllocations ensures that a forwarded request on connections that are
// kept costs no more memory than it does today, or hardly more. With the race
// detector, which allocates as well, it is left out.
func TestForwardAllocations(t *testing.T) {
	const host = " HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: test\r\nAccept: */*\r\n"
	tests := map[string]struct {
		request string
		most    float64
	}{
		"GET":  {"GET /app/x" + host + "\r\n", 55},
		"POST": {"POST /app/x" + host + "Content-Length: 5\r\n\r\nhello", 60},
	}
	address := listenFor(t, func(conn net.Conn) {
		in := bufio.NewReader(conn)
		content := make([]byte, 5)
		for {
			first, err := in.ReadSlice('\n')
			if err != nil {
				return
			}
			hasContent := first[0] == 'P'
			for len(first) > 2 {
				first, _ = in.ReadSlice('\n')
			}
			if hasContent {
				io.ReadFull(in, content)
			}
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n")
		}
	})
	s := newRouted(t, "/app=http://"+address)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			const times = 200
			conn := &fakeConn{}
			got := testing.AllocsPerRun(3, func() {
				conn.in = &repeating{test.request, times}
				conn.out.Reset()
				s.handle(placed{conn, "192.0.2.1:80", "192.0.2.7:4711"})
			}) / times
			t.Logf("%.1f allocations", got)
			assert.LessOrEqual(t, got, test.most)
		})
	}
}
