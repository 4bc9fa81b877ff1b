package scripts

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// builds makes the programs of the stages, as they are and with changes.
type builds struct {
	directory string

	mu       sync.Mutex
	programs map[string]string
}

// newBuilds returns a place to build in.
func newBuilds(t *testing.T) *builds {
	lookAt(t, "scripts")
	for _, stage := range stages(t) {
		lookAt(t, stage)
	}
	return &builds{directory: t.TempDir(), programs: map[string]string{}}
}

// program builds a stage, with changes, and returns the name of the program.
func (b *builds) program(stage string, changes []change) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := fmt.Sprint(stage, changes)
	if program, ok := b.programs[key]; ok {
		return program, nil
	}
	program := filepath.Join(b.directory, fmt.Sprintf("program%d", len(b.programs)))
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	overlay, err := b.overlay(stage, changes, program)
	if err != nil {
		return "", err
	}
	// Without what a debugger wants, a program is linked faster.
	cmd := exec.Command("go", "build", "-ldflags=-s -w", "-overlay", overlay, "-o", program, ".")
	cmd.Dir = filepath.Join(top, stage)
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build in %s: %v\n%s", stage, err, output)
	}
	b.programs[key] = program
	return program, nil
}

// overlay writes the changed files of a stage beside the program, and the file
// that tells go build to take them instead of those in the folder.
func (b *builds) overlay(stage string, changes []change, program string) (string, error) {
	changed := map[string]string{}
	for _, c := range changes {
		file, text, err := c.apply(filepath.Join(top, stage), changed)
		if err != nil {
			return "", err
		}
		changed[file] = text
	}
	replace := map[string]string{}
	for file, text := range changed {
		absolute, err := filepath.Abs(file)
		if err != nil {
			return "", err
		}
		replace[absolute] = program + "." + filepath.Base(file)
		if err := os.WriteFile(replace[absolute], []byte(text), 0o666); err != nil {
			return "", err
		}
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	name := program + ".json"
	return name, os.WriteFile(name, data, 0o666)
}

// A change is what a reader is told to change in the code: the lines of a diff.
type change struct {
	before, after []string
}

// newChange reads a diff without heads: lines that begin with "-", "+" or " ".
func newChange(text string) (change, error) {
	var c change
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		switch {
		case strings.HasPrefix(line, "-"):
			c.before = append(c.before, line[1:])
		case strings.HasPrefix(line, "+"):
			c.after = append(c.after, line[1:])
		case strings.HasPrefix(line, " "), line == "":
			c.before = append(c.before, strings.TrimPrefix(line, " "))
			c.after = append(c.after, strings.TrimPrefix(line, " "))
		default:
			return c, fmt.Errorf("a line of a diff begins with -, + or a space: %s", line)
		}
	}
	if len(c.before) == 0 || slices.Equal(c.before, c.after) {
		return c, fmt.Errorf("this diff changes nothing")
	}
	return c, nil
}

// apply finds the one place in the Go files of a folder that the change is
// about, and returns that file's name and its text with the change. Files that
// other changes have changed are given by name.
func (c change) apply(folder string, changed map[string]string) (file, text string, err error) {
	sources, err := textsOf(filepath.Join(folder, "*.go"))
	if err != nil {
		return "", "", err
	}
	maps.Copy(sources, changed)
	for candidate, source := range sources {
		lines := strings.Split(source, "\n")
		for _, at := range places(lines, c.before) {
			if file != "" {
				return "", "", fmt.Errorf("the lines to change stand in more than one place: %s and %s", file, candidate)
			}
			file = candidate
			text = strings.Join(slices.Concat(lines[:at], c.after, lines[at+len(c.before):]), "\n")
		}
	}
	if file == "" {
		return "", "", fmt.Errorf("the lines to change do not stand in %s\n%s", folder, strings.Join(c.before, "\n"))
	}
	return file, text, nil
}

// textsOf returns the texts of the files whose names match a pattern, by name.
func textsOf(pattern string) (map[string]string, error) {
	names, err := filepath.Glob(pattern)
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		texts[name] = strings.ReplaceAll(string(data), "\r\n", "\n") // from a Windows checkout
	}
	return texts, nil
}

// places returns where some lines stand among others, but for white space at
// the ends.
func places(lines, wanted []string) []int {
	var found []int
	for at := range len(lines) - len(wanted) + 1 {
		same := slices.EqualFunc(lines[at:at+len(wanted)], wanted, func(a, b string) bool {
			return strings.TrimSpace(a) == strings.TrimSpace(b)
		})
		if same {
			found = append(found, at)
		}
	}
	return found
}

// checkCode ensures that Go code on a page stands in the stage's source, line
// by line; a line "// ..." leaves lines out. The word after "go" may name
// another stage. With the word "wrong" the code must not stand there.
func (c *chapter) checkCode(f fence) error {
	stage, wrong := c.stage, false
	for _, word := range f.words {
		if word == "wrong" {
			wrong = true
		} else {
			stage = word
		}
	}
	sources, err := textsOf(filepath.Join(top, stage, "*.go"))
	if err != nil {
		return err
	}
	for file, source := range sources {
		if stands(source, f.text) {
			if wrong {
				return fmt.Errorf("this code is called wrong, but stands in %s", file)
			}
			return nil
		}
	}
	if wrong {
		_, err := parser.ParseFile(token.NewFileSet(), "page.go", "package p\nfunc f() {\n"+f.text+"}\n", 0)
		return err
	}
	return fmt.Errorf("this code does not stand in %s", stage)
}

// stands reports whether code stands in a source, in its order.
func stands(source, code string) bool {
	lines := strings.Split(source, "\n")
	for _, piece := range strings.Split("\n"+code, "// ...\n") {
		wanted := strings.Split(strings.Trim(strings.TrimRight(piece, "\t "), "\n"), "\n")
		at := places(lines, wanted)
		if len(at) == 0 {
			return false
		}
		lines = lines[at[0]+len(wanted):]
	}
	return true
}
