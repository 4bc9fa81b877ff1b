package main

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestIsQuiet ensures that a connection is quiet as long as nothing has come over
// it and nobody has ended it, and that looking takes nothing away.
func TestIsQuiet(t *testing.T) {
	others := make(chan net.Conn)
	address := listenFor(t, func(conn net.Conn) {
		others <- conn
		<-others
	})
	for name, act := range map[string]func(net.Conn){
		"nothing": nil, "a byte": func(conn net.Conn) { io.WriteString(conn, "a") },
		"the end": func(conn net.Conn) { conn.Close() }, "half an end": func(conn net.Conn) { conn.(*net.TCPConn).CloseWrite() },
		"a reset": func(conn net.Conn) { conn.(*net.TCPConn).SetLinger(0); conn.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", address)
			require.NoError(t, err)
			other := <-others
			defer func() { others <- nil }()
			l := newLeg(conn)
			assert.True(t, l.isQuiet())
			assert.True(t, l.isQuiet())
			if act == nil {
				conn.SetReadDeadline(time.Now().Add(-time.Second))
				assert.True(t, l.isQuiet(), "a deadline that is over says nothing about the other side")
				conn.Close()
				assert.False(t, l.isQuiet(), "it is not open")
				return
			}
			act(other)
			waitUntilOver(l)
			assert.False(t, l.isQuiet())
			got, _ := io.ReadAll(io.LimitReader(l.in, 1))
			assert.Equal(t, name == "a byte", string(got) == "a")
			conn.Close()
		})
	}
}
