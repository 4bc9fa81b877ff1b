package scripts

import (
	"bufio"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// serveReplies answers the target /N with the Nth of wrongReplies, and any other
// with the right one, for the length of a test. It returns its address.
func serveReplies(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				reply(conn.(*net.TCPConn))
			}()
		}
	}()
	return listener.Addr().String()
}

// reply answers the requests on a connection, each in one write. It ends only
// its own side, and waits for the client: so nothing is lost in a reset.
func reply(conn *net.TCPConn) {
	conn.SetDeadline(time.Now().Add(clientLimit))
	for reader := bufio.NewReader(conn); ; {
		target, err := readTarget(reader)
		if err != nil {
			return
		}
		r := wrongReplies[0]
		if number, err := strconv.Atoi(strings.TrimPrefix(target, "/")); err == nil {
			r = wrongReplies[number]
		}
		io.WriteString(conn, r.reply)
		if !r.kept {
			conn.CloseWrite()
			io.Copy(io.Discard, conn)
			return
		}
	}
}

// readTarget reads the head of a request and returns its target.
func readTarget(reader *bufio.Reader) (string, error) {
	first, err := reader.ReadString('\n')
	for line := first; line != "\r\n" && err == nil; {
		line, err = reader.ReadString('\n')
	}
	_, rest, _ := strings.Cut(first, " ")
	target, _, _ := strings.Cut(rest, " ")
	return target, err
}
