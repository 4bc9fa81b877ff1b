package scripts

import (
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"example.com/webserver/scripts/exercise"
)

// A play is one script, played with one program.
type play struct {
	// stage is the number of the stage whose scripts are played.
	stage int

	// takes is how many arguments the program takes after the port; fewer than
	// a script gives where it is that of an earlier stage.
	takes int

	// file is where the script is.
	file string

	// program is the file of a program that was built from a stage; empty for
	// the stage's own, which this test binary is.
	program string

	// foreign is the command line of the program that is played instead of the
	// stage; empty for the stage itself.
	foreign []string

	// drip sends the bytes one at a time.
	drip bool

	patience *patience

	// known is the report with which the script is to fail; nil where none is known.
	known *KnownReport

	// verbose tells that the log of a script that passes is wanted, too, and in
	// every log what testscript adds to it. A report that is compared with
	// another has neither.
	verbose bool

	// last is the server that the script started last.
	last *process

	// interrupted tells that the script has interrupted it.
	interrupted bool

	// crowded tells that the script has the right to many connections.
	crowded bool

	// raced tells that the race detector has found something in a server.
	raced bool

	// came is what came in the conversations so far, and can be sent back.
	came memory

	// upstreams are those that the script has started, by name.
	upstreams map[string]*upstream
}

// takes returns how many arguments a stage takes after the port: none, then a
// document root, and at last any number of routes.
func takes(stage int) int {
	switch {
	case stage == 1:
		return 0
	case stage < 5:
		return 1
	}
	return 20
}

// script returns the play of a script of the stages.
func (p play) script(name string) play {
	p.file = filepath.Join("..", "scripts", filepath.FromSlash(name)+".txtar")
	return p
}

// run plays the script as the test t: whole and then, if it passed, one byte at
// a time, each time with a fresh server.
func (p play) run(t *testing.T) {
	for _, p.drip = range []bool{false, true} {
		passed := t.Run(p.way(), func(t *testing.T) {
			outcome := p.try()
			t.Log(outcome.Log)
			switch {
			case outcome.Failed:
				t.Fail()
			case outcome.Skipped:
				t.SkipNow()
			}
		})
		if !passed {
			return
		}
	}
}

// way names how the bytes of a play are sent.
func (p *play) way() string {
	if p.drip {
		return "byte by byte"
	}
	return "whole"
}

// An Outcome is how a script went.
type Outcome struct {
	// Failed tells that what the script says did not hold, and Skipped that the
	// script did not want to be played to its end.
	Failed, Skipped bool

	// Log is what the script did; of a script that failed, the report.
	Log string
}

// Play plays a script, which is in a file, with the program of a stage: whole
// and then, if it passed, one byte at a time. The script is that of the stage
// with the number stage; the program may be that of an earlier one, whose
// number is programStage. It was built by the package exercise.
func Play(file string, stage int, program string, programStage int) Outcome {
	return PlayKnown(nil, file, stage, program, programStage)
}

// PlayKnown plays a script as Play does. It is to fail with the report that is
// known; and what that shows is waited for.
func PlayKnown(known *KnownReport, file string, stage int, program string, programStage int) Outcome {
	p := play{stage: stage, takes: takes(programStage), file: file, program: program, patience: newPatience(), known: known}
	whole := p.try()
	if whole.Failed || whole.Skipped {
		return whole
	}
	p.drip = true
	if drip := p.try(); !drip.Skipped {
		return drip
	}
	return whole
}

// PlayWhole plays a script as Play does, but not one byte at a time.
func PlayWhole(file string, stage int, program string, programStage int) Outcome {
	p := play{stage: stage, takes: takes(programStage), file: file, program: program, patience: newPatience()}
	return p.try()
}

// try plays the script once.
func (p play) try() Outcome {
	if err := checkCommands(p.file); err != nil {
		return Outcome{Failed: true, Log: err.Error()}
	}
	buildBefore(p.file)
	r := &record{verbose: p.verbose}
	p.came, p.upstreams = memory{}, map[string]*upstream{}
	played := make(chan struct{})
	go func() {
		defer close(played)
		testscript.RunT(r, testscript.Params{
			Files:               []string{p.file},
			Cmds:                p.commands(),
			Condition:           p.condition,
			Setup:               setUp,
			RequireExplicitExec: true,
			RequireUniqueNames:  true,
			Deadline:            time.Now().Add(scriptLimit),
		})
	}()
	<-played
	r.outcome.Log = strings.TrimRight(r.outcome.Log, "\n")
	if p.raced && !r.outcome.Failed {
		r.outcome.Failed = true
		r.outcome.Log = strings.Replace(r.outcome.Log, "\nPASS", "", 1) + fmt.Sprintf("\nFAIL: %s: two goroutines used the same memory at the same time, as the server printed: WARNING: DATA RACE", p.file)
	}
	return r.outcome
}

// setUp gives a script the bytes that a line of it cannot hold.
func setUp(env *testscript.Env) error {
	env.Setenv("CR", "\r")
	env.Setenv("LF", "\n")
	return nil
}

// A record notes how a script goes. It is the test that testscript reports to.
type record struct {
	outcome Outcome
	verbose bool
}

// Skip notes that the script is not played to its end, and ends it.
func (r *record) Skip(args ...any) {
	r.Log(args...)
	r.outcome.Skipped = true
	runtime.Goexit()
}

// Fatal notes why the script failed, and ends it.
func (r *record) Fatal(args ...any) {
	r.Log(args...)
	r.FailNow()
}

// FailNow notes that the script failed, and ends it.
func (r *record) FailNow() {
	r.outcome.Failed = true
	runtime.Goexit()
}

// Log adds to the log.
func (r *record) Log(args ...any) { r.outcome.Log += fmt.Sprintln(args...) }

// Run runs the one script there is.
func (r *record) Run(_ string, f func(testscript.T)) { f(r) }

// Parallel does nothing: the test around the script is parallel already.
func (r *record) Parallel() {}

// Verbose reports whether the log of a passing script is wanted, too.
func (r *record) Verbose() bool { return r.verbose }

// scriptLimit is how long the programs that a script executes may take.
const scriptLimit = 30 * time.Second

// stageCondition is a condition such as stage>=3.
var stageCondition = regexp.MustCompile(`^stage(>=|<)(\d)$`)

// condition decides the conditions that testscript does not know.
func (p *play) condition(text string) (bool, error) {
	switch text {
	case "foreign":
		return p.foreign != nil, nil
	case "drip":
		return p.drip, nil
	case "slow":
		return *slowFlag, nil
	case "modes":
		return modesHold(), nil
	}
	parts := stageCondition.FindStringSubmatch(text)
	if parts == nil {
		return false, fmt.Errorf("it is not known; write [stage>=3], [stage<3], [foreign] (another program is played, with -server), [drip] (it is played one byte at a time), [slow] (go test was given -slow), [modes] (the mode of a file can keep a server from reading it), or one of testscript's, such as [unix], [windows], [symlink], [exec:curl]")
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

// ownPatience returns the patience for a run with the program of a stage or of a
// reader. When it has the race detector, it takes longer for everything.
func ownPatience() *patience {
	p := newPatience()
	if exercise.RaceDetector() {
		p.long *= 4
	}
	return p
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
