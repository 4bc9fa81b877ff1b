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

const (
	// keepsSince is the first stage that keeps a connection after its reply.
	keepsSince = 4

	// forwardsSince is the first stage that hands requests over.
	forwardsSince = 5
)

// stageServer builds the stage that is to be measured.
func stageServer(t testing.TB, root string) server {
	folder, number := stage(t)
	return server{
		name:    path.Base(folder),
		command: []string{build(t, folder), "-quiet", "0", root},
		lacks: func(s scenario) string {
			if number < keepsSince && !s.closes {
				return "it closes the connection after each reply"
			}
			return ""
		},
	}
}

// stageProxy builds the stage that is to be measured, as a proxy. All requests
// are for the upstream, and the document root is an empty directory.
func stageProxy(t testing.TB, upstream string) server {
	folder, number := stage(t)
	return server{
		name:    path.Base(folder),
		command: []string{build(t, folder), "-quiet", "0", t.TempDir(), "/=http://" + upstream},
		lacks: func(scenario) string {
			if number < forwardsSince {
				return "it hands no request over"
			}
			return ""
		},
	}
}

// stage returns the folder of the stage that is to be measured, with slashes, and
// the number of the stage. A folder without a number is taken for one of a stage
// that can do all.
func stage(t testing.TB) (folder string, number int) {
	folder = filepath.ToSlash(*stageFlag)
	if folder == "" {
		folders, err := exercise.Stages(top)
		require.NoError(t, err)
		folder = folders[len(folders)-1]
	}
	first, _, _ := strings.Cut(folder, "/") // Exercises are in the folder of their stage.
	if number = exercise.StageNumber(first); number == 0 {
		number = forwardsSince
	}
	return folder, number
}

// build builds the stage in a folder, and returns the program.
func build(t testing.TB, folder string) string {
	folder = filepath.Join(top, filepath.FromSlash(folder))
	// The files are read here, and not only by go build, so that go test knows
	// that its result depends on them.
	files, err := exercise.Read(folder)
	require.NoError(t, err)
	program, err := exercise.Build(folder, files, t.TempDir())
	require.NoError(t, err)
	return program
}
