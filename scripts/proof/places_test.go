package proof

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"example.com/webserver/scripts/exercise"
)

// TestPlaces ensures that each stage has its tests here, and that no wrong server
// was made of a stage that there is not: nobody would play it.
func TestPlaces(t *testing.T) {
	stages, err := exercise.Stages(filepath.Join("..", ".."))
	require.NoError(t, err)
	for _, stage := range stages {
		assert.FileExists(t, filepath.Join(stage, "proof_test.go"))
	}
	files, err := filepath.Glob(filepath.Join("..", "zoo", "*.txtar"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		of := animal{of: exercise.WrongOf(txtar.Parse(data).Comment)}
		assert.Contains(t, stages, of.stage(), file)
	}
}
