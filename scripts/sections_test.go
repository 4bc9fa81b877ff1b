package scripts

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// wholeRFCs are those of which the page has every section.
var wholeRFCs = []string{"9110", "9111", "9112"}

// A world is what the page of the sections has to agree with.
type world struct {
	// contents are all sections of the RFCs of which the page has every section.
	contents []citation

	// code is, for every stage, what its files cite, and scripts is what the
	// scripts cite. A script is named as in stage1-hello/close.
	code    []map[string][]citation
	scripts map[string][]citation

	// isNew reports whether a file of a stage is not what it was in the stage
	// before, if it was there at all.
	isNew func(stage int, file string) bool
}

// TestSections ensures that the page of the sections is right: about the RFCs,
// about the code, and about the scripts.
func TestSections(t *testing.T) {
	page, problems := parseSections(read(t, "scripts", "book", "sections.md"))
	for _, problem := range append(problems, realWorld(t).check(page)...) {
		t.Error(problem)
	}
}

// realWorld returns the workbook and the RFCs as they are.
func realWorld(t *testing.T) world {
	folders := stages(t)
	w := world{scripts: map[string][]citation{}}
	for _, rfc := range wholeRFCs {
		for _, number := range contents(t, rfc) {
			w.contents = append(w.contents, citation{rfc, number})
		}
	}
	for _, stage := range folders {
		files := map[string][]citation{}
		for _, name := range goFiles(t, stage) {
			if !strings.HasSuffix(name, "_test.go") {
				files[name] = citationsIn(read(t, stage, name))
			}
		}
		w.code = append(w.code, files)
	}
	for _, name := range Names(len(folders)) {
		text, err := fs.ReadFile(scriptFiles, name+".txtar")
		require.NoError(t, err)
		w.scripts[name] = citationsIn(strings.ReplaceAll(string(text), "\r\n", "\n"))
	}
	w.isNew = func(stage int, file string) bool {
		if stage == 1 || w.code[stage-2][file] == nil && !slices.Contains(goFiles(t, folders[stage-2]), file) {
			return true
		}
		return read(t, folders[stage-1], file) != read(t, folders[stage-2], file)
	}
	return w
}

// check returns what the page says that is not so, and what it does not say.
func (w world) check(page sectionsPage) []string {
	var problems []string
	complain := func(format string, a ...any) { problems = append(problems, fmt.Sprintf(format, a...)) }
	w.checkContents(page, complain)
	w.checkCode(page, complain)
	for _, row := range page.rows {
		w.checkRow(page, row, complain)
	}
	w.checkScripts(page, complain)
	return problems
}

// checkContents ensures that every section has one place, and that the rows are
// in the order of the sections.
func (w world) checkContents(page sectionsPage, complain func(string, ...any)) {
	places := slices.Concat(page.left, page.nothing)
	for _, row := range page.rows {
		places = append(places, row.section)
	}
	for _, section := range w.contents {
		n := 0
		for _, place := range places {
			if place.covers(section) {
				n++
			}
		}
		if n != 1 {
			complain("%s has %d places on the page, and should have one", section, n)
		}
	}
	for _, place := range places {
		isKnown := slices.ContainsFunc(w.contents, func(c citation) bool { return c.number == strings.TrimSuffix(place.number, ".x") && c.rfc == place.rfc })
		if slices.Contains(wholeRFCs, place.rfc) && !isKnown {
			complain("the page has %s, and there is no such section", place)
		}
	}
	for i, row := range page.rows[1:] {
		if last := page.rows[i].section; last.rfc == row.section.rfc && compareSections(last.number, row.section.number) >= 0 {
			complain("%s does not belong after %s", row.section, last)
		}
	}
}
