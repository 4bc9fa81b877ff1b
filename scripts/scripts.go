// Package scripts is how the workbook checks its servers: it starts one, holds
// the conversation that a script writes down, and shows what differs.
//
// The files, in reading order: scripts.go (which scripts a stage plays),
// serve.go and leash.go (a server as a process), commands.go (what a script
// can say) and files.go (of which those about files), notation.go (how a
// transcript is written), wire.go and directive.go (how it is played), match.go
// and head.go (how what came is compared), say.go, report.go and curl.go (how a
// difference is told). README.md says how to write a script.
package scripts

import (
	"embed"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptFiles are the scripts. Run takes its list from here, so that they are
// part of the test binary: go test never takes an old result for a new script.
//
//go:embed stage*/*.txtar
var scriptFiles embed.FS

// serverFlag plays the scripts against another program than the stage.
var serverFlag = flag.String("server", "", "play the scripts against `COMMAND`, any program that takes PORT ROOT")

// Main is the TestMain of a stage: it runs the tests, or program, which is the
// stage's main, when a test starts the stage. It does not return.
func Main(m *testing.M, program func()) {
	// The race detector lets every program end a second late, unless told not
	// to; a script ends many.
	if os.Getenv("GORACE") == "" {
		os.Setenv("GORACE", "atexit_sleep_ms=10")
	}
	testscript.Main(m, map[string]func(){
		programName: leashed(program),
		keeperName:  keeper,
	})
}

// Run plays the scripts of the stage in whose folder the test runs, and those
// of all stages before it. Each is played whole and then, if it passed, one
// byte at a time, every time with a fresh server.
func Run(t *testing.T) {
	stage, err := currentStage()
	if err != nil {
		t.Fatal(err)
	}
	patience, played := newPatience(), 0
	for _, file := range scriptsOf(stage) {
		t.Run(strings.TrimSuffix(file, ".txtar"), func(t *testing.T) {
			played++
			t.Parallel()
			p := play{stage: stage, file: filepath.Join("..", "scripts", filepath.FromSlash(file)), patience: patience}
			for _, p.drip = range []bool{false, true} {
				if !t.Run(p.way(), p.run) {
					return
				}
			}
		})
	}
	if played == 0 {
		t.Error("no script was played; their names are written as in -run TestWire/stage1-hello/close")
	}
}

// way names how the bytes of a play are sent.
func (p *play) way() string {
	if p.drip {
		return "byte by byte"
	}
	return "whole"
}

// scriptsOf returns the names of the scripts that a stage plays: its own, and
// those of the stages before it.
func scriptsOf(stage int) []string {
	var names []string
	for folder := 1; folder <= stage; folder++ {
		found, err := fs.Glob(scriptFiles, fmt.Sprintf("stage%d-*/*.txtar", folder))
		if err != nil {
			panic(err) // The pattern is malformed.
		}
		names = append(names, found...)
	}
	return names
}

// stageName is the name of a stage's folder.
var stageName = regexp.MustCompile(`^stage(\d)-\w+`)

// stageNumber returns the number in the name of a stage's folder, 0 for any
// other folder.
func stageNumber(folder string) int {
	parts := stageName.FindStringSubmatch(folder)
	if parts == nil {
		return 0
	}
	n, _ := strconv.Atoi(parts[1])
	return n
}

// currentStage returns the number of the stage in whose folder a test runs.
func currentStage() (int, error) {
	directory, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	stage := stageNumber(filepath.Base(directory))
	if stage == 0 {
		return 0, fmt.Errorf("%s is not the folder of a stage", directory)
	}
	return stage, nil
}

// A play is one script, played one way.
type play struct {
	stage    int
	file     string
	drip     bool
	patience *patience

	// foreign is the command line of the program that is played instead of the
	// stage; empty for the stage itself.
	foreign []string

	// last is the server that the script started last.
	last *process
}

// run plays the script as the test t.
func (p play) run(t *testing.T) {
	if *serverFlag != "" {
		var err error
		if p.foreign, err = foreignCommand(*serverFlag); err != nil {
			t.Fatal(err)
		}
	}
	if err := checkCommands(p.file); err != nil {
		t.Fatal(err)
	}
	testscript.RunT(flat{t}, testscript.Params{
		Files:               []string{p.file},
		Cmds:                p.commands(),
		Condition:           p.condition,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Deadline:            time.Now().Add(scriptLimit),
	})
}

// scriptLimit is how long the programs that a script executes may take.
const scriptLimit = 30 * time.Second

// flat is a test that runs its one script as itself, not as a test below.
type flat struct{ *testing.T }

// Run runs f as the test itself.
func (t flat) Run(_ string, f func(testscript.T)) { f(t) }

// Parallel does nothing: the test around the script is parallel already.
func (t flat) Parallel() {}

// Verbose reports whether the log of a passing script is wanted, too.
func (t flat) Verbose() bool { return testing.Verbose() }

// stageCondition is a condition such as stage>=3.
var stageCondition = regexp.MustCompile(`^stage(>=|<)(\d)$`)

// condition decides the conditions that testscript does not know.
func (p *play) condition(text string) (bool, error) {
	if text == "foreign" {
		return p.foreign != nil, nil
	}
	parts := stageCondition.FindStringSubmatch(text)
	if parts == nil {
		return false, fmt.Errorf("it is not known; write [stage>=3], [stage<3], [foreign] (another program is played, with -server), or one of testscript's, such as [unix], [windows], [symlink], [exec:curl]")
	}
	n, _ := strconv.Atoi(parts[2])
	return (p.stage >= n) == (parts[1] == ">="), nil
}

// A patience is how long a run of scripts waits for a reply. It is ample, so
// that a busy machine fails no script; after the first disappointment the run
// has failed anyway, and the rest of it is not made to wait as long.
type patience struct {
	long, short time.Duration
	lost        atomic.Bool
}

// newPatience returns the patience for a run.
func newPatience() *patience {
	return &patience{long: 5 * time.Second, short: time.Second}
}

// now returns how long to wait for a reply.
func (p *patience) now() time.Duration {
	if p.lost.Load() {
		return p.short
	}
	return p.long
}

// start returns how long to wait for a server that starts.
func (p *patience) start() time.Duration {
	if p.lost.Load() {
		return startAgainLimit
	}
	return startLimit
}

// lose notes that a reply did not come in time.
func (p *patience) lose() { p.lost.Store(true) }
