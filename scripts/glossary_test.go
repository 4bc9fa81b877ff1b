package scripts

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"example.com/webserver/scripts/exercise"
)

// glossaryFile is the page that says where each term is explained.
var glossaryFile = filepath.Join(top, "scripts", "book", "glossary.md")

// A term is a row of the glossary.
type term struct {
	name string

	// chapter and section are where it is explained: the number of the chapter,
	// from 0, and the anchor of a heading.
	chapter int
	section string
}

// A section is a part of a chapter: a heading and what stands below it.
type section struct {
	anchor string

	// paragraphs are the texts, without code, links and tables included.
	paragraphs []string

	// stressed is what is emphasized in them.
	stressed []string
}

// stressedOnly are words that a chapter emphasizes because a sentence wants it,
// and not because they are terms.
var stressedOnly = []string{"this", "our", "same", "sees", "decoded", "Bad Gateway", "Service", "Ingress"}

// sectionsOf takes a chapter apart.
func sectionsOf(t *testing.T, file string) []section {
	p := parsePage(t, file)
	all := []section{{}}
	p.each(t, func(node ast.Node) {
		last := &all[len(all)-1]
		switch n := node.(type) {
		case *ast.Heading:
			all = append(all, section{anchor: anchorOf(p.textOf(n)), paragraphs: []string{p.textOf(n)}})
		case *ast.Emphasis:
			last.stressed = append(last.stressed, p.textOf(n))
		case *ast.Paragraph, *ast.TextBlock, *extast.TableCell:
			if _, name := node.FirstChild().(*ast.Link); name && node.ChildCount() == 1 {
				return // The name of a script, a file or an exercise.
			}
			last.paragraphs = append(last.paragraphs, p.proseOf(node))
		}
	})
	return all
}

// chapterSections returns the sections of every chapter, in the order in which
// they are read.
func chapterSections(t *testing.T) [][]section {
	var chapters [][]section
	for _, stage := range stages(t) {
		chapters = append(chapters, sectionsOf(t, filepath.Join(top, stage, "README.md")))
	}
	return chapters
}

// glossary reads the terms of the glossary.
func glossary(t *testing.T) []term {
	p := parsePage(t, glossaryFile)
	var terms []term
	p.each(t, func(node ast.Node) {
		link, ok := node.(*ast.Link)
		if !ok || link.Parent().PreviousSibling() != nil {
			return
		}
		file, anchor, _ := strings.Cut(string(link.Destination), "#")
		chapter := slices.Index(stages(t), filepath.Base(filepath.Dir(file)))
		require.GreaterOrEqual(t, chapter, 0, "%s does not lead to a chapter", link.Destination)
		terms = append(terms, term{name: p.textOf(link), chapter: chapter, section: anchor})
	})
	require.NotEmpty(t, terms)
	return terms
}

// pattern matches a term where it stands in a text, also in the plural.
func (w term) pattern() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(^|[^\w-])` + regexp.QuoteMeta(w.name) + `(e?s)?($|[^\w-])`)
}

// TestGlossary ensures that the glossary has every term that a chapter
// emphasizes, in the order of the alphabet, and that the section to which a term
// leads explains it.
func TestGlossary(t *testing.T) {
	terms := glossary(t)
	chapters := chapterSections(t)
	var names []string
	for _, w := range terms {
		names = append(names, strings.ToLower(w.name))
		at := slices.IndexFunc(chapters[w.chapter], func(s section) bool { return s.anchor == w.section })
		require.GreaterOrEqual(t, at, 0, "%s: there is no section #%s", w.name, w.section)
		found := slices.ContainsFunc(chapters[w.chapter][at].stressed, w.pattern().MatchString)
		assert.True(t, found, "section #%s of stage %d does not emphasize %q", w.section, w.chapter+1, w.name)
	}
	assert.True(t, slices.IsSorted(names), "the terms are not in the order of the alphabet")
	assert.Equal(t, slices.Compact(slices.Clone(names)), names, "a term stands there twice")
	for n, chapter := range chapters {
		for _, s := range chapter {
			for _, word := range s.stressed {
				if isSentence(word) || slices.Contains(stressedOnly, word) {
					continue
				}
				known := slices.ContainsFunc(terms, func(w term) bool { return w.pattern().MatchString(word) })
				assert.True(t, known, "stage %d, #%s emphasizes %q, which is not in the glossary", n+1, s.anchor, word)
			}
		}
	}
}

// isSentence reports whether what is emphasized is a sentence, and no term.
func isSentence(text string) bool {
	return strings.ContainsAny(text, ".?:!") || strings.Count(text, " ") > 3
}

// forward marks what a chapter says of a later one.
var forward = regexp.MustCompile(`(?i)stage \d|part (two|three)|three parts|below`)

// TestTermsAreExplainedFirst ensures that no chapter uses a term before the
// section that explains it, unless the paragraph says where that will be.
func TestTermsAreExplainedFirst(t *testing.T) {
	chapters := chapterSections(t)
	for _, w := range glossary(t) {
		if slices.Contains(everyday, w.name) {
			continue
		}
		for _, p := range before(chapters, w) {
			assert.False(t, w.pattern().MatchString(p) && !forward.MatchString(p), "%q is explained later, in stage %d, #%s:\n%s", w.name, w.chapter+1, w.section, p)
		}
		for _, stage := range stages(t)[:w.chapter] {
			exercises, err := exercise.In(top, stage)
			require.NoError(t, err)
			for _, e := range exercises {
				for _, s := range sectionsOf(t, e.File(exercise.PageFile)) {
					for _, p := range s.paragraphs {
						assert.False(t, w.pattern().MatchString(p) && !forward.MatchString(p), "%s: %q is explained later, in stage %d, #%s:\n%s", e, w.name, w.chapter+1, w.section, p)
					}
				}
			}
		}
	}
}

// before returns the paragraphs that are read before the section that explains
// a term.
func before(chapters [][]section, w term) []string {
	var paragraphs []string
	for n, chapter := range chapters[:w.chapter+1] {
		for _, s := range chapter {
			if n == w.chapter && s.anchor == w.section {
				break
			}
			paragraphs = append(paragraphs, s.paragraphs...)
		}
	}
	return paragraphs
}

// everyday are terms that everybody knows in another sense, in which the text
// uses them before.
var everyday = []string{"server", "condition", "link", "method"}
