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
func fileServer(t testing.TB) server {
	self, err := os.Executable()
	require.NoError(t, err)
	return server{
		name:    "net/http",
		role:    fileServerRole,
		command: []string{self},
		lacks: func(s scenario) string {
			if s.coded {
				return "it does not compress"
			}
			return ""
		},
	}
}

// serveFiles serves the directory in args until standard input ends. Its limits
// are those that a server needs which strangers can reach.
func serveFiles(args []string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := http.Server{
		Handler:           http.FileServer(http.Dir(args[0])),
		ReadHeaderTimeout: 10 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       time.Minute,
	}
	fmt.Fprintf(os.Stderr, "serving %s on http://%s/\n", args[0], listener.Addr())
	go func() {
		io.Copy(io.Discard, os.Stdin)
		server.Close()
	}()
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}
