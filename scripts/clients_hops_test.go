package scripts

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// newTourUpstream starts what stands behind the last stage on the tour, for the
// length of a test, and returns its URL. It is Go's own server.
func newTourUpstream(t *testing.T) string {
	pages := http.NewServeMux()
	pages.HandleFunc("POST /app/form", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "Hello, "+r.FormValue("name")+"\n")
	})
	pages.HandleFunc("POST /app/measure", func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		fmt.Fprintln(w, n, err, r.TransferEncoding)
	})
	pages.HandleFunc("GET /app/chunked", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "a first chunk\n")
		w.(http.Flusher).Flush()
		io.WriteString(w, "and a second one\n")
	})
	pages.HandleFunc("GET /app/tagged", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		http.ServeContent(w, r, "tagged.txt", time.Time{}, strings.NewReader("tagged\n"))
	})
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	return server.URL
}

// A connectionCounter passes on what comes to another address, and counts the
// connections on which anything comes: browsers open some just in case.
type connectionCounter struct {
	address, to string
	used        atomic.Int64
}

// countConnections starts a counter for the length of a test.
func countConnections(t *testing.T, to string) *connectionCounter {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	c := &connectionCounter{address: listener.Addr().String(), to: to}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go c.pass(conn.(*net.TCPConn))
		}
	}()
	return c
}

// pass passes on one connection, both ways, until either side drops it or both
// have ended.
func (c *connectionCounter) pass(client *net.TCPConn) {
	defer client.Close()
	conn, err := net.DialTimeout("tcp", c.to, clientLimit)
	if err != nil {
		return
	}
	server := conn.(*net.TCPConn)
	defer server.Close()
	back := make(chan struct{})
	go func() {
		defer close(back)
		passOn(client, server)
	}()
	first := make([]byte, 1)
	if _, err := io.ReadFull(client, first); err == nil {
		c.used.Add(1)
		server.Write(first)
		passOn(server, client)
	} else {
		server.CloseWrite()
	}
	<-back
}

// passOn copies what comes from one connection to the other. Where it ends, the
// other ends; where it is reset, so is the other.
func passOn(to, from *net.TCPConn) {
	if _, err := io.Copy(to, from); err != nil {
		to.SetLinger(0)
		to.Close()
		from.Close()
		return
	}
	to.CloseWrite()
}
