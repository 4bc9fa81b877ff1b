package scripts

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	// downLimit is how long a killed upstream may stay away.
	downLimit = 600 * time.Millisecond

	// slowness is how long a stage may stand still before it acts on what it sees.
	slowness = 3 * time.Second
)

// A fleet is a number of upstreams that do the same.
type fleet struct {
	// journals is the directory with the journal of each upstream.
	journals string

	ports   []string
	running []*process

	// known is from when on every stage knows that an upstream is running.
	known []time.Time

	// kills is how many were killed.
	kills int
}

// newFleet starts a fleet.
func newFleet(t *testing.T, size int) *fleet {
	f := &fleet{journals: t.TempDir(), running: make([]*process, size), known: make([]time.Time, size)}
	for i := range size {
		port, err := freePort()
		require.NoError(t, err)
		f.ports = append(f.ports, port)
		require.NoError(t, f.start(i))
	}
	t.Cleanup(f.stop)
	return f
}

// start starts an upstream, at its port.
func (f *fleet) start(i int) error {
	p, err := start(top, os.Environ(), programName, "journal", f.ports[i], filepath.Join(f.journals, fmt.Sprint(i)))
	if err != nil {
		return err
	}
	f.running[i] = p
	return p.waitForLine(startLimit)
}

// stop ends all upstreams.
func (f *fleet) stop() {
	for _, p := range f.running {
		p.stop()
	}
}

// upstreams is the fleet as a route names it.
func (f *fleet) upstreams() string {
	return "http://127.0.0.1:" + strings.Join(f.ports, ",http://127.0.0.1:")
}

// crash kills upstreams at random, and starts them again, until it is over. At
// any time, a stage can reach one of them, whatever it has seen before.
func (f *fleet) crash(over <-chan struct{}) error {
	for wait(over) {
		victim := rand.IntN(len(f.running))
		if !f.canSpare(victim) {
			continue
		}
		killed := time.Now()
		f.running[victim].cmd.Process.Kill()
		<-f.running[victim].exited
		f.kills++
		wait(over)
		if err := f.start(victim); err != nil {
			return err
		}
		f.known[victim] = knownFrom(killed, time.Now())
	}
	return nil
}

// wait waits for as long as a killed upstream may stay away, or until it is over,
// and reports whether it goes on.
func wait(over <-chan struct{}) bool {
	select {
	case <-over:
		return false
	case <-time.After(rand.N(downLimit)):
		return true
	}
}

// knownFrom returns from when on a stage knows that an upstream is back. It leaves
// one that fails out for a second, and for twice as long each time that it finds
// it still away: so at most for twice as long as it was, and a second. The rest is
// for whoever is slow.
func knownFrom(killed, back time.Time) time.Time {
	return killed.Add(2*back.Sub(killed) + time.Second + slowness)
}

// canSpare reports whether an upstream can be killed: the stage must know that
// it was there, or would leave it out for longer than the first time, and that
// another one is.
func (f *fleet) canSpare(victim int) bool {
	now, others := time.Now(), 0
	for i, known := range f.known {
		if i != victim && now.After(known) {
			others++
		}
	}
	return others > 0 && now.After(f.known[victim])
}

// journal is an upstream that writes the target of each request down before it
// answers, at once: what it has written is there when it is killed. Its arguments
// are a port and a file.
func journal(args []string) {
	file, err := os.OpenFile(args[1], os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		panic(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+args[0])
	if err != nil {
		panic(err)
	}
	fmt.Printf("serving on http://%s/\n", listener.Addr())
	panic(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		fmt.Fprintln(file, r.Method, r.RequestURI)
		time.Sleep(rand.N(3 * time.Millisecond)) // What an application has to do.
		fmt.Fprintln(w, r.RequestURI)
	})))
}

// handled returns how often each request was begun, by method and target.
func (f *fleet) handled(t *testing.T) map[string]int {
	times := map[string]int{}
	for i := range f.ports {
		data, err := os.ReadFile(filepath.Join(f.journals, fmt.Sprint(i)))
		require.NoError(t, err)
		for line := range strings.Lines(string(data)) {
			times[strings.TrimSpace(line)]++
		}
	}
	return times
}
