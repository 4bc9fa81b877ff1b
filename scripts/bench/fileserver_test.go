package bench

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fileServerRole makes the test binary Go's own file server.
const fileServerRole = "net/http"

// fileServer is what Go brings: http.FileServer.
func fileServer(t testing.TB, root string) server {
	self, err := os.Executable()
	require.NoError(t, err)
	return server{
		name:    "net/http",
		role:    fileServerRole,
		command: []string{self, root},
		lacks: func(s scenario) string {
			if s.coded {
				return "it does not compress"
			}
			return ""
		},
	}
}

// serveFiles serves the directory in args until standard input ends.
func serveFiles(args []string) error {
	return serveHTTP(args[0], http.FileServer(http.Dir(args[0])))
}

// serveHTTP serves with Go's own server until standard input ends. Its limits
// are those that a server needs which strangers can reach.
func serveHTTP(what string, handler http.Handler) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       time.Minute,
	}
	fmt.Fprintf(os.Stderr, "serving %s on http://%s/\n", what, listener.Addr())
	go func() {
		io.Copy(io.Discard, os.Stdin)
		server.Close()
	}()
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}
