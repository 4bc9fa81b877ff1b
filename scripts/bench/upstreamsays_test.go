package bench

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestUpstreamBites ensures that the upstream answers nothing but what it
// expects, so that no proxy that changes content gets into the measurement.
func TestUpstreamBites(t *testing.T) {
	head := "POST " + uploads + " HTTP/1.1\r\nContent-Length: 65536\r\n\r\n"
	for name, test := range map[string]struct{ said, want string }{
		"upload":    {head + uploaded(), "it has come\n"},
		"otherwise": {head + strings.Replace(uploaded(), "e", "a", 1), ""},
		"too short": {head + uploaded()[1:], ""},
		"chunked":   {head + "10000\r\n" + uploaded(), ""},
		"content":   {"GET " + shortReply + " HTTP/1.1\r\n\r\n!", ""},
		"no target": {"GET\r\n\r\n", ""},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, test.want, said(t, test.said)) })
	}
}

// said returns the content of what the upstream answers, if it does.
func said(t *testing.T, request string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	client, err := net.Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	defer client.Close()
	server, err := listener.Accept()
	require.NoError(t, err)
	go newConstants().answer(server)
	client.SetDeadline(time.Now().Add(checkLimit))
	go func() {
		io.WriteString(client, request)
		client.(*net.TCPConn).CloseWrite()
	}()
	answer, _ := io.ReadAll(client) // What is refused in the middle is reset.
	_, content, _ := strings.Cut(string(answer), "\r\n\r\n")
	return content
}
