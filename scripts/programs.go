package scripts

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/tools/txtar"

	"example.com/webserver/scripts/exercise"
)

// builtPrograms are programs that scripts have built, by their source: each is
// built once, however often a script is played.
type builtPrograms struct {
	exercise.Builds
	mu     sync.Mutex
	folder string
}

// built are those of all scripts.
var built builtPrograms

// executableEnding is what the name of a program ends in.
var executableEnding = map[string]string{"windows": ".exe"}[runtime.GOOS]

// programLine is a line of a script that builds a program, and its source.
var programLine = regexp.MustCompile(`(?m)^(?:\[\S+\] +)*program +\S+ +(\S+) *\r?$`)

// buildBefore builds the programs of a script before it is played: the time that
// it may take is not for that. What cannot be built is told when its line comes.
func buildBefore(file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		return
	}
	for _, parts := range programLine.FindAllSubmatch(archive.Comment, -1) {
		for _, f := range archive.Files {
			if f.Name == string(parts[1]) {
				built.from(string(f.Data))
			}
		}
	}
}

// from returns the program that a source makes.
func (b *builtPrograms) from(source string) (string, error) {
	return b.Program(source, func() (string, error) { return buildProgram(source) })
}

// build builds a program from one Go file. On Windows, its name gets the ending
// of one.
func (p *play) build(ts *testscript.TestScript, args []string) {
	program, err := built.from(ts.ReadFile(args[1]))
	if err != nil {
		ts.Fatalf("%s: %v", args[1], err)
	}
	name := ts.MkAbs(args[0]) + executableEnding
	ts.Check(os.MkdirAll(filepath.Dir(name), 0o777))
	// It is not copied: a system does not execute a file as long as anybody, and be
	// it a program that has just been started from here, has it open for writing.
	ts.Check(os.Link(program, name))
}

// buildProgram builds the program that a source makes, and returns its name.
func buildProgram(source string) (string, error) {
	folder, err := builtFolder()
	if err != nil {
		return "", err
	}
	place, err := os.MkdirTemp(folder, "program")
	if err != nil {
		return "", err
	}
	file, program := filepath.Join(place, "main.go"), filepath.Join(place, "program"+executableEnding)
	if err := os.WriteFile(file, []byte(source), 0o666); err != nil {
		return "", err
	}
	// Without what a debugger wants, a program is linked faster.
	cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", program, file)
	cmd.Dir = place // Outside of the workspace: the standard library is all it needs.
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, output)
	}
	return program, nil
}

// builtFolder returns the folder of the programs.
func builtFolder() (string, error) {
	built.mu.Lock()
	defer built.mu.Unlock()
	var err error
	if built.folder == "" {
		built.folder, err = os.MkdirTemp("", "programs")
	}
	return built.folder, err
}

// CleanUp removes the programs that scripts have built. It is called when no
// more scripts are played.
func CleanUp() {
	built.mu.Lock()
	defer built.mu.Unlock()
	if built.folder != "" {
		os.RemoveAll(built.folder)
		built.folder = ""
	}
}
