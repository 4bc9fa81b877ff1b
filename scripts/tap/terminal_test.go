package tap

import (
	"context"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTerminalStands ensures that a terminal which takes nothing any more does not
// hold up the end of a tap, and that what waits for it has a limit.
func TestTerminalStands(t *testing.T) {
	reader, writer := io.Pipe()
	defer reader.Close()
	terminal := newTerminal(writer, func(_, text string) string { return text })
	line := scriptLine{text: "> " + strings.Repeat("a", 1000)}
	terminal.print([]scriptLine{line})
	_, err := reader.Read(make([]byte, 1)) // Now it stands in the middle of this.
	require.NoError(t, err)
	for range 3 * queueLimit / len(line.text) {
		terminal.print([]scriptLine{line})
	}
	terminal.mu.Lock()
	assert.Less(t, terminal.queue.Len(), queueLimit+2*len(line.text))
	assert.NotZero(t, terminal.lost)
	terminal.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		terminal.close()
	}()
	select {
	case <-ended:
	case <-time.After(limit):
		t.Error("the end waits for the terminal")
	}
}

// A fullListener is one of a machine that has no room for connections for a
// while.
type fullListener struct {
	net.Listener
	left int
}

// Accept fails as the system does.
func (l *fullListener) Accept() (net.Conn, error) {
	if l.left--; l.left < 0 {
		return nil, net.ErrClosed
	}
	return nil, &net.OpError{Op: "accept", Err: syscall.EMFILE}
}

// TestFull ensures that a machine without room is told of once, and not ten times
// a second.
func TestFull(t *testing.T) {
	p := &paper{}
	tap, err := Listen(Options{Port: "0", Target: "1", Out: p})
	require.NoError(t, err)
	defer tap.listener.Close()
	tap.listener = &fullListener{Listener: tap.listener, left: 3}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	tap.Serve(ctx)
	<-tap.terminal.done
	assert.Equal(t, "\n# no connection can be taken at the moment: "+syscall.EMFILE.Error()+"\n", p.String())
}
