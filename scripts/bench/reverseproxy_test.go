package bench

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// reverseProxyRole makes the test binary Go's own proxy.
const reverseProxyRole = "ReverseProxy"

// reverseProxy is what Go brings: httputil.ReverseProxy.
func reverseProxy(t testing.TB, upstream string) server {
	self, err := os.Executable()
	require.NoError(t, err)
	return server{
		name:    "ReverseProxy",
		role:    reverseProxyRole,
		command: []string{self, upstream},
	}
}

// serveReverseProxy hands all requests over to the address in args, until
// standard input ends. Without the settings of its transport, it would keep two
// connections and open one for most requests.
func serveReverseProxy(args []string) error {
	target := &url.URL{Scheme: "http", Host: args[0]}
	return serveHTTP(args[0], &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
			r.SetXForwarded()
		},
		Transport: &http.Transport{
			MaxIdleConnsPerHost:   1000,
			IdleConnTimeout:       10 * time.Minute,
			ResponseHeaderTimeout: 30 * time.Second,
			DisableCompression:    true,
			WriteBufferSize:       64 << 10,
			ReadBufferSize:        64 << 10,
		},
		BufferPool: &copyBuffers{},
	})
}

// copyBuffers are the buffers through which content is copied.
type copyBuffers struct{ pool sync.Pool }

// Get returns a buffer that nobody else uses.
func (b *copyBuffers) Get() []byte {
	if buffer, ok := b.pool.Get().(*[]byte); ok {
		return *buffer
	}
	return make([]byte, 32<<10)
}

// Put takes a buffer back.
func (b *copyBuffers) Put(buffer []byte) { b.pool.Put(&buffer) }
