package main

import (
	"bufio"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A placed connection has an address on either side.
type placed struct {
	net.Conn
	local, remote string
}

// LocalAddr returns the address of the server.
func (c placed) LocalAddr() net.Addr { return stubAddr(c.local) }

// RemoteAddr returns the address of the client.
func (c placed) RemoteAddr() net.Addr { return stubAddr(c.remote) }

// SetReadDeadline does nothing, also where two goroutines call it.
func (placed) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing.
func (placed) SetWriteDeadline(time.Time) error { return nil }

// A staying client leaves when it has said all and the server waits for more, but
// not before: whoever looks whether it is still there, however late an application
// answers, finds that it is.
type staying struct {
	placed
	mu       sync.Mutex
	changed  *sync.Cond
	deadline time.Time
}

// newStaying returns a client that sends what comes over conn.
func newStaying(conn net.Conn) *staying {
	c := &staying{placed: placed{conn, "192.0.2.1:80", "192.0.2.7:4711"}}
	c.changed = sync.NewCond(&c.mu)
	return c
}

// SetReadDeadline lets Read know how long somebody will wait. Who only looks whether
// the client is there sets no limit, until it need not look any more.
func (c *staying) SetReadDeadline(deadline time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deadline = deadline
	c.changed.Broadcast()
	return nil
}

// Read reads what the client sends, and then its end.
func (c *staying) Read(p []byte) (int, error) {
	n, err := c.placed.Read(p)
	if err != io.EOF {
		return n, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.deadline.IsZero() {
		c.changed.Wait()
	}
	if !c.deadline.After(time.Now()) {
		return n, os.ErrDeadlineExceeded
	}
	return n, io.EOF
}

// A stubAddr is an address that is what it says.
type stubAddr string

// Network returns tcp.
func (stubAddr) Network() string { return "tcp" }

// String returns the address.
func (a stubAddr) String() string { return string(a) }

// newRouted returns a server for an empty directory with some routes.
func newRouted(t *testing.T, args ...string) *server {
	s := newServer(t)
	routes, err := parseRoutes(args)
	require.NoError(t, err)
	s.routes = routes
	return s
}

// routeTo makes requests for /app be handed over by some means, one for each
// upstream.
func (s *server) routeTo(all ...means) {
	upstreams := &rotation{}
	for _, m := range all {
		upstreams.all = append(upstreams.all, &upstream{name: "there", means: m})
	}
	s.routes = []*route{{pattern: "/app", segments: []string{"app"}, upstreams: upstreams}}
}

// A stubMeans hands requests over to a function.
type stubMeans func(h *handover) (*Response, error)

// hand calls the function.
func (m stubMeans) hand(h *handover) (*Response, error) { return m(h) }

// An overPipe hands requests over in HTTP, each over a pipe of its own. The other
// end of that is an application's, which is a function.
type overPipe struct {
	pool    *pool
	talk    func(conn net.Conn)
	running sync.WaitGroup
}

// newOverPipe returns the means for an application.
func newOverPipe(talk func(conn net.Conn)) *overPipe {
	return &overPipe{pool: newPool("", ""), talk: talk}
}

// hand hands a request over.
func (m *overPipe) hand(h *handover) (*Response, error) {
	if err := m.pool.enter(); err != nil {
		return nil, err
	}
	ours, theirs := net.Pipe()
	m.running.Go(func() {
		defer theirs.Close()
		m.talk(theirs)
	})
	l := newLeg(ours)
	l.client = h.Client
	response, err := (&overHTTP{m.pool}).ask(h, l)
	if err != nil {
		m.pool.leave()
	}
	return response, err
}

// close closes the connections that are kept, and waits for the application.
func (m *overPipe) close() {
	for l := m.pool.takeKept(); l != nil; l = m.pool.takeKept() {
		l.conn.Close()
	}
	m.running.Wait()
}

// converseOver returns what a client gets that sends something, when the
// application answers each request with the same bytes, whatever is asked, and
// then ends the connection.
func converseOver(t *testing.T, sent, answer string) string {
	s := newServer(t)
	m := newOverPipe(func(conn net.Conn) {
		readHead(bufio.NewReader(conn))
		io.WriteString(conn, answer)
	})
	defer m.close()
	s.routeTo(m)
	return converseFrom(s, sent)
}

// readHead reads the head of a message, and returns it.
func readHead(in *bufio.Reader) string {
	var head strings.Builder
	for {
		line, err := in.ReadString('\n')
		head.WriteString(line)
		if err != nil || line == "\r\n" {
			return head.String()
		}
	}
}

// listenFor accepts connections on a port of this machine, and lets talk have
// each. It returns the address.
func listenFor(t *testing.T, talk func(conn net.Conn)) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
			go func() {
				defer conn.Close()
				talk(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

// handoverOf returns the handover of a request that a client has sent.
func handoverOf(t *testing.T, sent string) *handover {
	s := newServer(t)
	c := s.newConnection(placed{&fakeConn{in: strings.NewReader(sent)}, "192.0.2.1:80", "192.0.2.7:4711"})
	c.begin()
	request, err := readRequest(c)
	require.NoError(t, err)
	request.Client = c
	target, err := originForm(request.Target)
	require.NoError(t, err)
	return &handover{Request: request, target: target, documentRoot: s.root.Name()}
}

// converseFrom is converse for a client that has an address, and waits for its
// answers.
func converseFrom(s *server, sent string) string {
	conn := &fakeConn{in: strings.NewReader(sent)}
	s.handle(newStaying(conn))
	return conn.out.String()
}
