package exercise

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// says builds the program of a folder, and returns what it prints.
func says(t *testing.T, folder string, files Files) string {
	program, err := Build(folder, files, t.TempDir())
	require.NoError(t, err)
	output, err := exec.Command(program).CombinedOutput()
	require.NoError(t, err)
	return string(output)
}

// TestBuild ensures that a program is made of the files that are given, and that
// the folder stays as it is.
func TestBuild(t *testing.T) {
	folder := filepath.Join(unpack(t, workbook), "stage1-hello")
	assert.Equal(t, "hello\n", says(t, folder, nil))
	assert.Equal(t, "other\n", says(t, folder, Files{"other.go": "package main\n\nfunc main() { println(\"other\") }\n"}), "main.go must not be there")
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, entries, 5, "the folder has more files than before")
}

// TestBuildError ensures that the compiler's complaints come first to last, and
// without anything else.
func TestBuildError(t *testing.T) {
	folder := filepath.Join(unpack(t, workbook), "stage1-hello")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "main.go"), []byte("package main\n\nfunc main() {\n\tone()\n\ttwo()\n}\n"), 0o666))
	_, err := Build(folder, nil, t.TempDir())
	var compile *CompileError
	require.ErrorAs(t, err, &compile)
	assert.Equal(t, filepath.FromSlash("./main.go")+":4:2: undefined: one\n"+filepath.FromSlash("./main.go")+":5:2: undefined: two", compile.Output)
	_, err = Build(folder, Files{}, t.TempDir())
	assert.Error(t, err, "a folder without code")
	_, err = Build(filepath.Join(folder, "missing"), nil, t.TempDir())
	assert.Error(t, err, "no folder")
}

// TestBuildLeash ensures that a program that is on the leash ends with its
// standard input, and that it does not mind its end otherwise.
func TestBuildLeash(t *testing.T) {
	folder := filepath.Join(unpack(t, workbook), "stage1-hello")
	program, err := Build(folder, Files{"main.go": "package main\n\nimport \"os\"\n\nfunc main() {\n\tif len(os.Args) > 1 {\n\t\treturn\n\t}\n\tselect {}\n}\n"}, t.TempDir())
	require.NoError(t, err)
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), LeashVariable+"=1")
	assert.NoError(t, cmd.Run())
	assert.NoError(t, exec.Command(program, "free").Run())
}

// TestBuilds ensures that a program is built once, whatever comes of it.
func TestBuilds(t *testing.T) {
	var b Builds
	built := 0
	build := func() (string, error) {
		built++
		return fmt.Sprint("program", built), errors.New("built")
	}
	for _, want := range []struct{ name, program string }{{"a", "program1"}, {"b", "program2"}, {"a", "program1"}} {
		program, err := b.Program(want.name, build)
		assert.Equal(t, want.program, program)
		assert.EqualError(t, err, "built")
	}
}
