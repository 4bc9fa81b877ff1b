package scripts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// scriptColumn is the head of the column that tells what a wire script makes of
// a response.
const scriptColumn = "script"

// TestDisagreements sends wrong responses to every client, and ensures that the
// page tells what each makes of them. Another version than the page names may
// make something else of them: then the test is skipped, and says what.
func TestDisagreements(t *testing.T) {
	t.Parallel()
	versions := map[string]string{}
	for _, row := range tableRows(t, clientsPage, "The clients") {
		versions[row[0]] = row[1]
	}
	for _, c := range knownClients {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			version, ask := c.open(t)
			want, got := columnOf(t, c.name), cellsOf(t, c, ask(t, serveReplies(t), wrongWishes()))
			if !isVersion(version, versions[c.name]) && !assert.ObjectsAreEqual(want, got) {
				t.Skipf("the page tells of %s %s; here is %s, of which it should say\n%s", c.name, versions[c.name], version, changed(want, got))
			}
			assert.Equal(t, want, got)
		})
	}
	t.Run(scriptColumn, func(t *testing.T) {
		t.Parallel()
		assert.Equal(t, columnOf(t, scriptColumn), scriptCells(t))
	})
}

// isVersion reports whether a version is one of those that the page names, which
// may leave out its last numbers: 3 is 3.11, too.
func isVersion(version, named string) bool {
	for one := range strings.SplitSeq(named, ", ") {
		if strings.HasPrefix(version+".", one+".") {
			return true
		}
	}
	return false
}

// changed returns the cells that are others than the page has.
func changed(want, got []string) string {
	var lines strings.Builder
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			fmt.Fprintf(&lines, "%s, not %s\n", got[i], want[i])
		}
	}
	return lines.String()
}

// columnOf returns the column of the table with this head, each cell with the
// name of its row.
func columnOf(t *testing.T, head string) []string {
	column := slices.Index(tableHead(t, clientsPage, "The table"), head)
	require.Positive(t, column, "the table has no column %q", head)
	var cells []string
	for _, row := range tableRows(t, clientsPage, "The table") {
		cells = append(cells, row[0]+": "+row[column])
	}
	return cells
}

// tableHead returns the head of the table that follows a heading of a page.
func tableHead(t *testing.T, file, heading string) (head []string) {
	p, under := parsePage(t, file), ""
	p.each(t, func(node ast.Node) {
		switch n := node.(type) {
		case *ast.Heading:
			under = p.textOf(n)
		case *extast.TableHeader:
			for cell := n.FirstChild(); cell != nil && under == heading; cell = cell.NextSibling() {
				head = append(head, p.textOf(cell))
			}
		}
	})
	return head
}

// wrongWishes are the requests that are answered with wrongReplies. Where the
// connection stays open, another one follows.
func wrongWishes() []wish {
	var wishes []wish
	for i, r := range wrongReplies {
		wishes = append(wishes, wish{Method: "GET", Target: fmt.Sprint("/", i), Fresh: true})
		if r.kept {
			wishes[len(wishes)-1].Method = r.method
			wishes = append(wishes, wish{Method: "GET", Target: "/next"})
		}
	}
	return wishes
}

// cellsOf returns the cells that answers make. What comes next on a connection,
// a client cannot tell that takes another one for each request.
func cellsOf(t *testing.T, c client, answers []answer) []string {
	require.Len(t, answers, len(wrongWishes()))
	var cells []string
	for _, r := range wrongReplies {
		a := answers[0]
		if answers = answers[1:]; r.kept {
			a, answers = answers[0], answers[1:]
		}
		if cell := r.name + ": " + cell(a); r.kept && c.alone {
			cells = append(cells, r.name+": "+notAsked)
		} else {
			cells = append(cells, cell)
		}
	}
	return cells
}

// cell returns what the page says of an answer: the content, where there is no
// error, and the status code where it is not 200. A client that does without a
// status line has no status code.
func cell(a answer) string {
	switch {
	case a.Error != "":
		return "error"
	case a.Status != 200 && a.Status != 0:
		return strings.TrimSpace(fmt.Sprint(a.Status, " ", a.Start))
	case strings.HasPrefix(a.Start, "\x1f\u008b"):
		return "packed"
	case strings.Contains(a.Start, "\r\n\x1f\u008b"):
		return "chunks"
	case a.Length == 0:
		return "nothing"
	}
	quoted := strconv.Quote(a.Start)
	return quoted[1 : len(quoted)-1]
}

// scriptCells plays each response against a script that expects the right one.
func scriptCells(t *testing.T) []string {
	var cells []string
	for i, r := range wrongReplies {
		cell := "passes"
		if failed := (&talk{text: r.script(i), quietPause: quietPause}).play(t, reply); failed != nil {
			t.Logf("%s: %s", r.name, failed.difference.says)
			cell = "fails"
		}
		cells = append(cells, r.name+": "+cell)
	}
	return cells
}

// script is the transcript that wants the response which was meant.
func (r wrongReply) script(number int) string {
	method := r.method
	if method == "" {
		method = "GET"
	}
	text := fmt.Sprintf(`> %s /%d HTTP/1.1\r\n`+"\n"+`> Host: localhost\r\n`+"\n"+`> \r\n`+"\n", method, number) + scriptLines(r.means)
	if r.kept {
		text += `> GET /next HTTP/1.1\r\n` + "\n" + `> Host: localhost\r\n` + "\n" + `> \r\n` + "\n" + scriptLines(rightReply)
	}
	return text + "* closed\n"
}

// scriptLines writes bytes as wanted lines.
func scriptLines(text string) string {
	var lines strings.Builder
	for line := range strings.Lines(text) {
		quoted := strconv.Quote(line)
		lines.WriteString("< " + quoted[1:len(quoted)-1])
		if !strings.HasSuffix(line, "\n") {
			lines.WriteString(`\`)
		}
		lines.WriteString("\n")
	}
	return lines.String()
}
