package bench

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// upstreamRole makes the test binary the application behind the proxies.
const upstreamRole = "upstream"

// upstreamServer is that application. It should take as little processor time as
// it can, as it takes it from the proxies.
func upstreamServer(t testing.TB) server {
	self, err := os.Executable()
	require.NoError(t, err)
	return server{name: "upstream", role: upstreamRole, command: []string{self}}
}

// serveUpstream answers all requests until standard input ends.
func serveUpstream([]string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "serving constants on http://%s/\n", listener.Addr())
	go func() {
		io.Copy(io.Discard, os.Stdin)
		listener.Close()
	}()
	constants := newConstants()
	for {
		conn, err := listener.Accept()
		if err != nil {
			return nil
		}
		go constants.answer(conn)
	}
}

// constants are what the upstream answers, by target, and the content that an
// upload must have.
type constants struct {
	replies map[string][]byte
	upload  []byte
}

// newConstants returns them, ready to be sent.
func newConstants() constants {
	c := constants{map[string][]byte{}, []byte(uploaded())}
	for target, content := range newApplication().content {
		c.replies[target] = fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nServer: upstream\r\nDate: %s\r\n"+
			"Content-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s",
			modified.Format("Mon, 02 Jan 2006 15:04:05 GMT"), len(content), content)
	}
	return c
}

// answer answers the requests that come over conn, one after another. At the
// first that it does not expect, it closes conn: what the proxy makes of that is
// seen by the clients. As it knows what is asked, it need not read the fields.
func (c constants) answer(conn net.Conn) error {
	defer conn.Close()
	buffer := make([]byte, headLimit+len(c.upload))
	for {
		head, begun, err := readHead(conn, buffer)
		if err != nil {
			return err
		}
		line, _, _ := bytes.Cut(head, []byte("\r\n"))
		words := strings.Split(string(line), " ")
		reply, ok := c.replies[words[min(1, len(words)-1)]]
		if !ok {
			return fmt.Errorf("nothing is known of %q", line)
		}
		var wanted []byte
		if words[0] == "POST" {
			wanted = c.upload
		}
		if err := expect(conn, wanted, begun, buffer); err != nil {
			return err
		}
		if _, err := conn.Write(reply); err != nil {
			return err
		}
	}
}

// headLimit is how many bytes the head of a request may have.
const headLimit = 8 << 10

// readHead reads the head of a request into a buffer, and the content as far as
// that came with it.
func readHead(conn net.Conn, buffer []byte) (head, begun []byte, err error) {
	for got := 0; got < len(buffer); {
		n, err := conn.Read(buffer[got:])
		if err != nil {
			return nil, nil, err
		}
		got += n
		if head, begun, found := bytes.Cut(buffer[:got], []byte("\r\n\r\n")); found {
			return head, begun, nil
		}
	}
	return nil, nil, errors.New("the head is too long")
}

// expect reads content, of which some has begun to come. Nothing but what is
// wanted may come.
func expect(conn net.Conn, wanted, come, buffer []byte) error {
	for {
		if !bytes.HasPrefix(wanted, come) {
			return errors.New("the content is not what was wanted")
		}
		if wanted = wanted[len(come):]; len(wanted) == 0 {
			return nil
		}
		n, err := conn.Read(buffer)
		if err != nil {
			return err
		}
		come = buffer[:n]
	}
}
