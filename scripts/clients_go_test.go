package scripts

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A toldConn is a connection that tells when it has been closed.
type toldConn struct {
	net.Conn
	close  func() error
	closed chan struct{}
}

// dialTold opens one.
func dialTold(ctx context.Context, network, address string) (*toldConn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	told := &toldConn{Conn: conn, closed: make(chan struct{})}
	told.close = sync.OnceValue(func() error {
		defer close(told.closed)
		return conn.Close()
	})
	return told, nil
}

// Close closes it.
func (c *toldConn) Close() error { return c.close() }

// askGo asks with Go's own client. Where more has come than the response to a
// fresh wish, that closes the connection as soon as it has a look at it; if the
// next wish was faster, it would get what is there. So that is waited for.
func askGo(t *testing.T, address string, wishes []wish) []answer {
	var last atomic.Pointer[toldConn]
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialTold(ctx, network, address)
		if err != nil {
			return nil, err
		}
		last.Store(conn)
		return conn, nil
	}}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: clientLimit}
	var answers []answer
	for i, w := range wishes {
		if i > 0 && wishes[i-1].Fresh && !w.Fresh && last.Load() != nil {
			select {
			case <-last.Load().closed:
			case <-time.After(clientLimit):
			}
		}
		a, err := askGoOnce(t, client, address, w)
		if err != nil {
			a = answer{Error: err.Error()}
		}
		answers = append(answers, a)
	}
	return answers
}

// askGoOnce makes one request. Where Accept-Encoding was set by us, Go leaves
// the decoding to us, too.
func askGoOnce(t *testing.T, client *http.Client, address string, w wish) (a answer, err error) {
	var content io.Reader
	if w.Content != "" {
		content = strings.NewReader(w.Content)
	}
	if w.Chunked {
		content = io.MultiReader(content) // Its length is not known: it goes in chunks.
	}
	request, err := http.NewRequestWithContext(t.Context(), w.Method, "http://"+address+w.Target, content)
	require.NoError(t, err)
	if w.Field != "" {
		request.Header.Set(w.Field, w.Value)
	}
	response, err := client.Do(request)
	if err != nil {
		return a, err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		return a, err
	}
	a.Status = response.StatusCode
	if response.Request.URL.Path != request.URL.Path {
		a.Moved = response.Request.URL.Path
	}
	if a.Unpacked = w.Value == "gzip" && response.Header.Get("Content-Encoding") == "gzip"; a.Unpacked {
		got, err = unpack(got)
	}
	a.take(got)
	return a, err
}

// unpack decodes the coding gzip.
func unpack(packed []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}
