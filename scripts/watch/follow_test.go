package watch

import (
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/tools/txtar"
)

// unpack writes the files of an archive into a new folder, and returns it.
func unpack(t *testing.T, archive string) string {
	top := t.TempDir()
	for _, file := range txtar.Parse([]byte(archive)).Files {
		write(t, top, file.Name, string(file.Data))
	}
	return top
}

// write writes a file, which nobody sees half written: it is renamed.
func write(t *testing.T, top, name, text string) {
	put(t, top, path.Join(path.Dir(name), ".half-written"), text)
	rename(t, filepath.Join(top, filepath.FromSlash(path.Dir(name))), ".half-written", path.Base(name))
}

// TestFollow ensures which commands follow from which changes, and that they are
// as few as can be.
func TestFollow(t *testing.T) {
	top := unpack(t, `
-- scripts/stage1-hello/close.txtar --
-- scripts/stage1-hello/hello.txtar --
-- scripts/stage2-files/names.txtar --
-- scripts/match.go --
package scripts
-- scripts/match_test.go --
package scripts

func TestMatch(t *testing.T) {}

func TestMatchNot(t *testing.T) {}

func match() {}
-- scripts/main_test.go --
package scripts

func TestMain(m *testing.M) {}
-- scripts/leash.go --
package scripts
-- scripts/exercise/page.go --
package exercise
-- scripts/zoo/lf-only.txtar --
# Ends lines in LF.
wrong stage1-hello
-- scripts/zoo/misleader.txtar --
wrong stage3-status/catch-misleader
-- scripts/zoo/nothing.txtar --
wrong
`)
	const (
		time   = "./stage1-hello -run ^TestExercises$/^time$"
		stage1 = "./stage1-hello"
	)
	tests := map[string]struct {
		changed string
		want    []string
	}{
		"an exercise":                       {"stage1-hello/exercises/time/main.go", []string{time}},
		"its check":                         {"stage1-hello/exercises/time/check.txtar", []string{time}},
		"the script that catches":           {"stage1-hello/exercises/catch-reset/catch.txtar", []string{"./stage1-hello -run ^TestExercises$/^catch-reset$"}},
		"what an exercise embeds":           {"stage1-hello/exercises/time/page/page.html", []string{time}},
		"a learner's own test":              {"stage1-hello/exercises/time/main_test.go", []string{"./stage1-hello/exercises/time"}},
		"both":                              {"stage1-hello/exercises/time/main_test.go stage1-hello/exercises/time/main.go", []string{"./stage1-hello/exercises/time", time}},
		"many files of an exercise":         {"stage1-hello/exercises/time/a.go stage1-hello/exercises/time/b.go", []string{time}},
		"two exercises":                     {"stage1-hello/exercises/time/a.go stage1-hello/exercises/echo/a.go", []string{time + "|^TestExercises$/^echo$"}},
		"exercises of two stages":           {"stage1-hello/exercises/time/a.go stage2-files/exercises/not-found/a.go", []string{time, "./stage2-files -run ^TestExercises$/^not-found$"}},
		"our solution":                      {"stage1-hello/exercises/time/solution.patch", []string{"./scripts/proof/stage1-hello -run ^TestExercises$/^time$"}},
		"our script that catches":           {"stage1-hello/exercises/catch-reset/solution.txtar", []string{"./scripts/proof/stage1-hello -run ^TestExercises$/^catch-reset$"}},
		"the wrong server of an exercise":   {"stage1-hello/exercises/catch-reset/wrong.patch", []string{"./stage1-hello -run ^TestExercises$/^catch-reset$", "./scripts/proof/stage1-hello -run ^TestExercises$/^catch-reset$"}},
		"a stage":                           {"stage1-hello/main.go", []string{stage1}},
		"a test of a stage":                 {"stage1-hello/handle_test.go", []string{stage1}},
		"a module":                          {"stage1-hello/go.mod", []string{stage1}},
		"a stage covers its exercises":      {"stage1-hello/exercises/time/main.go stage1-hello/main.go scripts/stage1-hello/close.txtar", []string{stage1}},
		"in any order":                      {"stage1-hello/main.go scripts/stage1-hello/close.txtar stage1-hello/exercises/time/main.go", []string{stage1}},
		"but no other stage":                {"stage1-hello/main.go stage2-files/exercises/pages/main.go", []string{stage1, "./stage2-files -run ^TestExercises$/^pages$"}},
		"a script":                          {"scripts/stage1-hello/close.txtar", []string{"./stage1-hello -run ^TestWire$/^stage1-hello$/^close$"}},
		"a script and an exercise":          {"scripts/stage1-hello/close.txtar stage1-hello/exercises/time/a.go", []string{"./stage1-hello -run ^TestWire$/^stage1-hello$/^close$|^TestExercises$/^time$"}},
		"a script that was removed":         {"scripts/stage1-hello/gone.txtar", []string{"./stage1-hello -run ^TestWire$/^stage1-hello$"}},
		"one removed covers the others":     {"scripts/stage1-hello/close.txtar scripts/stage1-hello/gone.txtar", []string{"./stage1-hello -run ^TestWire$/^stage1-hello$"}},
		"a wrong server of the zoo":         {"scripts/zoo/lf-only.txtar", []string{"./scripts/proof/stage1-hello -run ^TestZoo$/^lf-only$"}},
		"one made of an exercise":           {"scripts/zoo/misleader.txtar", []string{"./scripts/proof/stage3-status -run ^TestZoo$/^misleader$"}},
		"one that does not say of what":     {"scripts/zoo/nothing.txtar", nil},
		"one that was removed":              {"scripts/zoo/gone.txtar", nil},
		"a chapter":                         {"stage1-hello/README.md", []string{`./scripts -run ^TestChapters$/^stage1-hello$/^README\.md$`}},
		"the page of an exercise":           {"stage1-hello/exercises/time/README.md", []string{`./scripts -run ^TestChapters$/^stage1-hello$/^exercises$/^time$/^README\.md$`}},
		"the front door and a page":         {"README.md scripts/book/glossary.md", []string{`./scripts -run ^TestChapters$/^README\.md$|^TestChapters$/^scripts$/^book$/^glossary\.md$`}},
		"no page":                           {"stage1-hello/NOTES.md", nil},
		"the harness":                       {"scripts/match.go", []string{"./scripts -run ^TestMatch$|^TestMatchNot$"}},
		"a test of the harness":             {"scripts/match_test.go", []string{"./scripts -run ^TestMatch$|^TestMatchNot$"}},
		"the harness where it has no tests": {"scripts/leash.go", []string{"./scripts -run ^$"}},
		"TestMain is no test":               {"scripts/main_test.go", []string{"./scripts -run ^$"}},
		"a test is compiled anyway":         {"scripts/leash.go scripts/match.go", []string{"./scripts -run ^TestMatch$|^TestMatchNot$"}},
		"another package of the harness":    {"scripts/exercise/page.go", []string{"./scripts/exercise -run ^$"}},
		"a package that is gone":            {"scripts/gone/page.go scripts/gone/page_test.go", []string{"./scripts/gone"}},
		"what no check looks at":            {"scripts/site/index.html scripts/testdata/reports/a.txtar", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range follow(top, strings.Fields(test.changed)) {
				got = append(got, strings.Join(c.args(), " "))
			}
			assert.Equal(t, test.want, got)
		})
	}
}

// TestCheckWords ensures how a check is named, and how a learner types it.
func TestCheckWords(t *testing.T) {
	tests := []struct {
		check         check
		name, command string
	}{
		{check{folder: "stage1-hello"}, "stage1-hello", "go test ./stage1-hello"},
		{check{folder: "stage1-hello", tests: []string{"TestExercises/time"}}, "stage1-hello/time", "go test ./stage1-hello -run TestExercises/time"},
		{check{folder: "stage2-files", tests: []string{"TestWire/stage1-hello/close"}}, "stage2-files, script stage1-hello/close", "go test ./stage2-files -run TestWire/stage1-hello/close"},
		{check{folder: "stage1-hello", tests: []string{"TestExercises/time", "TestExercises/echo"}}, "stage1-hello/time, stage1-hello/echo", `go test ./stage1-hello -run "TestExercises/time|TestExercises/echo"`},
		{check{folder: "scripts", tests: []string{"TestChapters/stage1-hello/README.md"}}, "stage1-hello/README.md", "go test ./scripts -run TestChapters/stage1-hello/README.md"},
		{check{folder: "scripts", tests: []string{compiles}}, "scripts, compiled only (its tests: go test ./scripts)", "go test ./scripts -run NONE"},
		{check{folder: "scripts/proof/stage1-hello", tests: []string{"TestZoo/lf-only"}}, "scripts/proof/stage1-hello/TestZoo", "go test ./scripts/proof/stage1-hello -run TestZoo/lf-only"},
	}
	for _, test := range tests {
		assert.Equal(t, test.name, test.check.String())
		assert.Equal(t, test.command, test.check.command())
	}
}

// TestSubject ensures what a failure is said to be about.
func TestSubject(t *testing.T) {
	tests := []struct{ folder, test, want string }{
		{"stage1-hello", compiles, "stage1-hello"},
		{"stage1-hello", "TestExercises/time/check/whole", "stage1-hello/time"},
		{"stage3-status", "TestWire/stage1-hello/close/byte_by_byte", "stage3-status, script stage1-hello/close"},
		{"stage1-hello", "TestHandle/long", "stage1-hello/TestHandle"},
		{"scripts", "TestChapters/stage1-hello/exercises/time/README.md/line_12", "stage1-hello/exercises/time/README.md"},
		{"scripts/proof/stage1-hello", "TestExercises/time", "scripts/proof/stage1-hello/TestExercises"},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, subject(test.folder, test.test))
	}
}
