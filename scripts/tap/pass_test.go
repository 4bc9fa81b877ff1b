package tap

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// randomBytes returns so many bytes, others for each seed.
func randomBytes(seed byte, n int) []byte {
	data := make([]byte, n)
	rand.NewChaCha8([32]byte{seed}).Read(data)
	return data
}

// TestPassBytes ensures that whatever is sent arrives as it is, in both directions
// at the same time, and that each can end before the other.
func TestPassBytes(t *testing.T) {
	there, back := randomBytes(1, 3<<20), randomBytes(2, 5<<20)
	arrived := make(chan []byte, 1)
	tap := startTap(t, serveEach(t, func(conn *net.TCPConn) {
		go func() {
			conn.Write(back)
			conn.CloseWrite()
		}()
		data, _ := io.ReadAll(conn)
		arrived <- data
	}))
	conn := connect(t, tap.address())
	go func() {
		conn.Write(there)
		conn.CloseWrite()
	}()
	data, err := io.ReadAll(conn)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(back, data), "%d bytes came, not the %d that were sent", len(data), len(back))
	data = <-arrived
	assert.True(t, bytes.Equal(there, data), "%d bytes came, not the %d that were sent", len(data), len(there))
}

// TestPassHalfClose ensures that a server which answers only when the client has
// said all can do so.
func TestPassHalfClose(t *testing.T) {
	tap := startTap(t, serveEach(t, func(conn *net.TCPConn) {
		data, _ := io.ReadAll(conn)
		conn.Write(append([]byte("you said "), data...))
	}))
	assert.Equal(t, "you said hello", ask(t, tap.address(), "hello"))
	eventually(t, func() bool { return strings.HasSuffix(tap.paper.String(), "\n* closed\n") }, "the end is shown")
	assert.Regexp(t, `\n> hello\\\n(\n#.*\n)\* half-close\n(\n#.*\n)< you said hello\\\n(\n#.*\n)\* closed\n$`, tap.paper.String())
}

// TestPassAtOnce ensures that no byte waits for another.
func TestPassAtOnce(t *testing.T) {
	tap := startTap(t, serveEach(t, func(conn *net.TCPConn) { io.Copy(conn, conn) }))
	conn := connect(t, tap.address())
	for i := range 256 {
		_, err := conn.Write([]byte{byte(i)})
		require.NoError(t, err)
		var back [1]byte
		_, err = io.ReadFull(conn, back[:])
		require.NoError(t, err)
		require.Equal(t, byte(i), back[0])
	}
}

// TestPassResetOfServer ensures that a reset of the server is one for the client.
func TestPassResetOfServer(t *testing.T) {
	tap := startTap(t, serveEach(t, func(conn *net.TCPConn) {
		io.ReadFull(conn, make([]byte, 5))
		conn.SetLinger(0)
	}))
	conn := connect(t, tap.address())
	_, err := io.WriteString(conn, "hello")
	require.NoError(t, err)
	_, err = conn.Read(make([]byte, 1))
	require.Error(t, err)
	assert.NotErrorIs(t, err, io.EOF, "a reset, and not a close")
	assert.NotErrorIs(t, err, os.ErrDeadlineExceeded)
	eventually(t, func() bool { return strings.HasSuffix(tap.paper.String(), "\n* dropped\n") }, "the reset is shown")
}

// TestPassResetOfClient ensures that a reset of the client is one for the server.
func TestPassResetOfClient(t *testing.T) {
	ended := make(chan error, 1)
	tap := startTap(t, serveEach(t, func(conn *net.TCPConn) {
		conn.Write([]byte("hello"))
		_, err := io.Copy(io.Discard, conn)
		ended <- err
	}))
	conn := connect(t, tap.address())
	_, err := io.ReadFull(conn, make([]byte, 5))
	require.NoError(t, err)
	require.NoError(t, conn.SetLinger(0))
	require.NoError(t, conn.Close())
	err = <-ended
	require.Error(t, err, "a reset, and not a close")
	assert.NotErrorIs(t, err, os.ErrDeadlineExceeded)
	eventually(t, func() bool { return strings.HasSuffix(tap.paper.String(), "\n* reset\n") }, "the reset is shown")
}

// TestPassLeave ensures that a server is told when nobody is left to read.
func TestPassLeave(t *testing.T) {
	ended := make(chan error, 1)
	tap := startTap(t, serveEach(t, func(conn *net.TCPConn) {
		io.Copy(io.Discard, conn)
		for {
			if _, err := conn.Write(make([]byte, 1000)); err != nil {
				ended <- err
				return
			}
		}
	}))
	require.NoError(t, connect(t, tap.address()).Close())
	assert.NotErrorIs(t, <-ended, os.ErrDeadlineExceeded)
	eventually(t, func() bool { return strings.HasSuffix(tap.paper.String(), "\n* leave\n") }, "the end is shown")
}

// TestPassSlowReader ensures that a client which does not read holds up the
// server, that nothing piles up in the tap, and that nothing is lost.
func TestPassSlowReader(t *testing.T) {
	const size = 96 << 20
	piece := randomBytes(3, 1<<20)
	var sent atomic.Int64
	tap := startTap(t, serveEach(t, func(conn *net.TCPConn) {
		for sent.Load() < size {
			n, err := conn.Write(piece)
			if sent.Add(int64(n)); err != nil {
				return
			}
		}
	}))
	conn := connect(t, tap.address())
	last := int64(-1)
	eventually(t, func() bool {
		before := last
		last = sent.Load()
		time.Sleep(100 * time.Millisecond)
		return last > 0 && before == last && sent.Load() == last
	}, "the server is held up")
	assert.Less(t, last, int64(size))
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	assert.Less(t, memory.HeapAlloc, uint64(32<<20), "the tap keeps what the client does not take")
	read := make([]byte, len(piece))
	for range size / len(piece) {
		_, err := io.ReadFull(conn, read)
		require.NoError(t, err)
		require.True(t, bytes.Equal(piece, read))
	}
	_, err := conn.Read(read)
	assert.Equal(t, io.EOF, err)
}

// TestPassMany ensures that open connections which have said little cost little.
func TestPassMany(t *testing.T) {
	const connections = 300
	tap := startTap(t, serveEach(t, func(conn *net.TCPConn) {
		var word [5]byte
		for {
			if _, err := io.ReadFull(conn, word[:]); err != nil {
				return
			}
			conn.Write(word[:])
		}
	}))
	inUse := func() uint64 {
		var memory runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&memory)
		return memory.HeapAlloc
	}
	before := inUse()
	for range connections {
		conn := connect(t, tap.address())
		_, err := io.WriteString(conn, "hello")
		require.NoError(t, err)
		_, err = io.ReadFull(conn, make([]byte, 5))
		require.NoError(t, err)
	}
	assert.Less(t, inUse(), before+connections*pieceSize/2)
}

// TestPassWebSocket ensures that an upgraded connection works.
func TestPassWebSocket(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		for {
			kind, data, err := conn.Read(r.Context())
			if err != nil || conn.Write(r.Context(), kind, data) != nil {
				return
			}
		}
	}))
	defer server.Close()
	tap := startTap(t, server.Listener.Addr().String())
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://"+tap.address(), nil)
	require.NoError(t, err)
	defer conn.CloseNow()
	for range 20 {
		require.NoError(t, conn.Write(ctx, websocket.MessageText, []byte("hello")))
		_, data, err := conn.Read(ctx)
		require.NoError(t, err)
		require.Equal(t, "hello", string(data))
	}
	require.NoError(t, conn.Close(websocket.StatusNormalClosure, "good-bye"))
	eventually(t, func() bool { return strings.Contains(tap.paper.String(), "good-bye") }, "the last word is shown")
	assert.Equal(t, 20, strings.Count(tap.paper.String(), `< \x81\x05hello\`), "each message stands in its turn")
}

// quietAddress returns an address at which nobody listens. Its port is below those
// that a system picks by itself: so nobody comes in between.
func quietAddress(t *testing.T) string {
	for range 100 {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(10_000+rand.IntN(20_000)))
		if listener, err := net.Listen("tcp", address); err == nil {
			require.NoError(t, listener.Close())
			return address
		}
	}
	require.Fail(t, "found no free port between 10000 and 30000")
	return ""
}

// TestNobodyListens ensures that the tap says so when there is no server, and
// goes on.
func TestNobodyListens(t *testing.T) {
	target := quietAddress(t)
	tap := startTap(t, target)
	conn, err := net.DialTimeout("tcp", tap.address(), limit)
	if err == nil { // Else it was dropped that soon.
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(limit))
		_, err = conn.Read(make([]byte, 1))
	}
	require.Error(t, err)
	assert.NotErrorIs(t, err, os.ErrDeadlineExceeded)
	eventually(t, func() bool { return strings.Contains(tap.paper.String(), "nobody listens at "+target) }, "it is said")
	assert.Contains(t, tap.paper.String(), "start the server there")
	tap.record.mu.Lock()
	assert.Contains(t, tap.record.exchanges[0].notes[0], "nobody listens")
	tap.record.mu.Unlock()

	listener, err := net.Listen("tcp", target)
	require.NoError(t, err)
	defer listener.Close()
	go func() {
		if conn, err := listener.Accept(); err == nil {
			conn.Write([]byte("here I am"))
			conn.Close()
		}
	}()
	assert.Equal(t, "here I am", ask(t, tap.address(), ""))
}

// TestNothingIsLeft ensures that many connections at a time are passed, and that
// nothing is left of them.
func TestNothingIsLeft(t *testing.T) {
	tap := startTap(t, serveEach(t, func(conn *net.TCPConn) { io.Copy(conn, conn) }))
	assert.Equal(t, "first", ask(t, tap.address(), "first"))
	// The collector would close what nobody else closes.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	before := runtime.NumGoroutine()
	sockets := openSockets()
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			conn, err := net.Dial("tcp", tap.address())
			if !assert.NoError(t, err) {
				return
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(limit))
			data := randomBytes(byte(i), 2_000)
			go func() {
				conn.Write(data)
				switch i % 3 {
				case 0:
					conn.(*net.TCPConn).CloseWrite()
				case 1:
					conn.(*net.TCPConn).SetLinger(0)
				}
			}()
			back := make([]byte, len(data))
			_, err = io.ReadFull(conn, back)
			assert.NoError(t, err)
			assert.True(t, bytes.Equal(data, back))
		})
	}
	all.Wait()
	eventually(t, func() bool { return runtime.NumGoroutine() <= before }, "no goroutine is left")
	eventually(t, func() bool { return openSockets() <= sockets }, "no socket is left")
}

// openSockets returns how many sockets this process has open, 0 where nobody
// knows.
func openSockets() (n int) {
	entries, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range entries {
		if name, _ := os.Readlink("/proc/self/fd/" + entry.Name()); strings.HasPrefix(name, "socket:") {
			n++
		}
	}
	return n
}

// TestStop ensures that the end of the tap is the end of its connections, and of
// nothing else that is shown of them.
func TestStop(t *testing.T) {
	ended := make(chan error, 1)
	tap := startTap(t, serveEach(t, func(conn *net.TCPConn) {
		conn.Write([]byte("a\n"))
		_, err := io.Copy(io.Discard, conn)
		ended <- err
	}))
	conn := connect(t, tap.address())
	_, err := io.ReadFull(conn, make([]byte, 2))
	require.NoError(t, err)
	tap.stop()
	_, err = conn.Read(make([]byte, 1))
	assert.Equal(t, io.EOF, err)
	assert.NoError(t, <-ended)
	_, err = net.DialTimeout("tcp", tap.address(), limit)
	assert.Error(t, err)
	assert.False(t, strings.Contains(tap.paper.String(), "\n*"), "nothing has happened but that the tap ends")
	assert.False(t, errors.Is(err, os.ErrDeadlineExceeded))
}
