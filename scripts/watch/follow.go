package watch

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"example.com/webserver/scripts/exercise"
)

// isGone reports whether a folder, named from the top, has no Go files any more:
// it was removed, as by git checkout, or emptied. Nothing is left to check there.
func isGone(top, folder string) bool {
	entries, err := os.ReadDir(filepath.Join(top, filepath.FromSlash(folder)))
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	return !slices.ContainsFunc(entries, func(entry fs.DirEntry) bool { return path.Ext(entry.Name()) == ".go" })
}

// follow returns the checks that follow from changes of files: the smallest set
// that covers them. The files are named from the top of the workbook, with
// slashes; they may have been removed. A file that nothing follows from is
// overlooked.
func follow(top string, changed []string) []check {
	var checks []check
	for _, file := range changed {
		parts := strings.Split(file, "/")
		switch {
		case path.Ext(file) == ".md":
			checks = append(checks, page(file)...)
		case exercise.StageNumber(parts[0]) > 0 && len(parts) > 3 && parts[1] == "exercises":
			checks = append(checks, ofExercise(parts[0], parts[2], strings.Join(parts[3:], "/"))...)
		case exercise.StageNumber(parts[0]) > 0:
			checks = append(checks, check{folder: parts[0]})
		case parts[0] == "scripts" && path.Ext(file) == ".txtar":
			checks = append(checks, script(top, file)...)
		case parts[0] == "scripts" && path.Ext(file) == ".go":
			checks = append(checks, check{folder: path.Dir(file), tests: testsFor(top, file)})
		}
	}
	return merge(checks)
}

// page returns the check of a page that the tests play: that of a chapter, of an
// exercise, or one beside them.
func page(file string) []check {
	folder, name := path.Split(file)
	if folder != "scripts/book/" && name != exercise.PageFile {
		return nil
	}
	return []check{{folder: "scripts", tests: []string{"TestChapters/" + file}}}
}

// ofExercise returns the checks of a file in the folder of an exercise.
func ofExercise(stage, name, file string) []check {
	own := check{folder: stage, tests: []string{"TestExercises/" + name}}
	proof := check{folder: "scripts/proof/" + stage, tests: []string{"TestExercises/" + name}}
	switch {
	case file == exercise.SolutionFile || file == exercise.CaughtFile:
		return []check{proof}
	case file == exercise.WrongFile:
		return []check{own, proof}
	case strings.HasSuffix(file, "_test.go"):
		// They are the learner's own, and the check of the exercise runs none.
		return []check{{folder: path.Join(stage, "exercises", name, path.Dir(file))}}
	}
	return []check{own}
}

// script returns the check of a wire script, in the stage that brings it in, or
// of a wrong server in the zoo.
func script(top, file string) []check {
	folder, name := path.Split(strings.TrimSuffix(file, ".txtar"))
	stage := path.Base(folder)
	text, err := os.ReadFile(filepath.Join(top, filepath.FromSlash(file)))
	switch {
	case folder == "scripts/zoo/":
		of, _, _ := strings.Cut(exercise.WrongOf(text), "/")
		if exercise.StageNumber(of) == 0 {
			return nil
		}
		return []check{{folder: "scripts/proof/" + of, tests: []string{"TestZoo/" + name}}}
	case folder != "scripts/"+stage+"/" || exercise.StageNumber(stage) == 0:
		return nil
	case err != nil: // It was removed, and the others are what is left.
		return []check{{folder: stage, tests: []string{"TestWire/" + stage}}}
	}
	return []check{{folder: stage, tests: []string{"TestWire/" + stage + "/" + name}}}
}

// testsFor returns the tests that are about one Go file of the harness: those in
// the file of the same name that ends in _test.go, or in the file itself.
// All tests there are take minutes. Where a file has no such tests, it is
// compiled, with all of its package. None, which is all tests of the package, are
// those of a package that is gone.
func testsFor(top, file string) []string {
	own := strings.TrimSuffix(strings.TrimSuffix(file, ".go"), "_test") + "_test.go"
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(top, filepath.FromSlash(own)), nil, parser.SkipObjectResolution)
	if isGone(top, path.Dir(file)) {
		return nil // Whatever failed there is mended.
	}
	if err != nil {
		return []string{compiles}
	}
	var tests []string
	for _, declaration := range parsed.Decls {
		if f, ok := declaration.(*ast.FuncDecl); ok && strings.HasPrefix(f.Name.Name, "Test") && f.Name.Name != "TestMain" {
			tests = append(tests, f.Name.Name)
		}
	}
	if len(tests) == 0 {
		return []string{compiles}
	}
	return slices.Compact(tests)
}
