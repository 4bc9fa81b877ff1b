package bench

import (
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/exercise"
)

// top is the top folder of the workbook, seen from this package.
var top = filepath.Join("..", "..")

// keepsSince is the first stage that keeps a connection after its reply.
const keepsSince = 4

// stageServer builds the stage that is to be measured.
func stageServer(t testing.TB) server {
	folder := *stageFlag
	if folder == "" {
		folders, err := exercise.Stages(top)
		require.NoError(t, err)
		folder = folders[len(folders)-1]
	}
	// The files are read here, and not only by go build, so that go test knows
	// that its result depends on them.
	files, err := exercise.Read(filepath.Join(top, folder))
	require.NoError(t, err)
	program, err := exercise.Build(filepath.Join(top, folder), files, t.TempDir())
	require.NoError(t, err)
	first, _, _ := strings.Cut(filepath.ToSlash(folder), "/") // Exercises are in the folder of their stage.
	stage := exercise.StageNumber(first)
	return server{
		name:    path.Base(filepath.ToSlash(folder)),
		command: []string{program, "-quiet", "0"},
		lacks: func(s scenario) string {
			if stage != 0 && stage < keepsSince && !s.closes {
				return "it closes the connection after each reply"
			}
			return ""
		},
	}
}
