package proof

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/exercise"
)

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
