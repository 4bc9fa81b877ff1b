//go:build !race

package main

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A repeating client sends the same request again and again, as often as told.
type repeating struct {
	request string
	left    int
}

// Read reads the request once more.
func (r *repeating) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	r.left--
	return copy(p, r.request), nil
}

// TestAllocations ensures that a request on a connection that is kept costs no
// more memory than it does today, or hardly more: what is allocated has to be
// collected. With the race detector, which allocates as well, it is left out.
func TestAllocations(t *testing.T) {
	const host = " HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: test\r\nAccept: */*\r\n"
	tests := map[string]struct {
		request string
		most    float64
	}{
		"a short file": {"GET /sub/a.txt" + host + "\r\n", 25},
		"not modified": {"GET /sub/a.txt" + host + "If-None-Match: *\r\n\r\n", 30},
		"gzip":         {"GET /sub/b.txt" + host + "Accept-Encoding: gzip\r\n\r\n", 40},
		"missing":      {"GET /missing.txt" + host + "\r\n", 33},
	}
	s := newServer(t)
	assert.NoError(t, s.root.Mkdir("sub", 0o777))
	writeSettled(t, s, "sub/a.txt", "hello\n")
	writeSettled(t, s, "sub/b.txt", strings.Repeat("hello\n", 1000))
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			const times = 1000
			conn := &fakeConn{}
			got := testing.AllocsPerRun(3, func() {
				conn.in = &repeating{test.request, times}
				conn.out.Reset()
				s.handle(conn)
			}) / times
			t.Logf("%.1f allocations", got)
			assert.LessOrEqual(t, got, test.most)
		})
	}
}
