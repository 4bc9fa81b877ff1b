package exercise

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
)

// leashFile goes into every program that is built here. With the variable
// LeashVariable in its environment, the program ends when its standard input
// does: so no server outlives the test that has started it.
const leashFile = `package main

import (
	"io"
	"os"
)

func init() {
	if os.Getenv("` + LeashVariable + `") != "" {
		go func() {
			io.Copy(io.Discard, os.Stdin)
			os.Exit(0)
		}()
	}
}
`

// LeashVariable, in its environment, puts a program on the leash.
const LeashVariable = "WEBSERVER_LEASH"

// Sources returns the names of the Go files in a folder that make its program,
// in alphabetical order. Tests are none of them.
func Sources(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if name := entry.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !entry.IsDir() {
			names = append(names, name)
		}
	}
	return names, nil
}

// Read returns the Go files in a folder that make its program.
func Read(folder string) (Files, error) {
	names, err := Sources(folder)
	if err != nil {
		return nil, err
	}
	files := Files{}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		files[name] = strings.ReplaceAll(string(data), "\r\n", "\n") // from a Windows checkout
	}
	return files, nil
}

// A CompileError is why code does not become a program, in the words of the
// compiler, its first complaint first.
type CompileError struct{ Output string }

// Error returns the compiler's words.
func (e *CompileError) Error() string { return e.Output }

// Build builds the program of a folder and writes it to the directory into,
// under a name that nobody else uses. The program is made of files; nil stands
// for those in the folder as they are. It returns the name of the program, or a
// *CompileError. Nothing is written into the folder.
func Build(folder string, files Files, into string) (string, error) {
	place, err := os.MkdirTemp(into, "program")
	if err != nil {
		return "", err
	}
	overlay, err := writeOverlay(folder, files, place)
	if err != nil {
		return "", err
	}
	program := filepath.Join(place, "webserver")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	// Without what a debugger wants, a program is linked faster.
	args := []string{"build", "-ldflags=-s -w", "-overlay", overlay, "-o", program}
	if RaceDetector() {
		args = append(args, "-race")
	}
	cmd := exec.Command("go", append(args, ".")...)
	cmd.Dir = folder
	output, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return "", &CompileError{Output: withoutHead(string(output))}
	}
	if err != nil {
		return "", err
	}
	return program, nil
}

// Builds are programs that several tests share: each is built once, and no two
// wait for each other unless they want the same one.
type Builds struct {
	mu    sync.Mutex
	built map[string]func() (string, error)
}

// Program returns the program with a name that the tests have given to it. The
// first call with a name builds it; the others get what the first one got.
func (b *Builds) Program(name string, build func() (string, error)) (string, error) {
	b.mu.Lock()
	if b.built == nil {
		b.built = map[string]func() (string, error){}
	}
	once, known := b.built[name]
	if !known {
		once = sync.OnceValues(build)
		b.built[name] = once
	}
	b.mu.Unlock()
	return once()
}

// withoutHead returns what go build prints without its lines about packages.
func withoutHead(output string) string {
	lines := slices.DeleteFunc(strings.SplitAfter(output, "\n"), func(line string) bool {
		return strings.HasPrefix(line, "# ")
	})
	return strings.TrimSpace(strings.Join(lines, ""))
}

// writeOverlay writes the files at a place outside of the folder, and a table
// that tells go build to take them. It returns the name of that table.
func writeOverlay(folder string, files Files, place string) (string, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	present, err := Sources(folder)
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for _, name := range present {
		if _, wanted := files[name]; files != nil && !wanted {
			replace[filepath.Join(folder, name)] = "" // as if it were not there
		}
	}
	put := func(name, text string) error {
		replace[filepath.Join(folder, name)] = filepath.Join(place, name)
		return os.WriteFile(filepath.Join(place, name), []byte(text), 0o666)
	}
	for name, text := range files {
		if err := put(name, text); err != nil {
			return "", err
		}
	}
	if err := put("webserver_leash.go", leashFile); err != nil {
		return "", err
	}
	table, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", fmt.Errorf("the overlay: %w", err)
	}
	name := filepath.Join(place, "overlay.json")
	return name, os.WriteFile(name, table, 0o666)
}

// RaceDetector reports whether this program runs with the race detector; what
// it builds then has it, too.
func RaceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
