package scripts

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A citation is a section of an RFC that something names, such as {"9112",
// "3.2"}. The number is empty where the RFC is named as a whole.
type citation struct{ rfc, number string }

// String returns the citation as it stands in a comment.
func (c citation) String() string {
	if c.number == "" {
		return "RFC " + c.rfc
	}
	return "RFC " + c.rfc + ", " + c.number
}

// covers reports whether a row of a section is about another one. The number
// 5.2.x stands for 5.2 and all below it.
func (c citation) covers(other citation) bool {
	above, all := strings.CutSuffix(c.number, ".x")
	return c == other || c.rfc == other.rfc && all && (other.number == above || strings.HasPrefix(other.number, above+"."))
}

// compareSections orders section numbers: 9.6 comes before 9.10, and appendices
// come last.
func compareSections(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(a, b string) int {
		m, errM := strconv.Atoi(a)
		n, errN := strconv.Atoi(b)
		if errM != nil || errN != nil {
			return cmp.Compare(a, b) // A digit comes before a letter.
		}
		return cmp.Compare(m, n)
	})
}

var (
	// lineBreak is the end of a line, with what begins the next one: the sign of
	// a comment, or of a patch.
	lineBreak = regexp.MustCompile(`\n[ +-]?[ \t]*(?://|#)?[ \t]*`)

	// cited is an RFC with its sections, as in "RFC 9110, 8.8.3 and 13.1.2".
	cited = regexp.MustCompile(`RFC (\d+)((?:(?:, | and )(?:[A-C]\.)?\d+(?:\.\d+)*\b)*)`)

	// citedCell is a section in a table of a chapter, as in "| 9110, 15.3.1 |".
	citedCell = regexp.MustCompile(`\| (\d{4}), (\d+(?:\.\d+)*) `)

	// rfcLink is a link to an RFC, or to a section of it.
	rfcLink = regexp.MustCompile(`\]\(https://www\.rfc-editor\.org/rfc/rfc(\d+)[)#]`)

	// sectionNumber is one of the sections.
	sectionNumber = regexp.MustCompile(`(?:[A-C]\.)?\d+(?:\.\d+)*`)
)

// citationsIn returns what a text cites, each citation once.
func citationsIn(text string) []citation {
	var found []citation
	for _, m := range cited.FindAllStringSubmatch(lineBreak.ReplaceAllString(text, " "), -1) {
		numbers := sectionNumber.FindAllString(m[2], -1)
		if numbers == nil {
			numbers = []string{""}
		}
		for _, number := range numbers {
			found = append(found, citation{m[1], number})
		}
	}
	for _, m := range citedCell.FindAllStringSubmatch(text, -1) {
		found = append(found, citation{m[1], m[2]})
	}
	slices.SortFunc(found, func(a, b citation) int {
		return cmp.Or(cmp.Compare(a.rfc, b.rfc), compareSections(a.number, b.number))
	})
	return slices.Compact(found)
}

// TestCitations ensures that citations are found however they are written.
func TestCitations(t *testing.T) {
	for text, want := range map[string][]citation{
		"nothing, RFCs, RFC":                             nil,
		"// It ends (RFC\n// 9112, 2.1). 5 more":         {{"9112", "2.1"}},
		"\t// a list (RFC 9110,\n\t// 8.8.3 and 13.1.2)": {{"9110", "8.8.3"}, {"9110", "13.1.2"}},
		"# RFC 9112, 5.1, 5.2, 6.3 and 11.2.":            {{"9112", "5.1"}, {"9112", "5.2"}, {"9112", "6.3"}, {"9112", "11.2"}},
		"RFC 9112, 7.1.2; RFC 9110, 6.5.1":               {{"9110", "6.5.1"}, {"9112", "7.1.2"}},
		"RFC 9112, 9.3 and C.2.2":                        {{"9112", "9.3"}, {"9112", "C.2.2"}},
		"+// CGI (RFC 3875): RFC\n+// 3875, 4.1":         {{"3875", ""}, {"3875", "4.1"}},
		"RFC 9112, 3 recommends; RFC 9112, 4xx":          {{"9112", ""}, {"9112", "3"}},
		"| a file | 200 OK | 9110, 15.3.1 | [head](x) |": {{"9110", "15.3.1"}},
	} {
		assert.Equal(t, want, citationsIn(text), "%q", text)
	}
}

// contents returns the numbers of the sections of an RFC, as its table of
// contents has them.
func contents(t *testing.T, rfc string) []string {
	var numbers []string
	for line := range strings.Lines(read(t, "scripts", "testdata", "sections", "rfc"+rfc+".txt")) {
		number, title, _ := strings.Cut(strings.TrimSpace(line), " ")
		require.NotEmpty(t, title)
		numbers = append(numbers, number)
	}
	return numbers
}

// citingFiles returns the files whose comments, lines and tables cite RFCs,
// beside the code and the scripts of the stages.
func citingFiles(t *testing.T) []string {
	files := pages(t)
	for _, pattern := range []string{"stage*/*_test.go", "stage*/exercises/*/*.patch", "stage*/exercises/*/*.txtar", "scripts/*.go", "scripts/zoo/*.txtar"} {
		found, err := filepath.Glob(filepath.Join(top, filepath.FromSlash(pattern)))
		require.NoError(t, err)
		require.NotEmpty(t, found)
		files = append(files, found...)
	}
	return slices.DeleteFunc(files, func(file string) bool {
		return slices.Contains([]string{"citations_test.go", "sectionsfail_test.go"}, filepath.Base(file)) // They cite what is not there.
	})
}

// TestCitedSectionsExist ensures that no page, exercise, test or wrong server
// cites a section that is not there, or an RFC that the page of the sections
// does not tell about.
func TestCitedSectionsExist(t *testing.T) {
	sections := map[string][]string{}
	for _, rfc := range wholeRFCs {
		sections[rfc] = contents(t, rfc)
	}
	linked := map[string]bool{}
	for _, m := range rfcLink.FindAllStringSubmatch(read(t, "scripts", "book", "sections.md"), -1) {
		linked[m[1]] = true
	}
	for _, file := range citingFiles(t) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, c := range citationsIn(strings.ReplaceAll(string(text), "\r\n", "\n")) {
			if slices.Contains(wholeRFCs, c.rfc) && c.number != "" {
				assert.True(t, slices.Contains(sections[c.rfc], c.number), "%s cites %s, and there is no such section", file, c)
			}
			assert.True(t, linked[c.rfc], "%s cites %s, and sections.md has no link to it", file, c)
		}
	}
}
