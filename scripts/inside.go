package scripts

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// limit limits how many files the last server may have open.
func (p *play) limit(ts *testscript.TestScript, args []string) {
	n, err := strconv.ParseUint(args[0], 10, 16)
	if err != nil {
		ts.Fatalf("%s is not a number of files", args[0])
	}
	if p.foreign != nil {
		ts.Fatalf("limit is about the stage's own program; begin the script with: [foreign] skip 'it runs below another program'")
	}
	ts.Check(limitFiles(p.running(ts).cmd.Process.Pid, n))
}

// peakMemory is the line of /proc/PID/status with the most memory ever used.
var peakMemory = regexp.MustCompile(`(?m)^VmHWM:\s*(\d+) kB$`)

// memory checks the most memory that the last server has used.
func (p *play) memory(ts *testscript.TestScript, args []string) {
	limit, err := parseSize(args[0])
	ts.Check(err)
	if runtime.GOOS != "linux" || p.foreign != nil {
		return
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.running(ts).cmd.Process.Pid))
	ts.Check(err)
	parts := peakMemory.FindSubmatch(status)
	if parts == nil {
		return // A kernel that does not count.
	}
	if kilobytes, _ := strconv.ParseInt(string(parts[1]), 10, 64); kilobytes<<10 > limit {
		ts.Fatalf("the server has used %d MiB of memory; the script allows %s", kilobytes>>10, args[0])
	}
}

// goroutineLine is the line with which the trace of a goroutine begins.
var goroutineLine = regexp.MustCompile(`(?m)^goroutine \d+ `)

// goroutines ends the last server in such a way that it prints the traces of
// its goroutines, and counts them.
func (p *play) goroutines(ts *testscript.TestScript, args []string) {
	most, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("%s is not a number of goroutines", args[0])
	}
	if p.foreign != nil {
		ts.Fatalf("goroutines is about the stage's own program; begin the script with: [foreign] skip 'another program has none'")
	}
	server := p.running(ts)
	before := len(server.log.String())
	if askForTraces(server.cmd.Process) != nil {
		return // This system cannot ask.
	}
	select {
	case <-server.exited:
	case <-time.After(stopLimit):
		ts.Fatalf("the server did not end when asked for its traces")
	}
	traces := server.log.String()[before:]
	if n := len(goroutineLine.FindAllString(traces, -1)); n > most {
		ts.Fatalf("%d goroutines were left in the server; the script allows %d. One of them:\n%s", n, most, indent(lastTrace(traces)))
	}
}

// lastTrace returns the trace of the goroutine that was started last.
func lastTrace(traces string) string {
	at := goroutineLine.FindAllStringIndex(traces, -1)
	trace, _, _ := strings.Cut(traces[at[len(at)-1][0]:], "\n\n")
	return trace
}
