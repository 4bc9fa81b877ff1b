// Package exercise knows the exercises of the workbook: where they stand, what
// they ask, what a learner has made of them, and how a program is built from
// that.
//
// The files, in reading order: workbook.go (the stages), exercise.go (one
// exercise), page.go (its page), start.go (what is copied for a learner),
// patch.go (its solution), build.go (a program).
package exercise

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The files in the folder of an exercise.
const (
	// PageFile is the task, with its hints.
	PageFile = "README.md"

	// CheckFile is the wire script that a solution passes.
	CheckFile = "check.txtar"

	// SolutionFile is our solution, as a patch of the stage.
	SolutionFile = "solution.patch"

	// WrongFile makes the stage a wrong server, where the exercise is to write
	// the script that catches it.
	WrongFile = "wrong.patch"

	// CatchFile is where a learner writes that script.
	CatchFile = "catch.txtar"

	// CaughtFile is our script that catches it.
	CaughtFile = "solution.txtar"
)

// An Exercise is a task in a folder of its own, STAGE/exercises/NAME.
type Exercise struct {
	// Top is the top folder of the workbook.
	Top string

	// Stage is the name of the stage's folder.
	Stage string

	// Name is the name of the exercise's folder.
	Name string
}

// String returns the exercise as a learner names it: stage2-files/pages.
func (e Exercise) String() string { return e.Stage + "/" + e.Name }

// Path returns the folder as a learner types it at the top of the workbook:
// stage2-files/exercises/pages.
func (e Exercise) Path() string { return e.Stage + "/exercises/" + e.Name }

// Folder returns the folder as this system names it.
func (e Exercise) Folder() string { return filepath.Join(e.Top, filepath.FromSlash(e.Path())) }

// File returns a file of the exercise.
func (e Exercise) File(name string) string { return filepath.Join(e.Folder(), name) }

// StageFolder returns the folder of the stage.
func (e Exercise) StageFolder() string { return filepath.Join(e.Top, e.Stage) }

// has reports whether the exercise has a file.
func (e Exercise) has(name string) bool {
	_, err := os.Stat(e.File(name))
	return err == nil
}

// IsCatch reports whether the task is to write a script that catches a wrong
// server, rather than to change the server.
func (e Exercise) IsCatch() bool { return e.has(WrongFile) }

// Started reports whether the folder holds a learner's work: Go code or, where
// a script is to be written, that script.
func (e Exercise) Started() (bool, error) {
	if e.IsCatch() {
		return e.has(CatchFile), nil
	}
	sources, err := Sources(e.Folder())
	return len(sources) > 0, err
}

// linkForm is how a chapter links to one of its exercises.
var linkForm = regexp.MustCompile(`\(exercises/([\w-]+)/README\.md\)`)

// In returns the exercises of a stage: those to which its chapter links, in that
// order. The folder of the exercises is not read for it: go test would take it
// for a change of the workbook whenever a learner writes there.
func In(top, stage string) ([]Exercise, error) {
	chapter, err := os.ReadFile(filepath.Join(top, stage, PageFile))
	if err != nil {
		return nil, err
	}
	var found []Exercise
	for _, parts := range linkForm.FindAllStringSubmatch(string(chapter), -1) {
		e := Exercise{Top: top, Stage: stage, Name: parts[1]}
		if !slices.Contains(found, e) {
			found = append(found, e)
		}
	}
	return found, nil
}

// All returns the exercises of the workbook, stage by stage.
func All(top string) ([]Exercise, error) {
	stages, err := Stages(top)
	if err != nil {
		return nil, err
	}
	var all []Exercise
	for _, stage := range stages {
		found, err := In(top, stage)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// Find returns the exercise that a learner means: stage2-files/pages, or
// pages where no other stage has one of that name, or the path of its folder.
func Find(top, meant string) (Exercise, error) {
	all, err := All(top)
	if err != nil {
		return Exercise{}, err
	}
	meant = strings.Trim(strings.TrimPrefix(filepath.ToSlash(meant), "./"), "/")
	meant = strings.Replace(meant, "/exercises/", "/", 1)
	var found []string
	var e Exercise
	for _, candidate := range all {
		if meant == candidate.String() || meant == candidate.Name {
			e = candidate
			found = append(found, candidate.String())
		}
	}
	switch len(found) {
	case 0:
		return e, fmt.Errorf("there is no exercise %q; go run ./scripts/workbook shows which there are%s", meant, near(all, meant))
	case 1:
		return e, nil
	}
	return Exercise{}, fmt.Errorf("there is more than one exercise %q; name one of %s", meant, strings.Join(found, ", "))
}

// near returns a question about the exercise whose name is nearest to the one
// that was typed, or nothing where none is near.
func near(all []Exercise, meant string) string {
	name := strings.ToLower(meant[strings.LastIndex(meant, "/")+1:])
	best, least := "", 3
	for _, candidate := range all {
		if d := distance(name, candidate.Name); d < least {
			best, least = candidate.String(), d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance returns how many letters must be changed, put in or taken out to make
// one word of another.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}

// replacesForm is a line of a check that names a script of the stage which a
// solution must break, and the reason.
var replacesForm = regexp.MustCompile(`(?m)^# Replaces (stage\d-\w+/[\w-]+):`)

// Replaces returns the scripts whose behavior the exercise changes on purpose,
// such as stage1-hello/hello: with a solution, they no longer hold.
func (e Exercise) Replaces() ([]string, error) {
	check, err := os.ReadFile(e.File(CheckFile))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, parts := range replacesForm.FindAllStringSubmatch(string(check), -1) {
		names = append(names, parts[1])
	}
	return names, nil
}
