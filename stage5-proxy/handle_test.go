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

// newServer returns a server for an empty directory that logs nothing.
func newServer(t *testing.T) *server {
	root, err := os.OpenRoot(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { root.Close() })
	return &server{root: root, quiet: true}
}

// TestHandleTimeLimit ensures that no client can hold a connection for longer
// than the limits without doing anything. The clock of the test is not the real
// one: nobody waits.
func TestHandleTimeLimit(t *testing.T) {
	tests := map[string]struct {
		said string
		want time.Duration
	}{
		"nothing":                 {"", idleLimit},
		"half a request line":     {"GET /", timeLimit + pieceLimit},
		"no empty line":           {"GET / HTTP/1.1\r\nHost: localhost\r\n", timeLimit + pieceLimit},
		"a response nobody reads": {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", pieceLimit},
		"a word nobody reads":     {"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", pieceLimit},
		"a head over the limit":   {"GET /" + strings.Repeat("a", headLimit) + "\r\n\r\n", pieceLimit},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			synctest.Test(t, func(t *testing.T) {
				assert.Equal(t, test.want, timeToHandle(s, test.said))
			})
		})
	}
}

// timeToHandle returns how long a connection lasts whose client says
// something, and then neither reads nor leaves.
func timeToHandle(s *server, said string) time.Duration {
	client, conn := net.Pipe()
	defer client.Close()
	go io.WriteString(client, said)
	start := time.Now()
	s.handle(conn)
	return time.Since(start)
}

// TestHandleDribble ensures that the limit is for the whole request: a client
// that sends a byte now and then gains nothing by it.
func TestHandleDribble(t *testing.T) {
	s := newServer(t)
	synctest.Test(t, func(t *testing.T) {
		client, conn := net.Pipe()
		var dribble sync.WaitGroup
		dribble.Go(func() {
			for err := error(nil); err == nil; time.Sleep(time.Second) {
				_, err = io.WriteString(client, "a")
			}
		})
		start := time.Now()
		s.handle(conn)
		assert.Equal(t, timeLimit+pieceLimit, time.Since(start), "then the 408, which this client does not read")
		dribble.Wait()
	})
}

// TestHandleTooSlow ensures that a client whose head does not come in time is
// told so, and that one that has said nothing at all is not.
func TestHandleTooSlow(t *testing.T) {
	tests := map[string]string{"": "", "G": "HTTP/1.1 408 ", "GET / HTTP/1.1\r\nHost": "HTTP/1.1 408 "}
	for said, want := range tests {
		t.Run(said, func(t *testing.T) {
			s := newServer(t)
			synctest.Test(t, func(t *testing.T) {
				client, conn := net.Pipe()
				var reader sync.WaitGroup
				var got []byte
				reader.Go(func() {
					io.WriteString(client, said)
					got, _ = io.ReadAll(client)
				})
				start, limit := time.Now(), timeLimit
				if said == "" {
					limit = idleLimit
				}
				s.handle(conn)
				assert.Equal(t, limit, time.Since(start))
				reader.Wait()
				assert.True(t, strings.HasPrefix(string(got), want), "%q", got)
				assert.Equal(t, want == "", len(got) == 0)
			})
		})
	}
}
