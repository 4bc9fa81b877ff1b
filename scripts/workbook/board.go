package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"example.com/webserver/scripts/exercise"
)

// The states of an exercise.
const (
	notStarted = "not started"
	notYet     = "not yet"
	solved     = "solved"
)

// A row is one exercise on the board.
type row struct {
	exercise exercise.Exercise
	page     exercise.Page
	state    string

	// failure is the first thing that is not as it should be.
	failure string
}

// board shows every exercise and its state, and says what to do next.
func (d *desk) board() error {
	stages, err := exercise.Stages(d.top)
	if err != nil {
		return err
	}
	shown := make([][]row, len(stages))
	failures := make([]error, len(stages))
	var all sync.WaitGroup
	for i, stage := range stages {
		all.Go(func() { shown[i], failures[i] = d.rows(stage) })
	}
	all.Wait()
	if err := errors.Join(failures...); err != nil {
		return err
	}
	for i, stage := range stages {
		fmt.Fprintln(d.out, d.out.paint(bold, stage))
		for _, r := range shown[i] {
			fmt.Fprintln(d.out, d.line(r))
		}
		fmt.Fprintln(d.out)
	}
	_, err = io.WriteString(d.out, d.next(slices.Concat(shown...)))
	return err
}

// line returns how a row is printed.
func (d *desk) line(r row) string {
	color := map[string]string{notStarted: "", notYet: yellow, solved: green}[r.state]
	state := r.state
	if color != "" {
		state = d.out.paint(color, state)
	}
	line := fmt.Sprintf("  %-18s %-10s  %s", r.exercise.Name, r.page.Time, state)
	if r.failure != "" {
		line += ": " + r.failure
	}
	return line
}

// next returns what a learner can do now.
func (d *desk) next(rows []row) string {
	count := func(state string) (n int, first row) {
		for _, r := range slices.Backward(rows) {
			if r.state == state {
				n, first = n+1, r
			}
		}
		return n, first
	}
	done, _ := count(solved)
	begun, current := count(notYet)
	fresh, upcoming := count(notStarted)
	switch {
	case fresh == len(rows) && fresh > 0:
		return fmt.Sprintf("Nothing is wrong: the exercises wait for you, and none of them has been started.\n"+
			"Read %s/README.md first. At its end, begin with:\n\n  go run ./scripts/workbook start %s\n", upcoming.exercise.Stage, upcoming.exercise)
	case begun > 0:
		return fmt.Sprintf("%d of %d solved. To go on with %s:\n\n%s", done, len(rows), current.exercise, commands(current.exercise, current.page.Where))
	case fresh > 0:
		return fmt.Sprintf("%d of %d solved. Next:\n\n  go run ./scripts/workbook start %s\n", done, len(rows), upcoming.exercise)
	}
	return fmt.Sprintf("All %d are solved.\n", len(rows))
}

// rows returns the rows of a stage. Its tests run only if something has been
// started.
func (d *desk) rows(stage string) ([]row, error) {
	exercises, err := exercise.In(d.top, stage)
	if err != nil {
		return nil, err
	}
	var rows []row
	anyStarted := false
	for _, e := range exercises {
		page, err := e.Page()
		if err != nil {
			return nil, err
		}
		started, err := e.Started()
		if err != nil {
			return nil, err
		}
		r := row{exercise: e, page: page, state: notStarted}
		if started {
			r.state, anyStarted = notYet, true
		}
		rows = append(rows, r)
	}
	if !anyStarted {
		return rows, nil
	}
	results, err := d.test(stage)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		result, tested := results[r.exercise.Name]
		switch {
		case r.state == notStarted:
		case !tested:
			rows[i].failure = "its check did not run; see " + checkCommand(r.exercise)
		case result.passed:
			rows[i].state = solved
		default:
			rows[i].failure = result.failure()
		}
	}
	return rows, nil
}

// A result is how the check of one exercise went.
type result struct {
	passed bool

	// logs are what was printed, by the name of the test that printed it.
	logs map[string]string
}

// An event is a line of go test -json.
type event struct{ Action, Test, Output string }

// test runs the checks of a stage's exercises, and returns the results by the
// exercises' names. Where nothing has changed, go test has them at hand.
func (d *desk) test(stage string) (map[string]result, error) {
	cmd := exec.Command("go", "test", "-json", "-run", "^TestExercises$", ".")
	cmd.Dir = filepath.Join(d.top, stage)
	output, err := cmd.Output()
	if ended := (*exec.ExitError)(nil); err != nil && !errors.As(err, &ended) {
		return nil, err
	}
	results := map[string]result{}
	var rest strings.Builder
	for lines := json.NewDecoder(bytes.NewReader(output)); ; {
		var e event
		if err := lines.Decode(&e); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go test in %s printed what is not JSON: %w", stage, err)
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(e.Test, "TestExercises/"), "/")
		if name == e.Test {
			rest.WriteString(e.Output)
			continue
		}
		r, known := results[name]
		if !known {
			r.logs = map[string]string{}
		}
		r.logs[e.Test] += e.Output
		if e.Test == "TestExercises/"+name && e.Action == "pass" {
			r.passed = true
		}
		results[name] = r
	}
	if len(results) == 0 {
		return nil, fmt.Errorf("the tests of %s do not run, so its exercises cannot be checked:\n%s", stage, indent(rest.String(), "  "))
	}
	return results, nil
}

// failForm is the line of a log that says what failed, and where.
var failForm = regexp.MustCompile(`FAIL: (?:\S*[/\\])?(.+)`)

// failure returns the first thing that failed, in one line: that of the check
// rather than that of another script.
func (r result) failure() string {
	var tests []string
	for test := range r.logs {
		tests = append(tests, test)
	}
	slices.SortFunc(tests, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
	for _, test := range tests {
		for _, line := range strings.Split(r.logs[test], "\n") {
			if parts := failForm.FindStringSubmatch(line); parts != nil && !strings.Contains(line, "--- FAIL: ") {
				return parts[1]
			}
		}
	}
	return "it failed without a word"
}

// rank puts the check of an exercise before the scripts of its stage.
func rank(test string) int {
	if strings.Contains(test, "/check/") {
		return 0
	}
	return 1
}

// checkCommand returns the command that checks an exercise.
func checkCommand(e exercise.Exercise) string {
	return "go test ./" + e.Stage + " -run TestExercises/" + e.Name
}

// commands returns what to type for an exercise that has been started. Where
// says what is to be edited in its folder.
func commands(e exercise.Exercise, where string) string {
	run := "go run ./" + e.Path() + " 8080"
	if exercise.StageNumber(e.Stage) > 1 {
		run += " scripts/site"
	}
	return fmt.Sprintf("  read   %[1]s/%[2]s\n  edit   %[3]s (in %[1]s)\n  run    %[4]s\n  check  %[5]s\n  hint   go run ./scripts/workbook hint %[6]s\n",
		e.Path(), exercise.PageFile, where, run, checkCommand(e), e)
}

// atTop says where the commands are meant to be typed, if that is not here.
func (d *desk) atTop() string {
	here, err := os.Getwd()
	if err == nil {
		if here, err = filepath.EvalSymlinks(here); err == nil {
			if top, err := filepath.EvalSymlinks(d.top); err == nil && top != here {
				return " (type these at the top of the workbook, in " + d.top + ")"
			}
		}
	}
	return ""
}
