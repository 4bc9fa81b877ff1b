package scripts

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCarried ensures that the difference between a stage and the one before is
// what its chapter says: every file is either listed as new or changed, and is
// that, or it is the same to the byte.
func TestCarried(t *testing.T) {
	folders := stages(t)
	for i, stage := range folders[1:] {
		t.Run(stage, func(t *testing.T) {
			listed := map[string]string{}
			for _, row := range tableRows(t, filepath.Join(top, stage, "README.md"), "New and changed files") {
				listed[row[0]] = row[1]
			}
			assert.Equal(t, listed, differences(t, folders[i], stage),
				"the table of new and changed files in %s/README.md is not what differs from %s.\n"+
					"A fix belongs into the first stage that needs it and is copied to all later ones.", stage, folders[i])
		})
	}
}

// TestDeletions ensures that a stage adds to the one before and hardly ever
// takes away: its lesson is what is new.
func TestDeletions(t *testing.T) {
	folders := stages(t)
	for i, stage := range folders[1:] {
		added, deleted := 0, 0
		for name := range differences(t, folders[i], stage) {
			before, _ := os.ReadFile(filepath.Join(top, folders[i], name))
			plus, minus := countChanges(diff.Diff("before", before, "after", []byte(read(t, stage, name))))
			added, deleted = added+plus, deleted+minus
		}
		assert.LessOrEqual(t, deleted*5, added, "%s deletes %d lines and adds only %d", stage, deleted, added)
	}
}

// countChanges counts the lines that a diff adds and deletes.
func countChanges(unified []byte) (added, deleted int) {
	for _, line := range strings.Split(string(unified), "\n") {
		switch {
		case strings.HasPrefix(line, "+++ "), strings.HasPrefix(line, "--- "):
		case strings.HasPrefix(line, "+"):
			added++
		case strings.HasPrefix(line, "-"):
			deleted++
		}
	}
	return added, deleted
}

// differences returns the Go files of a stage that are not the same in the
// stage before, and whether each is new, changed or gone.
func differences(t *testing.T, before, stage string) map[string]string {
	old, current := goFiles(t, before), goFiles(t, stage)
	found := map[string]string{}
	for _, name := range slices.Concat(old, current) {
		switch {
		case !slices.Contains(current, name):
			found[name] = "gone"
		case !slices.Contains(old, name):
			found[name] = "new"
		case read(t, before, name) != read(t, stage, name):
			found[name] = "changed"
		}
	}
	return found
}

// goFiles returns the names of the Go files in the folder of a stage.
func goFiles(t *testing.T, stage string) []string {
	names, err := fs.Glob(os.DirFS(filepath.Join(top, stage)), "*.go")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	return names
}

// TestDifferences ensures that the comparison sees what it is for.
func TestDifferences(t *testing.T) {
	added, deleted := countChanges(diff.Diff("a", []byte("1\n2\n3\n"), "b", []byte("1\ntwo\n3\n4\n")))
	assert.Equal(t, "2 1", fmt.Sprint(added, deleted))
	folders := stages(t)
	found := differences(t, folders[0], folders[1])
	assert.Equal(t, "changed", found["main.go"])
	assert.Equal(t, "new", found["request.go"])
	assert.NotContains(t, slices.Collect(maps.Keys(found)), "wire_test.go")
}
