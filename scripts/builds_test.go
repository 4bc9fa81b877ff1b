package scripts

import (
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/webserver/scripts/exercise"
)

// builds makes the programs of the stages, as they are and with changes.
type builds struct {
	directory string
	exercise.Builds
}

// newBuilds returns a place to build in.
func newBuilds(t *testing.T) *builds { return &builds{directory: t.TempDir()} }

// program builds a stage, with changes, and returns the name of the program. In
// place of a stage, an exercise can be named: that is the stage with our
// solution.
func (b *builds) program(folder string, changes []change) (string, error) {
	return b.Program(fmt.Sprint(folder, changes), func() (string, error) {
		stage, files, err := sourcesOf(folder)
		if err != nil {
			return "", err
		}
		for _, c := range changes {
			if err := c.apply(files); err != nil {
				return "", err
			}
		}
		return exercise.Build(filepath.Join(top, stage), files, b.directory)
	})
}

// sourcesOf returns the Go files that make the program of a folder, which is
// that of a stage or of an exercise, and the folder of the stage.
func sourcesOf(folder string) (stage string, files exercise.Files, err error) {
	stage, rest, isExercise := strings.Cut(path.Clean(folder), "/exercises/")
	if !isExercise {
		files, err = exercise.Read(filepath.Join(top, stage))
		return stage, files, err
	}
	e, err := exercise.Find(top, stage+"/"+rest)
	if err != nil {
		return "", nil, err
	}
	patch := exercise.SolutionFile
	if e.IsCatch() {
		patch = exercise.WrongFile
	}
	files, err = e.Patched(patch)
	return stage, files, err
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

// apply makes the change in the one place that it is about.
func (c change) apply(files exercise.Files) error {
	found := ""
	var text string
	for name, source := range files {
		lines := strings.Split(source, "\n")
		for _, at := range places(lines, c.before) {
			if found != "" {
				return fmt.Errorf("the lines to change stand in more than one place: %s and %s", found, name)
			}
			found = name
			text = strings.Join(slices.Concat(lines[:at], c.after, lines[at+len(c.before):]), "\n")
		}
	}
	if found == "" {
		return fmt.Errorf("the lines to change do not stand in the source\n%s", strings.Join(c.before, "\n"))
	}
	files[found] = text
	return nil
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

// checkCode ensures that Go code on a page stands in the source of the page's
// program, line by line; a line "// ..." leaves lines out. The word after "go"
// may name another folder. With the word "wrong" the code must not stand there.
func (c *chapter) checkCode(f fence) error {
	folder, wrong := c.folder, false
	for _, word := range f.words {
		if word == "wrong" {
			wrong = true
		} else {
			folder = word
		}
	}
	_, sources, err := sourcesOf(folder)
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
	return fmt.Errorf("this code does not stand in %s", folder)
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
