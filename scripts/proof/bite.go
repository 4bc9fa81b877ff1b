package proof

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts"
	"example.com/webserver/scripts/exercise"
)

// holdsBefore is the line with which a script says why it passes on the stage
// before its own, too.
var holdsBefore = regexp.MustCompile(`(?m)^# It holds in the stage before: .`)

// ScriptsBite ensures that the scripts of the next stage fail on this one; else
// they could not tell whether theirs does what it says. A script that does not
// says why. Before the first stage there is the listener of the zoo.
func ScriptsBite(t *testing.T) {
	t.Parallel()
	b := newPrograms(t)
	folder := ownStage(t)
	stage := exercise.StageNumber(folder)
	for _, name := range scripts.Names(stage + 1) {
		of := stageOf(name)
		if of != stage+1 && !(of == 1 && stage == 1) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if of == stage {
				bite(t, name, stage, readAnimal(t, "listener").program(t, b))
			} else {
				bite(t, name, stage, b.stage(t, folder))
			}
		})
	}
}

// bite ensures that a script fails on the program of the stage before.
func bite(t *testing.T, name string, stage int, program string) {
	text, err := os.ReadFile(scriptFile(name))
	require.NoError(t, err)
	outcome := scripts.Play(scriptFile(name), stageOf(name), program, stage)
	switch holds := holdsBefore.Match(text); {
	case outcome.Skipped:
		t.Skip(outcome.Log)
	case holds:
		assert.False(t, outcome.Failed, "the script says that it holds in the stage before, but there it fails:\n%s", outcome.Log)
	default:
		assert.True(t, outcome.Failed, "the script passes on the stage before. If that is right, a line in it says why: # It holds in the stage before: …")
	}
}
