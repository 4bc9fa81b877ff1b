package watch

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// plain returns a screen that is no terminal, and what is printed on it.
func plain() (Screen, *bytes.Buffer) {
	out := &bytes.Buffer{}
	return Screen{Writer: out, Paint: func(_, text string) string { return text }}, out
}

// stage is a check of a whole stage.
var stage = check{folder: "stage1-hello"}

// ofTest returns a failure of a test of that stage.
func ofTest(test string) failure {
	return failure{folder: stage.folder, test: test, report: "report of " + test}
}

// An outcome is that of one test in a run: it fails, unless it passes.
type outcome struct {
	test   string
	passes bool
}

// play lets a loop hear of a run of checks.
func (l *loop) play(c check, outcomes ...outcome) {
	l.checks, l.left, l.held, l.fresh, l.mended, l.skipped = []check{c}, []check{c}, nil, false, nil, nil
	r := newReading("", c.folder)
	for _, o := range outcomes {
		if o.passes {
			l.hear(news{check: c, passed: o.test})
			continue
		}
		f := ofTest(o.test)
		r.failures = append(r.failures, f)
		l.hear(news{check: c, failed: &f})
	}
	done := news{check: c, done: r}
	l.note(done)
	l.hear(done)
	l.end()
}

// TestFirstFailure ensures which failure is shown over several runs, and when,
// and what is said below it.
func TestFirstFailure(t *testing.T) {
	one := check{folder: "stage1-hello", tests: []string{"TestExercises/one"}}
	two := check{folder: "stage1-hello", tests: []string{"TestExercises/two"}}
	screen, out := plain()
	l := &loop{view: &view{screen: screen}}
	says := func(want ...string) {
		t.Helper()
		assert.Equal(t, strings.Join(want, "\n")+"\n", out.String())
		out.Reset()
	}
	all := "go test ./stage1-hello"
	l.play(stage, outcome{"TestExercises/one", false}, outcome{"TestExercises/two", false})
	says(divider, "FAILS: stage1-hello/one", "report of TestExercises/one", "still checking …", "1 more fails; to see all: "+all)

	// The one that is shown still fails, though the other one is heard of first.
	l.play(stage, outcome{"TestExercises/two", false}, outcome{"TestExercises/one", false})
	says(divider, "FAILS: stage1-hello/one", "report of TestExercises/one", "still checking …", "1 more fails; to see all: "+all)

	// It stays while something else is checked.
	l.play(check{folder: "stage1-hello", tests: []string{"TestOther"}}, outcome{"TestOther", true})
	says(divider, "FAILS: stage1-hello/one", "report of TestExercises/one", "well: stage1-hello/TestOther", "1 more fails; to see all: "+all+` -run "TestExercises/two|TestExercises/one"`)

	// It is mended, and the next one is shown.
	l.play(one, outcome{"TestExercises/one", true})
	says(divider, "FAILS: stage1-hello/two", "report of TestExercises/two", "mended: stage1-hello/one", "nothing else fails; the whole report: "+all+" -run TestExercises/two")
	l.play(two, outcome{"TestExercises/two", true})
	l.begun = time.Now()
	out.Reset()
	l.play(two, outcome{"TestExercises/two", true})
	assert.NotContains(t, out.String(), "mended")
	assert.Contains(t, out.String(), "all is well: stage1-hello/two (")
	out.Reset()

	// What is shown is mended in a run in which another one had to wait.
	l.play(stage, outcome{"TestOne", false})
	out.Reset()
	l.play(stage, outcome{"TestTwo", false}, outcome{"TestOne", true})
	says(divider, "FAILS: stage1-hello/TestTwo", "report of TestTwo", "still checking …", "mended: stage1-hello/TestOne", "nothing else fails; the whole report: "+all)

	// What waited is not forgotten where the one that is shown is not run at all.
	l.play(stage, outcome{"TestThree", false})
	says(divider, "FAILS: stage1-hello/TestThree", "report of TestThree", "mended: stage1-hello/TestTwo", "nothing else fails; the whole report: "+all)
	l.play(stage)
	assert.Contains(t, out.String(), "mended: stage1-hello/TestThree\nall is well: stage1-hello (")
}

// TestMendedAfterStop ensures that a failure is said to be mended which was shown
// by a run that a save has ended.
func TestMendedAfterStop(t *testing.T) {
	screen, out := plain()
	l := &loop{view: &view{screen: screen}, checks: []check{stage}}
	l.left = l.checks
	f := ofTest("TestOne")
	l.hear(news{check: stage, failed: &f})
	l.play(stage, outcome{"TestOne", true})
	assert.Contains(t, out.String(), "mended: stage1-hello/TestOne\nall is well")
}

// TestLedger ensures what a check mends, and what not.
func TestLedger(t *testing.T) {
	exercise := check{folder: "stage1-hello", tests: []string{"TestExercises/time"}}
	other := failure{folder: "stage2-files", test: "TestWire/stage1-hello/close/whole"}
	broken := ofTest(compiles)
	tests := map[string]struct {
		before []failure
		check  check
		now    []failure
		mended []string
		after  []failure
	}{
		"mended":                        {[]failure{ofTest("TestExercises/time/check/whole")}, exercise, nil, []string{"stage1-hello/time"}, nil},
		"mended by the stage":           {[]failure{ofTest("TestExercises/time/check/whole")}, stage, nil, []string{"stage1-hello/time"}, nil},
		"fails elsewhere":               {[]failure{ofTest("TestExercises/time/check/whole")}, exercise, []failure{ofTest("TestExercises/time/a")}, nil, []failure{ofTest("TestExercises/time/a")}},
		"not covered":                   {[]failure{ofTest("TestExercises/timer"), other}, exercise, nil, nil, []failure{ofTest("TestExercises/timer"), other}},
		"it compiles again":             {[]failure{broken}, exercise, nil, []string{"stage1-hello"}, nil},
		"it does not compile any more":  {[]failure{ofTest("TestExercises/time/a")}, exercise, []failure{broken}, nil, []failure{broken}},
		"new ones come first":           {[]failure{other}, exercise, []failure{ofTest("TestExercises/time/a")}, nil, []failure{ofTest("TestExercises/time/a"), other}},
		"several of one thing are once": {[]failure{ofTest("TestExercises/time/a"), ofTest("TestExercises/time/b")}, exercise, nil, []string{"stage1-hello/time"}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			l := ledger{failures: test.before}
			assert.Equal(t, test.mended, l.enter(test.check, test.now))
			assert.Equal(t, test.after, l.failures)
		})
	}
	l := ledger{failures: []failure{ofTest("TestExercises/time/a"), other}}
	more, command := l.rest(l.failures[0], []check{exercise})
	assert.Equal(t, 1, more)
	assert.Equal(t, "go test ./stage1-hello ./stage2-files", command)
}

// TestView ensures that a terminal is cleared, and that nothing else gets codes.
func TestView(t *testing.T) {
	screen, out := plain()
	v := &view{screen: screen}
	v.open("title")
	v.note("note")
	v.busy(stage)
	v.fails(ofTest("TestOne"), "below")
	v.well("well")
	assert.Equal(t, "title\nnote\nchecking stage1-hello …\n"+divider+"\nFAILS: stage1-hello/TestOne\nreport of TestOne\nbelow\n"+divider+"\nwell\n", out.String())

	out.Reset()
	v.screen.Clears = true
	v.fails(ofTest("TestOne"), "below")
	assert.Equal(t, "\x1b[H\x1b[2Jtitle\nnote\n\nFAILS: stage1-hello/TestOne\nreport of TestOne\n\nbelow\n", out.String())
	out.Reset()
	v.busy(stage)
	assert.Contains(t, out.String(), "report of TestOne\n\nchecking stage1-hello …\n", "a report stays until more is known")
	out.Reset()
	v.well("well")
	assert.Equal(t, "\x1b[H\x1b[2Jtitle\nnote\n\nwell\n", out.String())
}

// TestChoose ensures what is watched, and what is checked at the start.
func TestChoose(t *testing.T) {
	top := small(t)
	choice := func(name string) ([]string, []check) {
		p, checks, err := choose(Options{Top: top, Name: name})
		require.NoError(t, err, name)
		return p.roots, checks
	}
	roots, checks := choose2(choice(""))
	assert.Equal(t, "stage1-hello scripts README.md", roots)
	assert.Equal(t, "", checks, "nothing was started")
	write(t, top, "stage1-hello/exercises/echo/main.go", "package main\n")
	write(t, top, "stage1-hello/exercises/time/main.go", "package main\n")
	require.NoError(t, os.Chtimes(filepath.Join(top, "stage1-hello", "exercises", "time", "main.go"), time.Time{}, time.Now().Add(time.Hour)))
	_, checks = choose2(choice(""))
	assert.Equal(t, "stage1-hello/time", checks, "the one that was saved last")
	for name, want := range map[string][2]string{
		"time":                        {"stage1-hello/exercises/time", "stage1-hello/time"},
		"stage1-hello/echo":           {"stage1-hello/exercises/echo", "stage1-hello/echo"},
		"./stage1-hello/":             {"stage1-hello scripts/stage1-hello", "stage1-hello"},
		"stage1-hello/exercises/time": {"stage1-hello/exercises/time", "stage1-hello/time"},
	} {
		roots, checks := choose2(choice(name))
		assert.Equal(t, want, [2]string{roots, checks}, name)
	}
	_, _, err := choose(Options{Top: top, Name: "nothing"})
	assert.ErrorContains(t, err, "there is no exercise")
}

// choose2 returns a choice in words.
func choose2(roots []string, checks []check) (string, string) {
	var names []string
	for _, c := range checks {
		names = append(names, c.String())
	}
	return strings.Join(roots, " "), strings.Join(names, " ")
}

// TestUnfinished ensures that a save which ends a run does not make it forgotten:
// the new run does what follows from the save first, and then the rest.
func TestUnfinished(t *testing.T) {
	t.Parallel()
	server := listens(t)
	screen, out := plain()
	l := &loop{top: t.TempDir(), view: &view{screen: screen}}
	l.runner = runner{top: l.top, command: func(check) *exec.Cmd { return asProgram("check", server.Addr().String()) }}
	changes := make(chan []string)
	l.begin([]check{{folder: "stage5-proxy"}})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.turn(changes, nil)
	}()
	first := accepts(t, server)
	changes <- []string{"stage1-hello/exercises/time/main.go"}
	ends(t, first)
	second := accepts(t, server)
	changes <- []string{"stage5-proxy/main.go", "stage1-hello/NOTES.md"}
	ends(t, second)
	accepts(t, server)
	close(changes)
	<-ended
	assert.Equal(t, []check{{folder: "stage5-proxy"}, {folder: "stage1-hello", tests: []string{"TestExercises/time"}}}, l.stop())
	assert.Equal(t, "checking stage5-proxy …\nchecking stage1-hello/time …\nchecking stage5-proxy …\n", out.String())
}
