package scripts

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"example.com/webserver/scripts/exercise"
)

// A fence is a fenced block of a page.
type fence struct {
	// kind is the first word after the fence, and words the others.
	kind  string
	words []string

	// line is where the content begins, counted from 1.
	line int

	// text is the content.
	text string
}

// A page is a Markdown file, taken apart.
type page struct {
	source []byte
	root   ast.Node
}

// parsePage reads a Markdown file.
func parsePage(t *testing.T, file string) page {
	source, err := os.ReadFile(file)
	require.NoError(t, err)
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	parser := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()
	return page{source: source, root: parser.Parse(text.NewReader(source))}
}

// each calls f for every node of the page, in order.
func (p page) each(t *testing.T, f func(ast.Node)) {
	err := ast.Walk(p.root, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			f(node)
		}
		return ast.WalkContinue, nil
	})
	require.NoError(t, err)
}

// fences returns the fenced blocks of a page.
func (p page) fences(t *testing.T) []fence {
	var found []fence
	p.each(t, func(node ast.Node) {
		block, ok := node.(*ast.FencedCodeBlock)
		if !ok || block.Lines().Len() == 0 {
			return
		}
		f := fence{line: 1 + bytes.Count(p.source[:block.Lines().At(0).Start], []byte("\n"))}
		if block.Info != nil {
			words := strings.Fields(string(block.Info.Segment.Value(p.source)))
			f.kind, f.words = words[0], words[1:]
		}
		f.text = string(block.Lines().Value(p.source))
		found = append(found, f)
	})
	return found
}

// textOf returns the text below a node, without its markup.
func (p page) textOf(node ast.Node) string { return p.words(node, true) }

// proseOf returns the text below a node, without its markup and without what is
// written as code.
func (p page) proseOf(node ast.Node) string { return p.words(node, false) }

// words returns the text below a node, with what is written as code or without.
func (p page) words(node ast.Node, code bool) string {
	var words strings.Builder
	_ = ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if _, ok := n.(*ast.CodeSpan); ok && !code {
			return ast.WalkSkipChildren, nil
		}
		if t, ok := n.(*ast.Text); ok && entering {
			words.Write(t.Segment.Value(p.source))
			if t.SoftLineBreak() {
				words.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return words.String()
}

// tableRows returns the rows, without the head, of the table that follows a
// heading of a page.
func tableRows(t *testing.T, file, heading string) [][]string {
	p := parsePage(t, file)
	var rows [][]string
	under := ""
	p.each(t, func(node ast.Node) {
		switch n := node.(type) {
		case *ast.Heading:
			under = p.textOf(n)
		case *extast.TableRow:
			if under != heading {
				return
			}
			var row []string
			for cell := n.FirstChild(); cell != nil; cell = cell.NextSibling() {
				row = append(row, p.textOf(cell))
			}
			rows = append(rows, row)
		}
	})
	require.NotEmpty(t, rows, "%s has no table under a heading %q", file, heading)
	return rows
}

// pages returns the pages of the workbook: the front door, the page about the
// scripts, those that go with the book, the chapters, and the exercises.
func pages(t *testing.T) []string {
	files := []string{filepath.Join(top, "README.md"), filepath.Join(top, "scripts", "README.md")}
	beside, err := filepath.Glob(filepath.Join(top, "scripts", "book", "*.md"))
	require.NoError(t, err)
	files = append(files, beside...)
	for _, stage := range stages(t) {
		files = append(files, filepath.Join(top, stage, "README.md"))
		exercises, err := exercise.In(top, stage)
		require.NoError(t, err)
		for _, e := range exercises {
			files = append(files, e.File(exercise.PageFile))
		}
	}
	return files
}

// TestExerciseTables ensures that every chapter ends with a table of its
// exercises, with the time that their pages say, and that each page says how to
// begin.
func TestExerciseTables(t *testing.T) {
	for _, stage := range stages(t) {
		exercises, err := exercise.In(top, stage)
		require.NoError(t, err)
		var want, got [][]string
		for _, e := range exercises {
			page, err := e.Page()
			require.NoError(t, err)
			want = append(want, []string{page.Title, page.Time})
			require.Contains(t, read(t, filepath.Dir(e.Path()), e.Name, exercise.PageFile), "\n**Begin:** `go run ./scripts/workbook start "+e.String()+"`\n")
		}
		for _, row := range tableRows(t, filepath.Join(top, stage, "README.md"), "Exercises") {
			got = append(got, row[:2])
		}
		require.Equal(t, want, got, "the table of exercises in %s/README.md", stage)
	}
}

// TestLinks ensures that the links between the pages lead somewhere.
func TestLinks(t *testing.T) {
	for _, file := range pages(t) {
		p := parsePage(t, file)
		p.each(t, func(node ast.Node) {
			link, ok := node.(*ast.Link)
			if !ok || strings.Contains(string(link.Destination), "://") {
				return
			}
			name, heading, _ := strings.Cut(string(link.Destination), "#")
			target := filepath.Join(filepath.Dir(file), filepath.FromSlash(name))
			if name == "" {
				target = file
			}
			_, err := os.Stat(target)
			require.NoError(t, err, "%s links to %s", file, link.Destination)
			if heading != "" {
				require.Contains(t, anchors(t, target), heading, "%s links to %s", file, link.Destination)
			}
		})
	}
}

// anchors returns the names by which the headings of a page can be linked to.
func anchors(t *testing.T, file string) []string {
	p := parsePage(t, file)
	var names []string
	p.each(t, func(node ast.Node) {
		if heading, ok := node.(*ast.Heading); ok {
			names = append(names, anchorOf(p.textOf(heading)))
		}
	})
	return names
}

// anchorOf returns the name by which a heading can be linked to.
func anchorOf(heading string) string {
	var name strings.Builder
	for _, r := range strings.ToLower(heading) {
		switch {
		case r == ' ':
			name.WriteRune('-')
		case r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z':
			name.WriteRune(r)
		}
	}
	return name.String()
}

// TestCommandsAreExplained ensures that the page about the scripts has every
// command, directive and placeholder, as they are.
func TestCommandsAreExplained(t *testing.T) {
	text := read(t, "scripts", "README.md")
	for _, c := range commands {
		usage, _, _ := strings.Cut(c.usage, ": ")
		require.Contains(t, text, "`"+usage+"`")
	}
	for _, d := range slices.Concat(directives, upstreamDirectives) {
		usage, _, _ := strings.Cut(d.meaning, ": ")
		require.Contains(t, text, "`"+usage+"`")
	}
	for name := range placeholders {
		require.Contains(t, text, "`"+name+"`")
	}
}
