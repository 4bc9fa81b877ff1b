package scripts

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/webserver/scripts/exercise"
)

// Exercises checks what a learner has made of the exercises of the stage in
// whose folder the test runs. An exercise that has not been started is skipped.
func Exercises(t *testing.T) {
	stage, err := currentStage()
	if err != nil {
		t.Fatal(err)
	}
	if *serverFlag != "" {
		t.Skip("-server plays the scripts of the stage, and no exercise")
	}
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	exercises, err := exercise.In(filepath.Dir(folder), filepath.Base(folder))
	if err != nil {
		t.Fatal(err)
	}
	looked := len(exercises) == 0
	for _, e := range exercises {
		t.Run(e.Name, func(t *testing.T) {
			looked = true
			started, err := e.Started()
			if err != nil {
				t.Fatal(err)
			}
			if !started {
				leaveOut(t, e)
			}
			t.Parallel()
			p := play{stage: stage, takes: takes(stage), patience: ownPatience(), verbose: testing.Verbose()}
			if e.IsCatch() {
				p.checkCatch(t, e)
			} else {
				p.checkSolution(t, e)
			}
		})
	}
	if !looked {
		t.Error("there is no exercise of this name; go run ./scripts/workbook shows which there are")
	}
}

// leaveOut ends the check of an exercise that has not been started. Who asks for
// it by name must not read ok when there is nothing to check.
func leaveOut(t *testing.T, e exercise.Exercise) {
	why := fmt.Sprintf("not started; to start it: go run ./scripts/workbook start %s", e)
	if isAskedFor(e) {
		t.Fatal(why)
	}
	t.Skip(why)
}

// isAskedFor reports whether go test was told to check this exercise by name.
func isAskedFor(e exercise.Exercise) bool {
	return regexp.MustCompile(`^\^?TestExercises\$?/\^?` + regexp.QuoteMeta(e.Name) + `\$?$`).MatchString(flag.Lookup("test.run").Value.String())
}

// checkSolution builds what a learner has written, and plays the check of the
// exercise with it and then, if that passes, the scripts of the stage.
func (p play) checkSolution(t *testing.T, e exercise.Exercise) {
	if _, err := exercise.Read(e.Folder()); err != nil { // An edit makes an old test result worthless: go test notes what is read.
		t.Fatal(err)
	}
	program, err := exercise.Build(e.Folder(), nil, t.TempDir())
	if compile := (*exercise.CompileError)(nil); errors.As(err, &compile) {
		t.Fatalf("FAIL: it does not compile: %s", strings.TrimPrefix(indent(compile.Output), "  "))
	}
	if err != nil {
		t.Fatal(err)
	}
	p.program = program
	check := p
	check.file = filepath.Join("exercises", e.Name, exercise.CheckFile)
	if !t.Run("check", check.run) {
		return
	}
	replaced, err := e.Replaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Names(p.stage) {
		if slices.Contains(replaced, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p.script(name).run(t)
		})
	}
}

// checkCatch plays a script that a learner has written, with the right server
// and with the wrong one.
func (p play) checkCatch(t *testing.T, e exercise.Exercise) {
	file := filepath.Join("exercises", e.Name, exercise.CatchFile)
	files, err := e.Patched(exercise.WrongFile)
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := exercise.Build(e.StageFolder(), files, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	p.file = file
	if why := p.catches(wrong); why != "" {
		t.Fatal(why)
	}
}

// catches plays the script with the right server, which is the stage's own or
// p.program, and with a wrong one. It returns "" if the script passes with the
// one and fails with the other; otherwise what is missing.
func (p play) catches(wrong string) string {
	for _, p.drip = range []bool{false, true} {
		switch outcome := p.try(); {
		case outcome.Failed:
			return "FAIL: " + p.file + ": it must pass with the right server, which is that of the stage, but fails there:\n" + outcome.Log
		case outcome.Skipped:
			return "FAIL: " + p.file + ": it skips itself, so it catches nothing\n" + outcome.Log
		}
	}
	p.program = wrong
	for _, p.drip = range []bool{false, true} {
		if p.try().Failed {
			return ""
		}
	}
	return "FAIL: " + p.file + ": it passes with the right server, as it should, but with the wrong one, too"
}

// Catches plays a learner's script with the right server of a stage and with a
// wrong one, both built by the package exercise. It returns "" if the script
// tells them apart, and otherwise why not.
func Catches(file string, stage int, right, wrong string) string {
	p := play{stage: stage, takes: takes(stage), file: file, program: right, patience: newPatience()}
	return p.catches(wrong)
}
