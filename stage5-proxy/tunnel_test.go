package main

import (
	"bufio"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// switching is a request and the response to it after which a connection is a
// tunnel.
const (
	switchAsked = "GET /app HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"
	switchDone  = "HTTP/1.1 101 Now\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"
)

// TestTunnelTimes ensures how long a tunnel lasts: until one side ends, or both
// were silent for too long.
func TestTunnelTimes(t *testing.T) {
	minute := func(n int, say string) (steps []step) {
		for range n {
			steps = append(steps, step{time.Minute, say})
		}
		return steps
	}
	tests := map[string]struct {
		client, app []step
		took        time.Duration
		got         string
	}{
		"silence":            {nil, []step{{time.Hour, ""}}, tunnelLimit, ""},
		"the app ends":       {nil, []step{{time.Minute, "hello"}}, time.Minute + lingerTime, "hello"},
		"the app talks":      {nil, append(minute(20, "a"), step{time.Hour, ""}), 20*time.Minute + tunnelLimit, strings.Repeat("a", 20)},
		"the client talks":   {minute(20, "a"), []step{{time.Hour, ""}}, 20*time.Minute + tunnelLimit, ""},
		"with the response":  {nil, []step{{0, "hello"}, {time.Hour, ""}}, tunnelLimit, "hello"},
		"at the last moment": {nil, []step{{tunnelLimit - time.Second, "hello"}, {time.Hour, ""}}, 2*tunnelLimit - time.Second, "hello"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			synctest.Test(t, func(t *testing.T) {
				m := newOverPipe(func(conn net.Conn) {
					conn.Read(make([]byte, 10000))
					io.WriteString(conn, switchDone)
					go drain(conn)
					for _, step := range test.app {
						time.Sleep(step.pause)
						io.WriteString(conn, step.say)
					}
				})
				s.routeTo(m)
				took, got := play(s, append([]step{{0, switchAsked}}, test.client...))
				assert.LessOrEqual(t, test.took, took)
				assert.LessOrEqual(t, took, test.took+tunnelLimit, "it takes one more look, at most")
				_, content, _ := strings.Cut(got, "\r\n\r\n")
				assert.Equal(t, test.got, content)
				m.close()
				assert.Empty(t, m.pool.inside)
			})
		})
	}
}

// tunnelled returns both ends of a tunnel over real connections, and what is
// closed when the server has done with it.
func tunnelled(t *testing.T) (client, app *net.TCPConn, done chan struct{}) {
	apps, over := make(chan net.Conn), make(chan struct{})
	t.Cleanup(func() { close(over) })
	address := listenFor(t, func(conn net.Conn) {
		readHead(bufio.NewReaderSize(conn, 16))
		io.WriteString(conn, switchDone+"first")
		apps <- conn
		<-over
	})
	done = make(chan struct{})
	s := newRouted(t, "/app=http://"+address)
	conn, err := net.Dial("tcp", listenFor(t, func(conn net.Conn) {
		s.handle(conn)
		close(done)
	}))
	require.NoError(t, err)
	conn.SetDeadline(time.Now().Add(time.Minute))
	t.Cleanup(func() { conn.Close() })
	io.WriteString(conn, switchAsked)
	other := <-apps
	other.SetDeadline(time.Now().Add(time.Minute))
	return conn.(*net.TCPConn), other.(*net.TCPConn), done
}

// TestTunnel ensures that whatever one end says, the other end gets, both at the
// same time, and also what came with the response.
func TestTunnel(t *testing.T) {
	client, app, done := tunnelled(t)
	in := bufio.NewReader(client)
	assert.Contains(t, readHead(in), "HTTP/1.1 101 Now\r\n")
	long := strings.Repeat("0123456789", 100000)
	var running sync.WaitGroup
	for _, conn := range []net.Conn{client, app} {
		running.Go(func() { io.WriteString(conn, long) })
	}
	for name, r := range map[string]io.Reader{"first": in, "": app} {
		running.Go(func() {
			got := make([]byte, len(name)+len(long))
			_, err := io.ReadFull(r, got)
			assert.NoError(t, err)
			assert.True(t, name+long == string(got))
		})
	}
	running.Wait()
	client.Close()
	app.Close()
	<-done
}

// TestTunnelHalfClose ensures that an end which says nothing more still gets what
// the other one has to say, whichever it is.
func TestTunnelHalfClose(t *testing.T) {
	for _, clientFirst := range []bool{true, false} {
		client, app, done := tunnelled(t)
		in := bufio.NewReader(client)
		readHead(in)
		in.Discard(len("first"))
		first, last := client, app
		if !clientFirst {
			first, last = app, client
		}
		io.WriteString(first, "question")
		first.CloseWrite()
		got, err := io.ReadAll(last)
		assert.NoError(t, err)
		assert.Equal(t, "question", string(got))
		io.WriteString(last, "answer")
		last.Close()
		got, err = io.ReadAll(map[bool]io.Reader{true: in, false: app}[clientFirst])
		assert.NoError(t, err)
		assert.Equal(t, "answer", string(got))
		first.Close()
		<-done
	}
}

// TestTunnelClientLeaves ensures that an application which goes on to talk does
// not talk for long to nobody.
func TestTunnelClientLeaves(t *testing.T) {
	client, app, done := tunnelled(t)
	in := bufio.NewReader(client)
	readHead(in)
	in.Discard(len("first")) // From here on, it is a tunnel.
	client.SetLinger(0)
	client.Close()
	begin := time.Now()
	for {
		if _, err := io.WriteString(app, "hello?"); err != nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	assert.Less(t, time.Since(begin), lingerTime/2)
	<-done
}
