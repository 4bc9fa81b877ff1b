package main

import (
	"io"
	"net"
	"time"
)

// After its answer, the server reads what a client still sends, and throws it
// away: for lingerTime, and not more than lingerSize bytes. Both are ample for
// an upload that is refused, and an end for a client that has none.
const (
	lingerTime = 10 * time.Second
	lingerSize = 256 << 20
)

// linger ends the server's side of a connection, and waits until the client has
// ended its own. A server that closes a connection while bytes wait unread, or
// come later, resets it. A reset overtakes the answer: the client can lose what
// it has not yet read (RFC 9112, 9.6).
func linger(conn net.Conn) {
	// Not every net.Conn can end one side. A TCP connection can.
	half, ok := conn.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	conn.SetReadDeadline(time.Now().Add(lingerTime))
	io.CopyN(io.Discard, conn, lingerSize)
}
