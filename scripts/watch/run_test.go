package watch

import (
	"io"
	"net"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// accepts returns the next connection that is made to a listener.
func accepts(t *testing.T, l net.Listener) net.Conn {
	require.NoError(t, l.(*net.TCPListener).SetDeadline(time.Now().Add(deadline)))
	conn, err := l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

// listens returns a listener that is closed when the test ends.
func listens(t *testing.T) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	return l
}

// ends ensures that the program at the other end of a connection ends.
func ends(t *testing.T, conn net.Conn) {
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(deadline)))
	_, err := io.Copy(io.Discard, conn)
	if timeout, ok := err.(net.Error); ok {
		assert.False(t, timeout.Timeout(), "the program still runs")
	}
}

// TestStop ensures that a run that is ended leaves no program behind, and
// returns the checks that have not ended.
func TestStop(t *testing.T) {
	t.Parallel()
	l := listens(t)
	r := &runner{top: t.TempDir(), command: func(check) *exec.Cmd { return asProgram("check", l.Addr().String()) }}
	checks := []check{{folder: "stage1-hello"}, {folder: "stage2-files"}}
	r.start(checks)
	assert.Equal(t, news{check: checks[0], begun: true}, <-r.news)
	conn := accepts(t, l)
	_, err := io.WriteString(conn, "go on\n")
	require.NoError(t, err)
	assert.Equal(t, news{check: checks[0], passed: "TestServer"}, <-r.news)
	assert.Equal(t, checks, r.stop())
	ends(t, conn)
	assert.Nil(t, r.stop(), "nothing runs any more")
}

// TestRun ensures that the checks run one after another, each to its end.
func TestRun(t *testing.T) {
	t.Parallel()
	r := &runner{top: t.TempDir(), command: func(check) *exec.Cmd { return exec.Command("there-is-no-such-program") }}
	checks := []check{{folder: "stage1-hello"}, {folder: "stage2-files"}}
	r.start(checks)
	var done []check
	for n := range r.news {
		if r.note(n); n.done != nil {
			done = append(done, n.check)
			require.Len(t, n.done.failures, 1)
			assert.Contains(t, n.done.failures[0].report, "there-is-no-such-program")
		}
	}
	assert.Equal(t, checks, done)
	assert.Empty(t, r.stop())
}
