package scripts

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"example.com/webserver/scripts/exercise"
)

// systemsPage is the page about the systems.
var systemsPage = filepath.Join(top, "scripts", "book", "systems.md")

// without says where a script is left out that begins a line with a condition.
var without = map[string]string{
	"[!unix]":            "Windows",
	"[!linux]":           "macOS, Windows",
	"[!linux] [!darwin]": "Windows",
	"[windows]":          "Windows",
	"[!symlink]":         "no links",
	"[!modes]":           "no modes",
	"[!exec:curl]":       "no curl",
}

// partly says where a line is left out that begins with a condition.
var partly = map[string]string{
	"[unix]":              "Windows",
	"[linux]":             "macOS, Windows",
	"[linux] [exec:curl]": "macOS, Windows, no curl",
	"[windows]":           "Linux, macOS",
	"[!windows]":          "Windows",
	"[symlink]":           "no links",
	"[modes]":             "no modes",
	"[exec:curl]":         "no curl",
}

// systemForm is a line of a script that depends on the system: its conditions,
// and its command.
var systemForm = regexp.MustCompile(`(?m)^((?:\[!?(?:unix|linux|darwin|windows|symlink|modes|exec:\w+)\] *)+)(.*)$`)

// skipForm is a command that ends a script before it is played.
var skipForm = regexp.MustCompile(`^skip '(.+)'$`)

// scriptsOnSystems returns the scripts of the stages and the checks of the
// exercises, by the names under which they are known.
func scriptsOnSystems(t *testing.T) map[string]*txtar.Archive {
	files, err := filepath.Glob(filepath.Join(top, "scripts", "stage*", "*.txtar"))
	require.NoError(t, err)
	all, err := exercise.All(top)
	require.NoError(t, err)
	for _, e := range all {
		files = append(files, e.File(exercise.CheckFile), e.File(exercise.CaughtFile))
	}
	archives := map[string]*txtar.Archive{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if os.IsNotExist(err) {
			continue // An exercise has a check, or a script that catches.
		}
		require.NoError(t, err)
		name, err := filepath.Rel(top, strings.TrimSuffix(file, ".txtar"))
		require.NoError(t, err)
		name = strings.TrimPrefix(filepath.ToSlash(name), "scripts/")
		archives[strings.Replace(strings.TrimSuffix(name, "/check"), "/exercises/", "/", 1)] = archive
	}
	return archives
}

// leftOut returns the rows of the table about what is left out on which system.
func leftOut(t *testing.T) []string {
	scripts := map[string][]string{}
	for name, archive := range scriptsOnSystems(t) {
		for _, parts := range systemForm.FindAllStringSubmatch(strings.ReplaceAll(string(archive.Comment), "\r\n", "\n"), -1) {
			condition := strings.TrimSpace(parts[1])
			where, reason := partly[condition], "some lines of it"
			if skip := skipForm.FindStringSubmatch(parts[2]); skip != nil {
				where, reason = without[condition], skip[1]
			} else if strings.HasPrefix(parts[2], "stop ") {
				where = without[condition]
			}
			require.NotEmpty(t, where, "%s: say in systems_test.go where %s leaves something out", name, condition)
			row := fmt.Sprintf("| %s | %s |", where, reason)
			if !slices.Contains(scripts[row], name) {
				scripts[row] = append(scripts[row], name)
			}
		}
	}
	var rows []string
	for row, names := range scripts {
		slices.Sort(names)
		rows = append(rows, row+" "+strings.Join(names, ", ")+" |")
	}
	slices.Sort(rows)
	return rows
}

// TestLeftOut ensures that the page about the systems lists every script that is
// left out on one of them, as a whole or in part, with the reason.
func TestLeftOut(t *testing.T) {
	page, err := os.ReadFile(systemsPage)
	require.NoError(t, err)
	text := strings.ReplaceAll(string(page), "\r\n", "\n")
	_, text, found := strings.Cut(text, "| where | why | scripts |\n| --- | --- | --- |\n")
	require.True(t, found, "the table is gone")
	text, _, _ = strings.Cut(text, "\n\n")
	assert.Equal(t, strings.Join(leftOut(t), "\n"), strings.TrimSpace(text))
}

// reserved are the names that Windows keeps for devices, with any ending.
var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)`)

// misnamed says why a file cannot have its name on each of the systems, or could
// not be told from another; "" if it can. Slashes stand between its folders.
func misnamed(name string) string {
	for part := range strings.SplitSeq(name, "/") {
		switch {
		case reserved.MatchString(part):
			return "Windows keeps the name " + part + " for a device"
		case strings.ContainsAny(part, `\:*?"<>|`):
			return "Windows allows no such sign in a name"
		case strings.TrimRight(part, ". ") != part:
			return "Windows drops dots and spaces at the end of a name"
		case strings.ContainsFunc(part, unicode.IsControl):
			return "Windows allows no such byte in a name"
		}
	}
	if len(name) > 120 {
		return "with the folder before it, it may be too long for Windows"
	}
	return ""
}

// TestMisnamed ensures which names are right on every system.
func TestMisnamed(t *testing.T) {
	for name, right := range map[string]bool{
		"README.md": true, "site/two words.txt": true, "a/console.txt": true, ".ci/run": true,
		"site/grün.txt": true, "nul": false, "a/Con.txt": false, "a/b:c": false, `a\b`: false, "a./b": false, "a ": false, "a\tb": false,
		strings.Repeat("a", 121): false,
	} {
		assert.Equal(t, right, misnamed(name) == "", name)
	}
}

// TestFileNames ensures that every system can have the files of the workbook,
// also one that takes A and a for the same. The folders of the exercises are not
// read, nor is the one that all stand in: go test would take whatever a learner
// writes there for a change of the workbook.
func TestFileNames(t *testing.T) {
	seen := map[string]string{}
	for _, folder := range append(stages(t), "scripts", ".github", ".devcontainer") {
		require.NoError(t, filepath.WalkDir(filepath.Join(top, folder), func(file string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.Name() == "exercises" {
				return fs.SkipDir
			}
			name := filepath.ToSlash(file)
			assert.Empty(t, misnamed(strings.TrimPrefix(name, "../")), name)
			lower := strings.ToLower(name)
			assert.Empty(t, seen[lower], "%s has the same name for a system that makes no difference of a and A", name)
			seen[lower] = name
			return nil
		}))
	}
	assert.Greater(t, len(seen), 500)
}

// TestScriptFileNames ensures that every system can have the files of a script,
// and that no two of them are one there. A backslash is for scripts about it.
func TestScriptFileNames(t *testing.T) {
	for script, archive := range scriptsOnSystems(t) {
		seen := map[string]bool{}
		for _, file := range archive.Files {
			name := strings.ToLower(strings.ReplaceAll(file.Name, `\`, "/"))
			assert.False(t, seen[name], "%s: %s is there twice", script, file.Name)
			seen[name] = true
			assert.Empty(t, misnamed(name), "%s: %s", script, file.Name)
		}
	}
}
