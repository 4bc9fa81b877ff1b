package scripts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/exercise"
)

// top is the top folder of the workbook, seen from this package.
const top = ".."

// stages returns the folders of the stages, in order.
func stages(t *testing.T) []string {
	folders, err := exercise.Stages(top)
	require.NoError(t, err)
	return folders
}

// read returns a file of the workbook.
func read(t *testing.T, name ...string) string {
	data, err := os.ReadFile(filepath.Join(top, filepath.Join(name...)))
	require.NoError(t, err)
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}
