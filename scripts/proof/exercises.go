package proof

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts"
	"example.com/webserver/scripts/exercise"
)

// Exercises proves every exercise of a stage.
func Exercises(t *testing.T) {
	t.Parallel()
	b := newPrograms(t)
	exercises, err := exercise.In(top, ownStage(t))
	require.NoError(t, err)
	require.NotEmpty(t, exercises)
	for _, e := range exercises {
		t.Run(e.Name, func(t *testing.T) {
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
	first := filepath.Join("..", "testdata", "first", e.Stage, e.Name+".txt")
	kept, err := os.ReadFile(first)
	require.True(t, err == nil || *update, "read the report, and write it with -update: %v", err)
	untouched := scripts.PlayKnown(known(string(kept)), check, stage, b.stage(t, e.Stage), stage)
	require.True(t, untouched.Failed, "the check passes with the stage as it is, so it checks nothing:\n%s", untouched.Log)
	compareReport(t, first, tidy(untouched.Log))

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
