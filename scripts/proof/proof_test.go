// Package proof proves the exercises and the scripts of the workbook: a check
// fails as long as nothing is done and passes with our solution, a script fails
// on the stage before its own, and a wrong server is caught.
package proof

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts"
	"example.com/webserver/scripts/exercise"
)

// top is the top folder of the workbook, seen from this package.
var top = filepath.Join("..", "..")

// all plays each solution with the scripts of all stages before its own, too.
// That takes as long again, and they hardly ever see what those of its own stage
// do not.
var all = flag.Bool("all", false, "play solutions with the scripts of all earlier stages, too")

// update writes the reports anew. Read them before you keep them.
var update = flag.Bool("update", false, "rewrite the reports in scripts/zoo and testdata/first from what the scripts report now")

// TestMain runs the tests, more of them at a time than the machine has cores:
// most of their time is spent waiting.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	status := m.Run()
	scripts.CleanUp()
	os.Exit(status)
}

// programs are those that are built already, by what they are made of.
type programs struct {
	directory string
	exercise.Builds
}

// newPrograms returns a place to build in.
func newPrograms(t *testing.T) *programs { return &programs{directory: t.TempDir()} }

// stage returns the program of a stage as it is.
func (b *programs) stage(t *testing.T, stage string) string {
	return b.made(t, stage, func() (string, error) { return exercise.Build(filepath.Join(top, stage), nil, b.directory) })
}

// patched returns the program of an exercise's stage with one of its patches.
func (b *programs) patched(t *testing.T, e exercise.Exercise, patch string) string {
	return b.made(t, e.File(patch), func() (string, error) {
		files, err := e.Patched(patch)
		if err != nil {
			return "", err
		}
		return exercise.Build(e.StageFolder(), files, b.directory)
	})
}

// made returns what make makes, which is called once for each key.
func (b *programs) made(t *testing.T, key string, make func() (string, error)) string {
	program, err := b.Program(key, make)
	if compile := (*exercise.CompileError)(nil); errors.As(err, &compile) {
		t.Fatalf("%s does not compile:\n%s", key, compile.Output)
	}
	require.NoError(t, err)
	return program
}

// scriptFile returns the file of a script such as stage1-hello/close.
func scriptFile(name string) string {
	return filepath.Join("..", filepath.FromSlash(name)+".txtar")
}

// stageOf returns the number of the stage in the name of a script.
func stageOf(name string) int {
	folder, _, _ := strings.Cut(name, "/")
	return exercise.StageNumber(folder)
}

// unknowable are the parts of a report that are others each time.
var unknowable = []struct {
	form  *regexp.Regexp
	shown string
}{
	{regexp.MustCompile(`(localhost|127\.0\.0\.\d|\[::1?\]):\d+`), "localhost:8080"},
	{regexp.MustCompile(` \(\d+\.\d+s\)\n`), "\n"},
	{regexp.MustCompile(`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d`), "2026/01/02 15:04:05"},
	{regexp.MustCompile(`(?m)^(  2026/01/02 .*) \d+(\.\d+)?(µs|ms|s)$`), "$1 1ms"},
	{regexp.MustCompile(`(?m)^(  2026/01/02 .*) \d+(\.\d+)?(µs|ms|s) (\S+ 1ms)$`), "$1 1ms $4"},
	// Whether a client has left is seen sooner or later.
	{regexp.MustCompile(`(?m)^  2026/01/02 .*: the client left\n(  2026/01/02 .* 400 \d+ .*\n)?`), ""},
	{regexp.MustCompile(`FAIL: \S*[/\\]`), "FAIL: "},
	{regexp.MustCompile(`"([0-9a-z]+)-[0-9a-z]{11,12}-[0-9a-z]{11,12}-[0-9a-z]+`), `"$1-c88riwpgjtvk-dn503k511nlc`},
	{regexp.MustCompile(`\b[A-Z2-7]{26}\b`), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
	// What is compressed may be shorter with another version of Go.
	{regexp.MustCompile(`(Content-Encoding: gzip.*\n(?: *\^\n)? *< Content-Length: )\d+`), "${1}100"},
	{regexp.MustCompile(`each took about \d+ms`), "each took about 100ms"},
	{regexp.MustCompile(`has used \d+ MiB`), "has used 90 MiB"},
	// A server that can open no more may be told so once more, or once less.
	{regexp.MustCompile(`(?m)^  accept .* too many open files\n`), ""},
	{regexp.MustCompile(`open files \(\d+ times\)`), "open files (50 times)"},
	// How many files a program has open to begin with depends on the system.
	{regexp.MustCompile(`conversation \d+ of`), "conversation 12 of"},
	// A server that ends when its client has left does so sooner or later.
	{regexp.MustCompile(`(?m)^The server is not running any more: exit status 0\..*\n`), ""},
	// A client that the script started may have ended by itself when the script does.
	{regexp.MustCompile(`(?m)^(\[background\] .*?): (?:exit status \d+|signal: \w+)$`), "$1: ended"},
	// In the trace of a crash, only the functions and their lines are the same.
	{regexp.MustCompile(`(?m)^(  main\..*)\((?:0x|\{|\.\.\.).*\)$`), "$1(...)"},
	{regexp.MustCompile(`(?m)^  \t\S*/(\w+\.go:\d+) \+0x[0-9a-f]+$`), "  \t$1"},
	{regexp.MustCompile(`goroutine \d+ \[`), "goroutine 1 ["},
}

// dateForm is a date in a field. One of today is another each time.
var dateForm = regexp.MustCompile(`[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT`)

// taggedFile is a file's tag and its date, in a response.
var taggedFile = regexp.MustCompile(`(ETag: )(?:W/)?("[^"\n]*"\\r\\n\n(?: *\^\n)? *< Last-Modified: )(` + dateForm.String() + `)`)

// weakenFresh returns a report in which every file that the script has just made
// has a weak tag: on a machine that is busy, it may have grown old before it is
// asked for.
func weakenFresh(report string) string {
	return taggedFile.ReplaceAllStringFunc(report, func(tagged string) string {
		parts := taggedFile.FindStringSubmatch(tagged)
		if !isOfToday(parts[3]) {
			return tagged
		}
		return parts[1] + "W/" + parts[2] + parts[3]
	})
}

// isOfToday reports whether a date is less than a day away.
func isOfToday(date string) bool {
	t, err := time.Parse(time.RFC1123, date)
	return err == nil && time.Since(t).Abs() < 24*time.Hour
}

// tidy returns a report without what is another each time. Of lines in the
// access log that then are the same, one is left.
func tidy(report string) string {
	report = strings.TrimRight(report, "\n") + "\n"
	for _, u := range unknowable {
		report = u.form.ReplaceAllString(report, u.shown)
	}
	report = weakenFresh(report)
	report = dateForm.ReplaceAllStringFunc(report, func(date string) string {
		if isOfToday(date) {
			return "Fri, 02 Jan 2026 15:04:05 GMT"
		}
		return date
	})
	lines := slices.CompactFunc(strings.Split(report, "\n"), func(a, b string) bool {
		return a == b && strings.HasPrefix(a, "  2026/01/02 ")
	})
	return strings.Join(lines, "\n")
}

// TestExercises proves every exercise.
func TestExercises(t *testing.T) {
	t.Parallel()
	b := newPrograms(t)
	exercises, err := exercise.All(top)
	require.NoError(t, err)
	require.NotEmpty(t, exercises)
	for _, e := range exercises {
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			page, err := e.Page()
			require.NoError(t, err)
			assert.GreaterOrEqual(t, len(page.Hints), 3, "hints go from a nudge to the shape of the code")
			if e.IsCatch() {
				proveCatch(t, b, e)
			} else {
				proveSolution(t, b, e)
			}
		})
	}
}

// proveSolution proves that the check of an exercise fails with the stage as it
// is, and that our solution passes it and breaks nothing but what it must.
func proveSolution(t *testing.T, b *programs, e exercise.Exercise) {
	stage := exercise.StageNumber(e.Stage)
	check := e.File(exercise.CheckFile)
	untouched := scripts.Play(check, stage, b.stage(t, e.Stage), stage)
	require.True(t, untouched.Failed, "the check passes with the stage as it is, so it checks nothing:\n%s", untouched.Log)
	compareReport(t, filepath.Join("testdata", "first", e.Stage, e.Name+".txt"), tidy(untouched.Log))

	solved := b.patched(t, e, exercise.SolutionFile)
	outcome := scripts.Play(check, stage, solved, stage)
	assert.False(t, outcome.Failed, "the check fails with our solution:\n%s", outcome.Log)
	assert.False(t, outcome.Skipped, "the check skips itself:\n%s", outcome.Log)
	replaced, err := e.Replaces()
	require.NoError(t, err)
	names := scripts.Names(stage)
	for _, name := range replaced {
		assert.Contains(t, names, name, "the check replaces a script that there is not")
	}
	for _, name := range names {
		if !*all && stageOf(name) != stage && !slices.Contains(replaced, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// The check was played byte by byte, too. With all scripts, that would take
			// twice as long, and show little more.
			outcome := scripts.PlayWhole(scriptFile(name), stage, solved, stage)
			for _, r := range replaced {
				if r == name {
					assert.True(t, outcome.Failed, "the check says that it replaces this script, but the script passes with our solution")
					return
				}
			}
			assert.False(t, outcome.Failed, "with our solution, a script of the stage fails:\n%s", outcome.Log)
		})
	}
}

// proveCatch proves that our script catches the wrong server of an exercise.
func proveCatch(t *testing.T, b *programs, e exercise.Exercise) {
	stage := exercise.StageNumber(e.Stage)
	right, wrong := b.stage(t, e.Stage), b.patched(t, e, exercise.WrongFile)
	assert.Empty(t, scripts.Catches(e.File(exercise.CaughtFile), stage, right, wrong))
}

// compareReport compares a report with the one in a file, which has been read.
func compareReport(t *testing.T, file, report string) {
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(t, os.WriteFile(file, []byte(report), 0o666))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "read the report, and write it with -update")
	assert.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), report)
}
