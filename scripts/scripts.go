// Package scripts is how the workbook checks its servers: it starts one, holds
// the conversation that a script writes down, and shows what differs.
//
// The files, in reading order: scripts.go (which scripts a stage plays),
// exercises.go (which an exercise plays), play.go (one script and its outcome),
// serve.go and leash.go (a server as a process), commands.go (what a script
// can say), files.go (of which those about files), inside.go (about what goes on
// inside a server), interrupt.go (about its end), behind.go (about what stands
// behind it) and programs.go (about programs that are built), notation.go,
// quote.go and recall.go (how a transcript is written), wire.go, directive.go,
// sender.go and upstream.go (how it is played), match.go, head.go and chunks.go
// (how what came is compared), say.go, elsewhere.go, report.go and curl.go (how a
// difference is told), known.go (how one is waited for). README.md says how to
// write a script.
package scripts

import (
	"embed"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"example.com/webserver/scripts/exercise"
)

// scriptFiles are the scripts. Run takes its list from here, so that they are
// part of the test binary: go test never takes an old result for a new script.
//
//go:embed stage*/*.txtar
var scriptFiles embed.FS

// serverFlag plays the scripts against another program than the stage.
var serverFlag = flag.String("server", "", "play the scripts against `COMMAND`, any program that takes PORT ROOT")

// slowFlag plays all scripts.
var slowFlag = flag.Bool("slow", false, "play also the scripts that wait for long")

// Main is the TestMain of a stage: it runs the tests, or program, which is the
// stage's main, when a test starts the stage. It does not return.
func Main(m *testing.M, program func()) {
	testscript.Main(waiting{m}, map[string]func(){
		programName: leashed(program),
		keeperName:  keeper,
	})
}

// waiting are tests that spend most of their time waiting.
type waiting struct{ m *testing.M }

// Run runs the tests, more of them at a time than the machine has cores.
func (w waiting) Run() int {
	flag.Parse()
	if err := flag.Set("test.parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0))); err != nil {
		panic(err) // There is no such flag.
	}
	defer CleanUp()
	return w.m.Run()
}

// Run plays the scripts of the stage in whose folder the test runs, and those
// of all stages before it. Each is played whole and then, if it passed, one
// byte at a time, every time with a fresh server.
func Run(t *testing.T) {
	stage, err := currentStage()
	if err != nil {
		t.Fatal(err)
	}
	p, err := ownPlay(stage)
	if err != nil {
		t.Fatal(err)
	}
	played := 0
	for _, name := range Names(stage) {
		t.Run(name, func(t *testing.T) {
			played++
			t.Parallel()
			p.script(name).run(t)
		})
	}
	if played == 0 {
		t.Error("no script was played; their names are written as in -run TestWire/stage1-hello/close")
	}
}

// ownPlay returns how scripts are played with the stage's own program or, with
// -server, with another one in its place.
func ownPlay(stage int) (play, error) {
	p := play{stage: stage, takes: takes(stage), patience: ownPatience(), verbose: testing.Verbose()}
	if *serverFlag == "" {
		return p, nil
	}
	var err error
	p.foreign, err = foreignCommand(*serverFlag)
	return p, err
}

// Names returns the names of the scripts that a stage plays, its own and those
// of the stages before it: stage1-hello/close and so on.
func Names(stage int) []string {
	var names []string
	for folder := 1; folder <= stage; folder++ {
		found, err := fs.Glob(scriptFiles, fmt.Sprintf("stage%d-*/*.txtar", folder))
		if err != nil {
			panic(err) // The pattern is malformed.
		}
		for _, file := range found {
			names = append(names, strings.TrimSuffix(file, ".txtar"))
		}
	}
	return names
}

// currentStage returns the number of the stage in whose folder a test runs.
func currentStage() (int, error) {
	directory, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	stage := exercise.StageNumber(filepath.Base(directory))
	if stage == 0 {
		return 0, fmt.Errorf("%s is not the folder of a stage", directory)
	}
	return stage, nil
}
