package scripts

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"example.com/webserver/scripts/exercise"
)

const (
	// startLimit is how long a server may take until it listens. Another
	// program may have to be compiled first.
	startLimit = 30 * time.Second

	// startAgainLimit is how long it may take in a run in which something has
	// taken too long already.
	startAgainLimit = 5 * time.Second

	// stopLimit is how long a server may take to end before it is killed.
	stopLimit = 5 * time.Second
)

// A process is a server that runs.
type process struct {
	// address is HOST:PORT, where it can be reached.
	address string

	cmd   *exec.Cmd
	leash io.Closer
	log   *logBuffer

	// exited is closed when the process has ended; err then says how.
	exited chan struct{}
	err    error
}

// start starts a server in a directory and waits until it can be reached. The
// arguments are a program, and what follows it.
func start(directory string, environ []string, args ...string) (*process, error) {
	p := &process{log: newLogBuffer(), exited: make(chan struct{})}
	p.cmd = exec.Command(args[0], args[1:]...)
	p.cmd.Dir = directory
	p.cmd.Env = append(slices.Clone(environ), exercise.LeashVariable+"=1")
	if os.Getenv("GORACE") == "" {
		// The race detector lets every program end a second late, unless told not
		// to; a script ends many.
		p.cmd.Env = append(p.cmd.Env, "GORACE=atexit_sleep_ms=10")
	}
	p.cmd.Stdout = p.log
	p.cmd.Stderr = p.log
	p.cmd.WaitDelay = stopLimit // Not less: what it printed last may be read late.
	leash, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	p.leash = leash
	if err := startModest(p.cmd); err != nil {
		return nil, err
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.exited)
	}()
	return p, nil
}

// firstLine is what a stage prints once it listens.
var firstLine = regexp.MustCompile(`(?m)^serving .*on http://(\S+:\d+)/`)

// waitForLine waits until a stage has said where it listens, for a limited time.
func (p *process) waitForLine(limit time.Duration) error {
	said := func(log string) bool {
		parts := firstLine.FindStringSubmatch(log)
		if parts != nil {
			p.address = parts[1]
		}
		return parts != nil
	}
	if p.log.wait(said, p.exited, limit) {
		return nil
	}
	return p.notServing(limit, "it did not print a first line such as: serving on http://localhost:8080/")
}

// waitForPort waits until something accepts connections at a port of this
// machine, for a limited time.
func (p *process) waitForPort(port string, limit time.Duration) error {
	p.address = "localhost:" + port // A program may listen at either of its addresses, 127.0.0.1 and ::1.
	late := time.After(limit)
	for {
		conn, err := net.DialTimeout("tcp", p.address, limit)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-p.exited:
			return p.notServing(limit, "")
		case <-late:
			return p.notServing(limit, "nothing accepts connections on port "+port)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// notServing is the error of a server that cannot be reached.
func (p *process) notServing(limit time.Duration, otherwise string) error {
	select {
	case <-p.exited:
		return fmt.Errorf("the server ended before it was listening: %s\n%s", p.how(), p.said())
	default:
		return fmt.Errorf("the server is running, but after %v %s\n%s", limit, otherwise, p.said())
	}
}

// how says how a process ended that has ended.
func (p *process) how() string {
	if p.err == nil {
		return "exit status 0"
	}
	return p.err.Error()
}

// said returns what the server has printed, for a report.
func (p *process) said() string {
	text := p.log.String()
	if text == "" {
		return "It printed nothing."
	}
	return "It printed:\n" + indent(text)
}

// stop ends the server, kindly first, and waits until it is gone.
func (p *process) stop() {
	p.leash.Close()
	select {
	case <-p.exited:
	case <-time.After(stopLimit):
		p.cmd.Process.Kill()
		<-p.exited
	}
}

// given are the claims to the ports that freePort has returned.
var given sync.Map

// freePort returns a port of this machine that nobody uses at the moment. It is
// below those that a system picks by itself, for connections and for port 0, so
// that no other test comes in between.
//
// The tests of several packages run at the same time, and at some of the ports
// that they are given they do not listen. So each port is claimed, until it is
// released, by the one with the same number for UDP, at which nobody listens
// else.
func freePort() (string, error) {
	for range 100 {
		port := strconv.Itoa(10_000 + rand.IntN(20_000))
		address := net.JoinHostPort("127.0.0.1", port)
		claim, err := net.ListenPacket("udp", address)
		if err != nil {
			continue
		}
		if listener, err := net.Listen("tcp", address); err == nil {
			given.Store(port, claim)
			return port, listener.Close()
		}
		claim.Close()
	}
	return "", errors.New("found no free port between 10000 and 30000")
}

// releasePort gives back a port that freePort has returned.
func releasePort(port string) {
	if claim, ok := given.LoadAndDelete(port); ok {
		claim.(net.PacketConn).Close()
	}
}

// foreignCommand takes apart the command line of another program. It runs in
// a directory of the script, so names of files are made absolute: they are
// looked up in the stage's folder and at the top of the workbook.
func foreignCommand(text string) ([]string, error) {
	words, err := splitWords(text)
	if err != nil {
		return nil, err
	}
	for i, word := range words {
		if words[i], err = absolute(word); err != nil {
			return nil, err
		}
	}
	if _, err := exec.LookPath(words[0]); err != nil {
		return nil, fmt.Errorf("-server %q: %w", text, err)
	}
	return words, nil
}

// splitWords splits a command line at its spaces. Quotes, single or double,
// hold a word together; nothing else is special.
func splitWords(text string) ([]string, error) {
	var words []string
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		word, rest, _ := strings.Cut(text, " ")
		if quote := text[:1]; quote == `"` || quote == "'" {
			var found bool
			if word, rest, found = strings.Cut(text[1:], quote); !found {
				return nil, fmt.Errorf("-server %s: the quote is not closed", text)
			}
		}
		words, text = append(words, word), rest
	}
	if len(words) == 0 {
		return nil, errors.New("-server needs a command, such as 'python3 my_server.py'")
	}
	return words, nil
}

// absolute returns the full name of a file of the stage's folder or of the top
// of the workbook, and every other word as it is.
func absolute(word string) (string, error) {
	if filepath.IsAbs(word) {
		return word, nil
	}
	var found []string
	for _, folder := range []string{".", ".."} {
		name, err := filepath.Abs(filepath.Join(folder, word))
		if err != nil {
			return "", err
		}
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			found = append(found, name)
		}
	}
	switch len(found) {
	case 0:
		return word, nil
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("-server: there are two files of this name, %s and %s; write the full name", found[0], found[1])
}

// A logBuffer takes what a server prints, and lets others wait for it.
type logBuffer struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

// logLimit is how much of what a server prints is kept.
const logLimit = 1 << 20

// newLogBuffer returns an empty buffer.
func newLogBuffer() *logBuffer { return &logBuffer{changed: make(chan struct{})} }

// Write adds to the log. Beyond the limit it forgets what it is given.
func (b *logBuffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.text.Len() < logLimit {
		b.text.Write(data)
	}
	close(b.changed)
	b.changed = make(chan struct{})
	return len(data), nil
}

// String returns the log.
func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// cut takes what was printed after the first n bytes out of the log, and
// returns it.
func (b *logBuffer) cut(n int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	rest := string(b.text.Bytes()[n:])
	b.text.Truncate(n)
	return rest
}

// wait waits until the log satisfies a condition. It returns false when it
// does not, after the limit or when the process has exited.
func (b *logBuffer) wait(enough func(string) bool, exited <-chan struct{}, limit time.Duration) bool {
	timeout := time.After(limit)
	for {
		b.mu.Lock()
		text, changed := b.text.String(), b.changed
		b.mu.Unlock()
		if enough(text) {
			return true
		}
		select {
		case <-changed:
		case <-exited:
			return enough(b.String())
		case <-timeout:
			return false
		}
	}
}
