package exercise

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// workbook is a small workbook with two stages and four exercises.
const workbook = `
-- go.work --
go 1.25.0

use (
	.
	./stage1-hello
	./stage2-files
)
-- go.mod --
module example.com/top

go 1.25.0
-- stage2-files/go.mod --
module example.com/files

go 1.25.0
-- stage1-hello/README.md --
# Stage 1
[visits](exercises/visits/README.md), then [echo](exercises/echo/README.md),
after [visits](exercises/visits/README.md)
-- stage1-hello/go.mod --
module example.com/hello

go 1.25.0
-- stage1-hello/main.go --
package main

func main() {
	println("hello")
}
-- stage1-hello/main_test.go --
package main
-- stage1-hello/exercises/echo/README.md --
# Echo

**Time:** about 25 minutes. **You change:** ` + "`main`, in `main.go`" + `.

## Hints

<details>
<summary>A nudge</summary>

Look again.

</details>

<details>
<summary>The code</summary>

Two
lines.

</details>

## For the tutor

<details>
<summary>What to ask</summary>

Why?

</details>
-- stage1-hello/exercises/echo/check.txtar --
# It echoes.
serve

# Replaces stage1-hello/hello: it says something else.
# Replaces stage1-hello/exact: it says something else.
-- stage1-hello/exercises/echo/solution.patch --
diff --git a/main.go b/main.go
--- a/main.go
+++ b/main.go
@@ -3,3 +3,3 @@
 func main() {
-	println("hello")
+	println("echo")
 }
-- stage1-hello/exercises/visits/README.md --
# Visits
-- stage2-files/README.md --
# Stage 2
[catch it](exercises/catch-it/README.md), [echo](exercises/echo/README.md)
-- stage2-files/exercises/echo/README.md --
# Echo
-- stage2-files/exercises/catch-it/README.md --
# Catch it
-- stage2-files/exercises/catch-it/wrong.patch --
diff --git a/main.go b/main.go
--- a/main.go
+++ b/main.go
@@ -3,3 +3,3 @@
 func main() {
-	println("files")
+	println("no files")
 }
-- stage2-files/main.go --
package main

func main() {
	println("files")
}
`

// unpack writes an archive of files into a folder, and returns its name.
func unpack(t *testing.T, text string) string {
	top := t.TempDir()
	for _, f := range txtar.Parse([]byte(text)).Files {
		name := filepath.Join(top, filepath.FromSlash(f.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
		require.NoError(t, os.WriteFile(name, f.Data, 0o666))
	}
	return top
}

// find returns an exercise of the small workbook.
func find(t *testing.T, top, name string) Exercise {
	e, err := Find(top, name)
	require.NoError(t, err)
	return e
}

// TestAll ensures which exercises there are, and that each is there once.
func TestAll(t *testing.T) {
	all, err := All(unpack(t, workbook))
	require.NoError(t, err)
	var names []string
	for _, e := range all {
		names = append(names, e.String())
	}
	assert.Equal(t, []string{"stage1-hello/visits", "stage1-hello/echo", "stage2-files/catch-it", "stage2-files/echo"}, names)
}

// TestFind ensures how a learner may name an exercise.
func TestFind(t *testing.T) {
	top := unpack(t, workbook)
	for _, name := range []string{"stage1-hello/visits", "visits", "./stage1-hello/exercises/visits/", "stage1-hello/exercises/visits"} {
		assert.Equal(t, "stage1-hello/visits", find(t, top, name).String(), name)
	}
	_, err := Find(top, "echo")
	assert.EqualError(t, err, `there is more than one exercise "echo"; name one of stage1-hello/echo, stage2-files/echo`)
	for _, name := range []string{"", "visit", "stage2-files/visits", "stage1-hello", ".."} {
		_, err := Find(top, name)
		assert.ErrorContains(t, err, "there is no exercise", name)
	}
	for typed, want := range map[string]string{"vists": "visits", "ecoh": "echo", "stage1/Visits": "visits", "stage1-hello/visists": "visits"} {
		_, err := Find(top, typed)
		assert.ErrorContains(t, err, "did you mean stage1-hello/"+want+"?", typed)
	}
	for _, typed := range []string{"", "vts", "stage1-hello", "countdown"} {
		_, err := Find(top, typed)
		assert.NotContains(t, err.Error(), "did you mean", typed)
	}
}

// TestTop ensures that the workbook is found from everywhere in it.
func TestTop(t *testing.T) {
	top := unpack(t, workbook)
	got, err := Top(filepath.Join(top, "stage1-hello", "exercises", "echo"))
	require.NoError(t, err)
	assert.Equal(t, top, got)
	_, err = Top(t.TempDir())
	assert.ErrorContains(t, err, "this is not a folder of the workbook")
}

// TestPage ensures what is read from the page of an exercise, and that one that
// lacks something is told so.
func TestPage(t *testing.T) {
	top := unpack(t, workbook)
	page, err := find(t, top, "stage1-hello/echo").Page()
	require.NoError(t, err)
	assert.Equal(t, Page{Title: "Echo", Time: "25 minutes", Where: "main, in main.go",
		Hints: []Hint{{"A nudge", "Look again."}, {"The code", "Two\nlines."}}}, page)
	_, err = find(t, top, "visits").Page()
	assert.ErrorContains(t, err, "stage1-hello/exercises/visits/README.md must begin with a heading")
}

// TestReplaces ensures which scripts a check replaces.
func TestReplaces(t *testing.T) {
	names, err := find(t, unpack(t, workbook), "stage1-hello/echo").Replaces()
	require.NoError(t, err)
	assert.Equal(t, []string{"stage1-hello/hello", "stage1-hello/exact"}, names)
}

// TestStart ensures what a learner finds in the folder of an exercise, that it
// is never overwritten, and that it is kept when the learner begins again.
func TestStart(t *testing.T) {
	e := find(t, unpack(t, workbook), "stage1-hello/echo")
	assertStarted := func(want bool) {
		started, err := e.Started()
		require.NoError(t, err)
		assert.Equal(t, want, started)
	}
	assertStarted(false)
	kept, err := e.SetAside(time.Now())
	require.NoError(t, err)
	assert.Empty(t, kept, "there was nothing to keep")
	require.NoError(t, e.Start())
	assertStarted(true)
	assert.FileExists(t, e.File("main.go"))
	assert.NoFileExists(t, e.File("main_test.go"))

	require.NoError(t, os.WriteFile(e.File("main.go"), []byte("mine"), 0o666))
	assert.ErrorIs(t, e.Start(), ErrStarted)
	kept, err = e.SetAside(time.Date(2026, 11, 22, 16, 18, 58, 0, time.UTC))
	require.NoError(t, err)
	assert.Equal(t, "_kept-2026-11-22-161858", kept)
	assertStarted(false)
	require.NoError(t, e.Start())
	data, err := os.ReadFile(filepath.Join(e.File(kept), "main.go"))
	require.NoError(t, err)
	assert.Equal(t, "mine", string(data))
	assert.FileExists(t, e.File(CheckFile))
}

// TestStartAlmost ensures that a file of the learner's is work, whatever it is.
func TestStartAlmost(t *testing.T) {
	e := find(t, unpack(t, workbook), "stage1-hello/echo")
	require.NoError(t, os.WriteFile(e.File("notes.txt"), []byte("mine"), 0o666))
	assert.ErrorIs(t, e.Start(), ErrStarted)
	assert.NoFileExists(t, e.File("main.go"))
}

// TestStartCatch ensures that the server of an exercise about catching is the
// wrong one, and that the learner's script is begun.
func TestStartCatch(t *testing.T) {
	e := find(t, unpack(t, workbook), "catch-it")
	assert.True(t, e.IsCatch())
	require.NoError(t, e.Start())
	data, err := os.ReadFile(e.File("main.go"))
	require.NoError(t, err)
	assert.Contains(t, string(data), "no files")
	assert.FileExists(t, e.File(CatchFile))
	started, err := e.Started()
	require.NoError(t, err)
	assert.True(t, started)
}

// TestPatched ensures that a patch that does not fit says how to make it anew.
func TestPatched(t *testing.T) {
	e := find(t, unpack(t, workbook), "stage1-hello/echo")
	files, err := e.Patched(SolutionFile)
	require.NoError(t, err)
	assert.Contains(t, files["main.go"], `println("echo")`)
	require.NoError(t, os.WriteFile(filepath.Join(e.StageFolder(), "main.go"), []byte("package main\n"), 0o666))
	_, err = e.Patched(SolutionFile)
	assert.ErrorContains(t, err, "stage1-hello/exercises/echo/solution.patch does not apply to the stage any more: main.go: the lines")
	assert.ErrorContains(t, err, "to make it anew: go run ./scripts/workbook renew stage1-hello/echo")
}

// TestWrongWorkbook ensures that a go.work that is none is an error.
func TestWrongWorkbook(t *testing.T) {
	for _, text := range []string{"nonsense", "go 1.25.0\n", "go 1.25.0\n\nuse ./other\n"} {
		top := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(top, "go.work"), []byte(text), 0o666))
		_, err := All(top)
		assert.Error(t, err, text)
	}
	_, err := All(t.TempDir())
	assert.Error(t, err)
}
