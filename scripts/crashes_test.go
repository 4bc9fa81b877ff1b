package scripts

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCrashes kills upstreams at random under load, and starts them again. No
// request that can be repeated is lost by it, and none is repeated that must not
// be. With -slow, it does so for a minute, and then waits until the stage is as
// it was before, and as another one is that had nothing to do.
func TestCrashes(t *testing.T) {
	b, f := newBuilds(t), newFleet(t, 3)
	args := []string{"-quiet", "0", t.TempDir(), "/count=" + f.upstreams()}
	server, idle := serveStage(t, b, stages(t)[4], args...), serveStage(t, b, stages(t)[4], args...)
	before := stateOf(t, server)
	lasts := 7 * time.Second // Long enough to kill one that has come back.
	if *slowFlag {
		lasts = time.Minute
	}
	over, calm := make(chan struct{}), make(chan error)
	go func() { calm <- f.crash(over) }()
	callers := callAll(server.address, lasts)
	close(over)
	require.NoError(t, <-calm)
	assert.Positive(t, f.kills)
	f.judge(t, callers)

	loaded := stateOf(t, server)
	if *slowFlag {
		eventually(t, func() bool { return stateOf(t, server).files <= before.files }, "no more files are open than before")
	}
	t.Logf("before: %v; after: %v; a while later: %v", before, loaded, stateOf(t, server))
	assert.Less(t, memoryOf(t, server, peakMemory), memoryLimit, "MiB of memory")
	if *slowFlag {
		few, _ := goroutinesOf(idle)
		many, where := goroutinesOf(server)
		assert.Equal(t, few, many, "goroutines; most of them are here:\n%s", where)
	}
}

// goroutinesOf ends a stage, and returns how many goroutines were in it, and
// where most of them were; nothing where the system cannot ask.
func goroutinesOf(p *process) (n int, where string) {
	before := len(p.log.String())
	if askForTraces(p.cmd.Process) != nil {
		return 0, ""
	}
	<-p.exited
	n, where, _ = countTraces(p.log.cut(before))
	return n, where
}

// judge compares what the callers were told with what the fleet has done.
func (f *fleet) judge(t *testing.T, callers []*caller) {
	times, codes, repeated := f.handled(t), map[string]int{}, 0
	var wrong []string
	for _, c := range callers {
		for request, code := range c.status {
			method, _, _ := strings.Cut(request, " ")
			codes[fmt.Sprint(method, " ", code)]++
			if method == "GET" && times[request] > 1 {
				repeated++
			}
			if why := misdeed(method, code, times[request]); why != "" {
				wrong = append(wrong, fmt.Sprintf("%s: %s; its status code is %d, and it was begun %d times", request, why, code, times[request]))
			}
		}
	}
	t.Logf("%d kills; requests by status code: %v; %d GETs were sent again", f.kills, codes, repeated)
	assert.Empty(t, wrong[:min(len(wrong), 5)], "%d requests, of which these are some", len(wrong))
}

// misdeed says what is wrong about the fate of a request, if anything is: which
// status code it got, and how often an upstream began with it.
func misdeed(method string, code, times int) string {
	switch {
	case code == 200 && times == 0:
		return "no upstream knows what was answered"
	case method == "GET" && code != 200:
		return "it is lost"
	case method == "POST" && times > 1:
		return "it was repeated"
	case method == "POST" && code != 200 && code != 502:
		return "nobody knows what became of it"
	}
	return ""
}

// A state is what a process has of the system.
type state struct{ files, threads, memory int }

// String tells it.
func (s state) String() string {
	return fmt.Sprintf("%d files, %d threads, %d MiB of memory", s.files, s.threads, s.memory)
}

// memoryNow and threadsNow are lines of /proc/PID/status.
var (
	memoryNow  = regexp.MustCompile(`(?m)^VmRSS:\s*(\d+) kB$`)
	threadsNow = regexp.MustCompile(`(?m)^Threads:\s*(\d+)$`)
)

// stateOf returns the state of a process, or zeros where the system does not
// tell.
func stateOf(t *testing.T, p *process) (s state) {
	if runtime.GOOS != "linux" {
		return s
	}
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid))
	require.NoError(t, err)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	require.NoError(t, err)
	if parts := threadsNow.FindSubmatch(status); parts != nil {
		fmt.Sscan(string(parts[1]), &s.threads)
	}
	s.files, s.memory = len(files), memoryOf(t, p, memoryNow)
	return s
}
