package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/exercise"
)

// TestMain runs the tests; started by a script of theirs, it is the desk.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"workbook": main})
}

// TestDesk plays the scripts in testdata. Each has a workbook of its own, in the
// folder book, and may do with it what a learner does.
func TestDesk(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata",
		Setup: setUp,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"solve": solve,
			"edit":  edit,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// setUp makes the workbook of a script.
func setUp(env *testscript.Env) error {
	top := filepath.Join("..", "..")
	book := filepath.Join(env.WorkDir, "book")
	stages, err := exercise.Stages(top)
	if err != nil {
		return err
	}
	for _, name := range append(stages, "go.mod", "go.sum", "go.work", "go.work.sum", "scripts") {
		if err := copyTree(filepath.Join(top, name), filepath.Join(book, name)); err != nil {
			return err
		}
	}
	if err := copyExercises(top, book); err != nil {
		return err
	}
	// A go command has its home in the environment, and the scripts have none.
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} {
		value, err := exec.Command("go", "env", name).Output()
		if err != nil {
			return err
		}
		env.Setenv(name, strings.TrimSpace(string(value)))
	}
	env.Setenv("GOPROXY", "off")
	env.Setenv("GOFLAGS", "")
	env.Cd = book
	return nil
}

// copyTree copies a file or a folder of the workbook, without the folders of the
// exercises. It does not even look into those: what a learner does there is no
// reason to run these tests anew.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rest, err := filepath.Rel(from, name)
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "exercises" || strings.HasPrefix(entry.Name(), "_")):
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, rest), 0o777)
		}
		return copyFile(name, filepath.Join(to, rest))
	})
}

// copyFile copies a file.
func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o666)
}

// copyExercises copies the exercises of a workbook without what a learner has
// made of them.
func copyExercises(from, to string) error {
	all, err := exercise.All(from)
	if err != nil {
		return err
	}
	for _, e := range all {
		copied := exercise.Exercise{Top: to, Stage: e.Stage, Name: e.Name}
		if err := os.MkdirAll(copied.Folder(), 0o777); err != nil {
			return err
		}
		for _, name := range []string{exercise.PageFile, exercise.CheckFile, exercise.SolutionFile, exercise.WrongFile, exercise.CaughtFile} {
			if err := copyFile(e.File(name), copied.File(name)); err != nil && !os.IsNotExist(err) {
				return err
			}
		}
	}
	return nil
}

// solve puts our solution of an exercise into its folder.
func solve(ts *testscript.TestScript, _ bool, args []string) {
	e, err := exercise.Find(ts.MkAbs("."), args[0])
	ts.Check(err)
	files, err := e.Patched(exercise.SolutionFile)
	ts.Check(err)
	for name, text := range files {
		ts.Check(os.WriteFile(e.File(name), []byte(text), 0o666))
	}
}

// edit replaces a text in a file, as an editor does: edit FILE OLD NEW.
func edit(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not hold %s", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1)), 0o666))
}

// TestFailure ensures that the board shows the first thing that failed: that of
// the check, and of the words of go test none.
func TestFailure(t *testing.T) {
	r := result{logs: map[string]string{
		"TestExercises/echo":                         "--- FAIL: TestExercises/echo (0.12s)\n",
		"TestExercises/echo/check/whole":             "    play.go:80: # It echoes.\n        > wire page\n        FAIL: " + filepath.Join("exercises", "echo", "check.txtar") + ":3: page, line 4: No reply came.\n",
		"TestExercises/echo/Stage1/whole":            "        FAIL: ../scripts/stage1-hello/a.txtar:3: page, line 1: Another.\n",
		"TestExercises/echo/check":                   "",
		"TestExercises/echo/a/check-that-is-a-stage": "        FAIL: ../scripts/stage1-hello/b.txtar:3: page, line 1: Another.\n",
	}}
	assert.Equal(t, "check.txtar:3: page, line 4: No reply came.", r.failure())
	assert.Equal(t, "it failed without a word", result{}.failure())
}

// TestOlderThan ensures which releases of Go are too old.
func TestOlderThan(t *testing.T) {
	for version, want := range map[string]bool{"go1.24.13": true, "go1.9": true, "go1.25": false, "go1.25.0": false, "go1.26rc1": false, "go2.0": false, "nonsense": false} {
		assert.Equal(t, want, olderThan(version, 1, 25), version)
	}
}

// TestPaint ensures that nothing but a terminal gets colors.
func TestPaint(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	require.NoError(t, err)
	defer file.Close()
	assert.Equal(t, "text", newScreen(file).paint(red, "text"))
	assert.Equal(t, "\x1b[31mtext\x1b[0m", screen{colors: true}.paint(red, "text"))
}
