// Package modules runs the tests of the stages, each of which is a module of its
// own, so that go test ./... at the top of the workbook is a check of all of it.
package modules

import (
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/exercise"
)

// top is the top folder of the workbook, seen from this package.
var top = filepath.Join("..", "..")

// stages returns the folders of the stages, in order.
func stages(t *testing.T) []string {
	folders, err := exercise.Stages(top)
	require.NoError(t, err)
	return folders
}

// lookAt looks at every file below a folder of the workbook. So go test knows
// that the result depends on them all, and an edit to any of them makes an old
// result worthless; what other programs read, it does not see.
func lookAt(t *testing.T, folder string) {
	err := filepath.WalkDir(filepath.Join(top, folder), func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		_, err = os.Stat(name)
		return err
	})
	require.NoError(t, err)
}

// TestModules runs the tests of every stage, so that go test ./... at the top
// of the workbook is a check of all of it. One stage comes after another: each
// keeps the machine busy by itself.
func TestModules(t *testing.T) {
	t.Parallel()
	lookAt(t, "scripts")
	for _, stage := range stages(t) {
		t.Run(stage, func(t *testing.T) {
			lookAt(t, stage)
			args := append([]string{"test", "./..."}, sameFlags()...)
			if deadline, ok := t.Deadline(); ok {
				// It must end before this test does: nobody else would end it.
				// Whole minutes, because the cache minds the flags.
				minutes := max(time.Until(deadline)-10*time.Second, time.Minute).Truncate(time.Minute)
				args = append(args, "-timeout", minutes.String())
			}
			cmd := exec.Command("go", args...)
			cmd.Dir = filepath.Join(top, stage)
			if output, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("in %s, %s: %v\n%s", stage, strings.Join(cmd.Args, " "), err, output)
			}
		})
	}
}

// sameFlags returns the flags with which the stages are tested as this package
// is: with the race detector, without the cache.
func sameFlags() []string {
	var flags []string
	if exercise.RaceDetector() {
		flags = append(flags, "-race")
	}
	flag.Visit(func(f *flag.Flag) {
		if f.Name == "test.count" {
			flags = append(flags, "-count=1")
		}
	})
	return flags
}

// TestEveryExerciseIsLinked ensures that no folder of an exercise is forgotten:
// the chapter of its stage links to it.
func TestEveryExerciseIsLinked(t *testing.T) {
	for _, stage := range stages(t) {
		linked, err := exercise.In(top, stage)
		require.NoError(t, err)
		folders, err := filepath.Glob(filepath.Join(top, stage, "exercises", "*", exercise.PageFile))
		require.NoError(t, err)
		var found, named []string
		for _, folder := range folders {
			found = append(found, filepath.Base(filepath.Dir(folder)))
		}
		for _, e := range linked {
			named = append(named, e.Name)
		}
		assert.ElementsMatch(t, found, named, "the folders in %s/exercises are not the exercises that %s/README.md links to", stage, stage)
	}
}

// TestSums ensures that the stages agree on the versions of what their tests
// use: only the first line of their go.mod differs.
func TestSums(t *testing.T) {
	folders := stages(t)
	for _, stage := range folders[1:] {
		assert.Equal(t, afterModule(t, folders[0]), afterModule(t, stage), "go.mod of %s", stage)
		assert.Equal(t, read(t, folders[0], "go.sum"), read(t, stage, "go.sum"), "go.sum of %s", stage)
	}
}

// afterModule returns the go.mod of a stage without its module line.
func afterModule(t *testing.T, stage string) string {
	_, rest, found := strings.Cut(read(t, stage, "go.mod"), "\n")
	require.True(t, found)
	return rest
}

// read returns a file of a stage.
func read(t *testing.T, stage, name string) string {
	data, err := os.ReadFile(filepath.Join(top, stage, name))
	require.NoError(t, err)
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}
