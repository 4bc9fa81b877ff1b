package bench

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/exercise"
)

const (
	// startLimit is how long a server may take until it listens.
	startLimit = 20 * time.Second

	// stopLimit is how long it may take to end before it is killed.
	stopLimit = 10 * time.Second
)

// A process is a server that runs.
type process struct {
	// address is IP:PORT, and pid the process that answers there, or the one
	// that has started those that do.
	address string
	pid     int

	cmd    *exec.Cmd
	leash  io.Closer
	said   *firstLine
	exited chan struct{}
}

// start starts the server and waits until it listens. It ends with the test, or
// before, by stop. Its standard input is the leash: when this program ends,
// whatever the reason, the server does.
func (s server) start(t testing.TB) *process {
	p := &process{said: newFirstLine(), exited: make(chan struct{})}
	p.cmd = exec.Command(s.command[0], s.command[1:]...)
	p.cmd.Env = append(os.Environ(), exercise.LeashVariable+"=1", roleVariable+"="+s.role)
	if os.Getenv("GORACE") == "" {
		// The race detector lets a program end a second late, unless told not to.
		p.cmd.Env = append(p.cmd.Env, "GORACE=atexit_sleep_ms=10")
	}
	p.cmd.Stderr = p.said
	p.cmd.WaitDelay = time.Second // Should nginx survive its keeper, do not wait for it.
	leash, err := p.cmd.StdinPipe()
	require.NoError(t, err)
	p.leash = leash
	require.NoError(t, p.cmd.Start())
	go func() {
		p.cmd.Wait()
		close(p.exited)
	}()
	t.Cleanup(p.stop)
	require.NoError(t, p.wait(), s.name)
	return p
}

// wait waits until the server has said where it listens.
func (p *process) wait() error {
	var problem string
	select {
	case parts := <-p.said.found:
		address, err := net.ResolveTCPAddr("tcp", parts[1])
		if err != nil {
			return err
		}
		p.address, p.pid = address.String(), p.cmd.Process.Pid
		if parts[2] != "" {
			p.pid, err = strconv.Atoi(parts[2])
		}
		return err
	case <-p.exited:
		problem = "it ended"
	case <-time.After(startLimit):
		problem = "it does not listen"
	}
	p.stop() // After that, nobody writes to the text.
	return fmt.Errorf("%s; it printed: %s", problem, p.said.text)
}

// stop ends the server, and waits until it is gone.
func (p *process) stop() {
	p.leash.Close()
	select {
	case <-p.exited:
	case <-time.After(stopLimit):
		p.cmd.Process.Kill()
		<-p.exited
	}
}

// A firstLine takes what a server prints, and finds the line that says where it
// listens.
type firstLine struct {
	once  sync.Once
	text  []byte
	found chan []string
}

// firstLineForm is that line: an address, and a process if it is not the one
// that was started.
var firstLineForm = regexp.MustCompile(`(?m)^serving .* on http://(\S+)/(?: as process (\d+))?\r?\n`)

// newFirstLine returns one that has found nothing yet.
func newFirstLine() *firstLine { return &firstLine{found: make(chan []string, 1)} }

// Write takes what the server prints, and forgets what is too much.
func (f *firstLine) Write(data []byte) (int, error) {
	if len(f.text) < 64<<10 {
		f.text = append(f.text, data...)
		if parts := firstLineForm.FindStringSubmatch(string(f.text)); parts != nil {
			f.once.Do(func() { f.found <- parts })
		}
	}
	return len(data), nil
}
