// Package watch watches the files of the workbook. When some are saved, it runs
// the checks that follow from them, and shows the first failure until it is
// mended.
//
// The files, in reading order: watch.go (what is watched), loop.go (what is done
// when), scan.go (what the files are like), eyes.go (when they change),
// checks.go (what a check is), follow.go (which follow from a change), run.go
// and tree.go (how they run, and end early), events.go (what go test says),
// trim.go (what of it a learner must read), ledger.go (what fails), screen.go
// (what is shown).
package watch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.com/webserver/scripts/exercise"
)

// Options say what is watched, and how.
type Options struct {
	// Top is the top folder of the workbook.
	Top string

	// Name is an exercise or a stage, as a learner names it; empty for all.
	Name string

	// Poll looks at the files again and again, whatever the system tells.
	Poll bool

	Screen Screen
}

// Run watches until the context ends. It returns an error only if it cannot
// begin; no process that it has started is left.
func Run(ctx context.Context, o Options) error {
	return run(ctx, o, goTest, notify)
}

// run is Run with the command that runs a check, and with the system's way to
// tell of changes.
func run(ctx context.Context, o Options, command commandOf, open func() (*notifier, error)) error {
	p, first, err := choose(o)
	if err != nil {
		return err
	}
	l := &loop{top: o.Top, view: &view{screen: o.Screen}, runner: runner{top: o.Top, command: command}}
	l.view.open(title(o.Name))
	if o.Poll {
		open = nil
	}
	sentences := make(chan string, 10) // Eyes have few different things to say.
	eyes := newEyes(p, func(s string) { sentences <- s }, open)
	changes := make(chan []string)
	go eyes.watch(ctx, changes)
	if len(first) > 0 {
		l.begin(first)
	} else {
		l.view.says("Nothing to check yet. Save a file, and its check runs.")
	}
	l.turn(changes, sentences)
	l.stop()
	return nil
}

// title says what is watched, and how to end it.
func title(name string) string {
	if name == "" {
		name = "the stages, their exercises and the scripts"
	}
	return "Watching " + name + ". Ctrl-C ends it."
}

// choose returns what is watched, and the checks to begin with: those of what is
// named or, for all, that of the exercise in which something was saved last.
func choose(o Options) (place, []check, error) {
	stages, err := exercise.Stages(o.Top)
	if err != nil {
		return place{}, nil, err
	}
	name := strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(o.Name), "./"), "/")
	for _, stage := range stages {
		if name == stage {
			return newPlace(o.Top, stage, "scripts/"+stage), []check{{folder: stage}}, nil
		}
	}
	if name != "" {
		e, err := exercise.Find(o.Top, name)
		if err != nil {
			err = fmt.Errorf("%q is no stage, and %w", name, err)
		}
		return newPlace(o.Top, e.Path()), ofExercise(e.Stage, e.Name, exercise.CheckFile), err
	}
	all := newPlace(o.Top, append(stages, "scripts", exercise.PageFile)...)
	e, err := latest(o.Top)
	if e == nil || err != nil {
		return all, nil, err
	}
	return all, ofExercise(e.Stage, e.Name, exercise.CheckFile), nil
}

// latest returns the started exercise in which something was saved last; nil if
// none has been started.
func latest(top string) (*exercise.Exercise, error) {
	all, err := exercise.All(top)
	if err != nil {
		return nil, err
	}
	var found *exercise.Exercise
	var when time.Time
	for _, e := range all {
		if started, err := e.Started(); err != nil || !started {
			continue // A folder that cannot be read has nothing to check.
		}
		entries, err := os.ReadDir(e.Folder())
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			info, err := entry.Info()
			if err == nil && matters(entry.Name()) && info.ModTime().After(when) {
				found, when = &e, info.ModTime()
			}
		}
	}
	return found, nil
}
