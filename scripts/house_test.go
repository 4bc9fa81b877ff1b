package scripts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	// fileLimit is how many lines a file of a stage may have: one idea. The list
	// of the files, in the package comment, does not count.
	fileLimit = 165

	// functionLimit is how many lines a function may have: one screen.
	functionLimit = 40
)

// TestHouse ensures the rules that hold for every file of every stage.
func TestHouse(t *testing.T) {
	for _, stage := range stages(t) {
		for _, name := range goFiles(t, stage) {
			t.Run(stage+"/"+name, func(t *testing.T) {
				source := read(t, stage, name)
				checkSource(t, name, source)
			})
		}
	}
}

// stageWord is a name that ties a file to one stage.
var stageWord = regexp.MustCompile(`(?i)stage\s*-?\d`)

// checkSource checks one file.
func checkSource(t *testing.T, name, source string) {
	assert.NotRegexp(t, stageWord, source, "a file that names its stage cannot be carried to the next one")
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.ParseComments)
	require.NoError(t, err)
	isTest := strings.HasSuffix(name, "_test.go")
	if !isTest {
		lines := strings.Count(source[files.Position(file.Package).Offset:], "\n")
		assert.LessOrEqual(t, lines, fileLimit, "a file is one idea, of %d lines at most", fileLimit)
		checkImports(t, file)
	}
	for _, declaration := range file.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if !isTest {
			assert.LessOrEqual(t, linesOf(files, function), functionLimit, "func %s is longer than a screen", function.Name.Name)
		}
		if function.Name.Name != "main" {
			assert.True(t, strings.HasPrefix(function.Doc.Text(), function.Name.Name+" "), "func %s has no doc comment that begins with its name", function.Name.Name)
		}
	}
}

// linesOf returns how many lines a function has.
func linesOf(files *token.FileSet, function *ast.FuncDecl) int {
	return files.Position(function.End()).Line - files.Position(function.Pos()).Line + 1
}

// checkImports ensures that a stage uses the standard library only, and does
// not leave the lesson to it.
func checkImports(t *testing.T, file *ast.File) {
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		first, _, _ := strings.Cut(imported, "/")
		assert.NotContains(t, first, ".", "%s is not in the standard library", imported)
		assert.NotRegexp(t, `^net/(http|textproto|rpc)`, imported, "the bytes are the lesson")
	}
}

// TestHarnessHouse ensures the same measure for the functions of this package.
func TestHarnessHouse(t *testing.T) {
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range names {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, nil, parser.ParseComments)
		require.NoError(t, err)
		for _, declaration := range file.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok {
				if !strings.HasSuffix(name, "_test.go") {
					assert.LessOrEqual(t, linesOf(files, function), functionLimit, "%s: func %s is longer than a screen", name, function.Name.Name)
				}
				assert.NotEmpty(t, function.Doc.Text(), "%s: func %s has no doc comment", name, function.Name.Name)
			}
		}
	}
}
