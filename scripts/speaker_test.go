package scripts

import (
	"cmp"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A speaker is a server of one connection. When it returns, the connection is
// closed, and what the client still sends is read: left unread, it would make a
// reset of that. A speaker that wants a reset closes the connection itself.
type speaker func(conn *net.TCPConn)

// connect starts a speaker, and returns a connection to it. The test does not
// end before the speaker does.
func connect(t *testing.T, speak speaker) *net.TCPConn {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	conn, err := net.Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	accepted, err := listener.Accept()
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer accepted.Close()
		speak(accepted.(*net.TCPConn))
		if accepted.(*net.TCPConn).CloseWrite() == nil {
			io.Copy(io.Discard, accepted)
		}
	}()
	t.Cleanup(func() {
		conn.Close()
		<-done
	})
	return conn.(*net.TCPConn)
}

// readHead reads a head, one byte at a time so that it takes nothing behind it.
func readHead(conn net.Conn) string {
	var head strings.Builder
	for one := make([]byte, 1); !strings.HasSuffix(head.String(), "\r\n\r\n"); {
		if _, err := conn.Read(one); err != nil {
			break
		}
		head.Write(one)
	}
	return head.String()
}

// says is the speaker that reads a head, replies and closes.
func says(reply string) speaker {
	return func(conn *net.TCPConn) {
		readHead(conn)
		io.WriteString(conn, reply)
	}
}

// stays makes of a speaker one that leaves the closing to the client.
func (speak speaker) stays() speaker {
	return func(conn *net.TCPConn) {
		speak(conn)
		io.Copy(io.Discard, conn)
	}
}

// silent is the speaker that reads, and says nothing.
func silent(conn *net.TCPConn) { io.Copy(io.Discard, conn) }

// resets is the speaker that reads a head and resets the connection.
func resets(conn *net.TCPConn) {
	readHead(conn)
	conn.SetLinger(0)
	conn.Close()
}

// leavesUnread is the speaker that reads a head, says a byte, and closes the
// connection whatever is still to be read.
func leavesUnread(conn *net.TCPConn) {
	says("a")(conn)
	conn.Close()
}

// readsOnce is the speaker that takes one read for one request.
func readsOnce(conn *net.TCPConn) {
	request := make([]byte, 4096)
	n, _ := conn.Read(request)
	if strings.HasSuffix(string(request[:n]), "\r\n\r\n") {
		io.WriteString(conn, helloReply)
	} else {
		io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
	}
}

// answersOnce is the speaker that takes one read for one request, and does not
// look at what it has read.
func answersOnce(conn *net.TCPConn) {
	conn.Read(make([]byte, 4096))
	io.WriteString(conn, helloReply)
}

// tags is the speaker that answers a first request with an entity tag, and
// another one with the field line in which that is sent back, as content.
func tags(tag string) speaker {
	return func(conn *net.TCPConn) {
		readHead(conn)
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nETag: "+tag+"\r\nContent-Length: 0\r\n\r\n")
		_, field, _ := strings.Cut(readHead(conn), "\r\n")
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: "+strconv.Itoa(len(field))+"\r\n\r\n"+field)
	}
}

// tagTalk is a transcript for it.
const tagTalk = `> GET /hello.txt HTTP/1.1\r\n
> \r\n
< HTTP/1.1 200 OK\r\n
< ETag: <entity-tag>\r\n
< ...
> GET /hello.txt HTTP/1.1\r\n
> If-None-Match: <entity-tag>\r\n
> \r\n
`

// helloTalk is a transcript, and helloReply what it wants.
const (
	helloTalk = `> GET /hello.txt HTTP/1.1\r\n
> Host: localhost\r\n
> \r\n
< HTTP/1.1 200 OK\r\n
< Content-Type: text/plain; charset=utf-8\r\n
< Content-Length: 6\r\n
< ...
< \r\n
< hello\n
* closed
`
	helloReply = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n"
)

// A talk is a transcript, and how it is played.
type talk struct {
	text     string
	drip     bool
	patience time.Duration

	// dripPause is ample where a speaker is to answer too early: however busy
	// the machine, it gets to see the first byte by itself.
	dripPause time.Duration

	// quietPause is ample if it is zero, for speakers close the connection after
	// their reply: a report is to tell so, however late they do.
	quietPause time.Duration

	// extraPause is ample where something comes that should not.
	extraPause time.Duration

	// came is what came before.
	came memory

	// gaveUp counts how often the patience was not enough.
	gaveUp int

	// calls are what was done with the connection: "read", or the bytes that
	// were written.
	calls []string
}

// A recorder is a connection that notes what is done with it.
type recorder struct {
	*net.TCPConn
	calls *[]string
}

// Read notes that something is read and reads it.
func (r recorder) Read(data []byte) (int, error) {
	*r.calls = append(*r.calls, "read")
	return r.TCPConn.Read(data)
}

// Write notes the data and writes it.
func (r recorder) Write(data []byte) (int, error) {
	*r.calls = append(*r.calls, string(data))
	return r.TCPConn.Write(data)
}

// lines returns the lines of the transcript. A pause of a second is one that is
// broken, however late: for that it lasts a minute, though no script may say so.
func (k *talk) lines(t *testing.T) []line {
	t.Helper()
	lines, err := readTranscript("talk", k.text, k.came)
	require.NoError(t, err)
	for _, l := range lines {
		if slices.Equal(l.words, []string{"pause", "1s"}) {
			l.words[1] = "1m"
		}
	}
	return lines
}

// play plays the transcript against a speaker.
func (k *talk) play(t *testing.T, speak speaker) *failure {
	t.Helper()
	patience := k.patience
	if patience == 0 {
		patience = time.Minute // Never used up, unless the test fails.
	}
	p := player{
		conn:     recorder{connect(t, speak), &k.calls},
		patience: func() time.Duration { return patience },
		gaveUp:   func() { k.gaveUp++; patience = time.Hour }, // A report must tell the patience that it had.
		drip:     k.drip,
		came:     k.came,

		dripPause:  k.dripPause,
		quietPause: cmp.Or(k.quietPause, time.Minute),
	}
	return p.play(k.lines(t))
}
