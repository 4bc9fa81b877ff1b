package scripts

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"example.com/webserver/scripts/exercise"
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
	if exercise.RaceDetector() {
		limit *= 2 // The race detector keeps books about the memory, in memory.
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
	n, common, times := countTraces(server.log.cut(before))
	if n > most {
		ts.Fatalf("the script allows %d goroutines in the server, and more were left; %d of them here:\n%s", most, times, indent(common))
	}
}

// goroutineLine is the line with which the trace of a goroutine begins.
var goroutineLine = regexp.MustCompile(`^goroutine \d+ .*:$`)

// countTraces returns how many goroutines of the program the traces show, where
// most of them are, and how many that is.
func countTraces(traces string) (n int, common string, times int) {
	places := map[string]int{}
	for trace := range strings.SplitSeq(traces, "\n\n") {
		lines := strings.Split(strings.TrimSpace(trace), "\n")
		if !goroutineLine.MatchString(lines[0]) {
			continue
		}
		place := placeOf(lines[1:])
		if place == "" || strings.HasPrefix(place, "created by runtime.") {
			continue // It is one of Go's own.
		}
		n++
		places[place]++
	}
	for place, count := range places {
		if count > times || count == times && place < common {
			common, times = place, count
		}
	}
	return n, common, times
}

// placeOf returns the functions of a trace, the innermost first, with the lines
// of those that the program has itself.
func placeOf(trace []string) string {
	var place strings.Builder
	for i := 0; i+1 < len(trace); i += 2 {
		function, isCreator := strings.CutPrefix(trace[i], "created by ")
		function, _, _ = strings.Cut(function, " in goroutine ")
		if at := strings.LastIndex(function, "("); at > 0 && !isCreator {
			function = function[:at] // without its arguments
		}
		if strings.HasPrefix(function, "runtime.") && !isCreator {
			continue
		}
		if isCreator {
			place.WriteString("created by ")
		}
		place.WriteString(function)
		if file, _, _ := strings.Cut(path.Base(trace[i+1]), " "); strings.HasPrefix(function, "main.") {
			place.WriteString(", " + file)
		}
		place.WriteString("\n")
	}
	return place.String()
}
