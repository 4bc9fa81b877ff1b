// Package proof proves the exercises and the scripts of the workbook: a check
// fails as long as nothing is done and passes with our solution, a script fails
// on the stage before its own, and a wrong server is caught.
//
// The tests are in the folders below, one for each stage and named like it: so
// go test plays again only what a change of a stage may have changed.
package proof

import (
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts"
	"example.com/webserver/scripts/exercise"
)

// top is the top folder of the workbook, seen from a package of tests.
var top = filepath.Join("..", "..", "..")

// all plays each solution with the scripts of all stages before its own, too.
// That takes as long again, and they hardly ever see what those of its own stage
// do not.
var all = flag.Bool("all", false, "play solutions with the scripts of all earlier stages, too")

// update writes the reports anew. Read them before you keep them.
var update = flag.Bool("update", false, "rewrite the reports in scripts/zoo and scripts/proof/testdata/first from what the scripts report now")

// Main runs the tests of a package, more of them at a time than the machine has
// cores: most of their time is spent waiting.
func Main(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	status := m.Run()
	scripts.CleanUp()
	os.Exit(status)
}

// ownStage returns the folder of the stage that a package of tests is about,
// which is named like it. It looks at the files of that stage, so that go test
// knows that the results depend on them: what other programs read, such as the
// compiler, it does not see.
func ownStage(t *testing.T) string {
	directory, err := os.Getwd()
	require.NoError(t, err)
	stage := filepath.Base(directory)
	entries, err := os.ReadDir(filepath.Join(top, stage))
	require.NoError(t, err, "the folder of the tests is named like that of a stage")
	for _, entry := range entries {
		_, err := os.Stat(filepath.Join(top, stage, entry.Name()))
		require.NoError(t, err)
	}
	return stage
}

// scriptFile returns the file of a script such as stage1-hello/close.
func scriptFile(name string) string {
	return filepath.Join(top, "scripts", filepath.FromSlash(name)+".txtar")
}

// stageOf returns the number of the stage in the name of a script.
func stageOf(name string) int {
	folder, _, _ := strings.Cut(name, "/")
	return exercise.StageNumber(folder)
}

// known returns the report that was kept of a script, nil where it is written anew.
func known(text string) *scripts.KnownReport {
	if *update {
		return nil
	}
	return &scripts.KnownReport{
		Text: sortLog(strings.ReplaceAll(text, "\r\n", "\n")),
		Tidy: func(report string) string { return sortLog(tidy(report)) },
	}
}

// compareReport compares a report with the one in a file, which has been read.
func compareReport(t *testing.T, file, report string) {
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(t, os.WriteFile(file, []byte(report), 0o666))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "read the report, and write it with -update")
	assert.Equal(t, sortLog(strings.ReplaceAll(string(want), "\r\n", "\n")), sortLog(report))
}
