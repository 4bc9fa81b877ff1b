package scripts

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/exercise"
)

// An application is one that a web server hands requests over to: a program that
// no one here wrote, with a few lines in testdata/applications for it to run.
type application struct {
	name string

	// start starts it for the length of a test, and skips the test where the
	// program is missing. It returns the document root and the routes for the
	// stage, and where the application then is, such as /flask/.
	start func(t *testing.T) (args []string, place string)

	// visits are the names of what it can do.
	visits []string
}

// everywhere are the visits to all of them.
var everywhere = []string{
	"hello", "form", "raw", "chunked", "continue", "download", "moved", "busy", "broken", "events",
}

// knownApplications are those that the tests know. Where a stage looks for a
// script, it also has to take care which one, and to keep what that complains
// about.
var knownApplications = []application{
	{"gunicorn", startGunicorn("http://"), with("leaves")},
	{"gunicorn-unix", startGunicorn("unix:"), with("leaves")},
	{"php", startPHP("fastcgi://"), with("leaves", "log", "php")},
	{"php-unix", startPHP("fastcgi:unix:"), with("leaves", "log", "php")},
	{"node", startNode, with("leaves", "hints", "trailer", "echo")},
	{"python-cgi", startPythonCGI, with("ends", "log", "cgi")},
	{"perl-cgi", startPerlCGI, with("ends", "log", "cgi", "local")},
}

// with returns the visits everywhere, with others.
func with(names ...string) []string { return slices.Concat(everywhere, names) }

// A guest visits an application that is behind a stage.
type guest struct {
	// url is where it is, with a slash at the end.
	url string

	// server is the stage.
	server *process

	client *http.Client
}

// memoryLimit is how many MiB of memory a stage may use, whatever passes through
// it.
const memoryLimit = 64

// TestApplications hands requests over to programs that people use, and ensures
// that they understand what comes, and clients what they answer. With -slow,
// what is sent is long.
func TestApplications(t *testing.T) {
	t.Parallel()
	b := newBuilds(t)
	for _, app := range knownApplications {
		t.Run(app.name, func(t *testing.T) {
			if !*slowFlag {
				t.Parallel() // Else they would take the time from each other that is measured.
			}
			args, place := app.start(t)
			g := newGuest(t, serveProxy(t, b, args...), place)
			for _, name := range app.visits {
				visit, known := visits[name]
				require.True(t, known, name)
				t.Run(name, func(t *testing.T) { visit(t, g) })
			}
			if used := memoryOf(t, g.server, peakMemory); used > 0 {
				t.Logf("the most memory that the stage has used: %d MiB", used)
				assert.Less(t, used, memoryLimit, "MiB of memory")
			}
		})
	}
}

// serveProxy starts the stage that hands requests over, for the length of a test.
func serveProxy(t *testing.T, b *builds, args ...string) *process {
	return serveStage(t, b, stages(t)[4], append([]string{"0"}, args...)...)
}

// newGuest returns a guest of the application at a place of the stage.
func newGuest(t *testing.T, server *process, place string) *guest {
	transport := &http.Transport{DisableCompression: true, ExpectContinueTimeout: clientLimit}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport, Timeout: clientLimit}
	if *slowFlag {
		client.Timeout = 10 * clientLimit
	}
	return &guest{url: "http://" + server.address + place, server: server, client: client}
}

// memoryOf returns how many MiB of memory a process uses, or has used at most,
// after the line of /proc/PID/status that says it. It is 0 where the system does
// not tell, and half of the truth with the race detector, which keeps books
// about the memory, in memory.
func memoryOf(t *testing.T, p *process, line *regexp.Regexp) int {
	if runtime.GOOS != "linux" {
		return 0
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	require.NoError(t, err)
	parts := line.FindSubmatch(status)
	if parts == nil {
		return 0 // A kernel that does not count.
	}
	kilobytes, err := strconv.Atoi(string(parts[1]))
	require.NoError(t, err)
	if exercise.RaceDetector() {
		kilobytes /= 2
	}
	return kilobytes >> 10
}

// eventually waits until a condition holds.
func eventually(t *testing.T, holds func() bool, says string) {
	t.Helper()
	late := time.After(2 * clientLimit)
	for !holds() {
		select {
		case <-late:
			require.Fail(t, "still not so: "+says)
		case <-time.After(10 * time.Millisecond):
		}
	}
}
