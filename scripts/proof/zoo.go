package proof

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"example.com/webserver/scripts"
	"example.com/webserver/scripts/exercise"
)

// An animal is a wrong server.
type animal struct {
	name string

	// of is the stage that it was made of, or the exercise whose wrong server
	// it is.
	of string

	// caught are the scripts that catch it.
	caught []string

	archive *txtar.Archive
}

// zoo is the folder of the animals.
var zoo = filepath.Join(top, "scripts", "zoo")

var caughtForm = regexp.MustCompile(`(?m)^caught (\S+)$`)

// readAnimal reads the file of an animal.
func readAnimal(t *testing.T, name string) animal {
	archive, err := txtar.ParseFile(filepath.Join(zoo, name+".txtar"))
	require.NoError(t, err)
	of := exercise.WrongOf(archive.Comment)
	require.NotEmpty(t, of, "%s: a line such as: wrong stage1-hello", name)
	a := animal{name: name, of: of, archive: archive}
	for _, parts := range caughtForm.FindAllSubmatch(archive.Comment, -1) {
		a.caught = append(a.caught, string(parts[1]))
	}
	require.NotEmpty(t, a.caught, "%s: a line such as: caught stage1-hello/close", name)
	return a
}

// stage returns the folder of the stage that the animal was made of.
func (a animal) stage() string {
	stage, _, _ := strings.Cut(a.of, "/")
	return stage
}

// file returns a file of the archive, and whether there is one.
func (a animal) file(name string) (string, bool) {
	for _, f := range a.archive.Files {
		if f.Name == name {
			return strings.ReplaceAll(string(f.Data), "\r\n", "\n"), true
		}
	}
	return "", false
}

// program builds the animal: from Go files in its archive, from a patch there,
// or from the patch of the exercise whose wrong server it is.
func (a animal) program(t *testing.T, b *programs) string {
	if strings.Contains(a.of, "/") {
		return b.patched(t, exercise.Exercise{Top: top, Stage: a.stage(), Name: path.Base(a.of)}, exercise.WrongFile)
	}
	return b.made(t, "zoo/"+a.name, func() (string, error) {
		folder := filepath.Join(top, a.of)
		if patch, ok := a.file(exercise.WrongFile); ok {
			files, err := exercise.Read(folder)
			if err != nil {
				return "", err
			}
			if files, err = exercise.Apply(patch, files); err != nil {
				return "", fmt.Errorf("its patch does not apply to the stage any more: %w\nto make it anew: go run ./scripts/workbook renew", err)
			}
			return exercise.Build(folder, files, b.directory)
		}
		files := exercise.Files{}
		for _, f := range a.archive.Files {
			if strings.HasSuffix(f.Name, ".go") {
				files[f.Name], _ = a.file(f.Name)
			}
		}
		return exercise.Build(folder, files, b.directory)
	})
}

// Zoo ensures that every wrong server that was made of a stage is caught by the
// scripts that its file names, and what their reports say. Each report has been
// read. Where one ends by a reset, another system may lose more of the reply:
// there the reports are not compared.
func Zoo(t *testing.T) {
	t.Parallel()
	b := newPrograms(t)
	stage := ownStage(t)
	files, err := filepath.Glob(filepath.Join(zoo, "*.txtar"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		a := readAnimal(t, strings.TrimSuffix(filepath.Base(file), ".txtar"))
		if a.stage() != stage {
			continue
		}
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			program := a.program(t, b)
			number := exercise.StageNumber(stage)
			for _, name := range a.caught {
				kept, _ := a.file(name)
				outcome := scripts.PlayKnown(known(kept), scriptFile(name), number, program, number)
				if outcome.Skipped {
					t.Skip(outcome.Log)
				}
				require.True(t, outcome.Failed, "%s does not catch it:\n%s", name, outcome.Log)
				a.compare(t, name, tidy(outcome.Log))
			}
			if *update {
				require.NoError(t, os.WriteFile(file, txtar.Format(a.archive), 0o666))
			}
		})
	}
}

// compare compares the report of a script with the one in the archive or, with
// -update, puts it there.
func (a animal) compare(t *testing.T, script, report string) {
	if *update {
		for i, f := range a.archive.Files {
			if f.Name == script {
				a.archive.Files[i].Data = []byte(report)
				return
			}
		}
		a.archive.Files = append(a.archive.Files, txtar.File{Name: script, Data: []byte(report)})
		return
	}
	want, ok := a.file(script)
	assert.True(t, ok, "there is no report of %s; read it, and write it with -update", script)
	if runtime.GOOS == "linux" {
		assert.Equal(t, sortLog(want), sortLog(report))
	}
}
