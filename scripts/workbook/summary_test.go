package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html"

	"example.com/webserver/scripts/exercise"
)

// cells returns the texts of the cells of a page in Markdown, as a reader sees
// them, row by row.
func cells(t *testing.T, page string) [][]string {
	var out bytes.Buffer
	require.NoError(t, goldmark.New(goldmark.WithExtensions(extension.Table)).Convert([]byte(page), &out))
	top, err := html.Parse(&out)
	require.NoError(t, err)
	var rows [][]string
	for node := range top.Descendants() {
		switch node.Data {
		case "tr":
			rows = append(rows, nil)
		case "th", "td":
			var text strings.Builder
			for below := range node.Descendants() {
				if below.Type == html.TextNode {
					text.WriteString(below.Data)
				}
			}
			rows[len(rows)-1] = append(rows[len(rows)-1], text.String())
		}
	}
	return rows
}

// TestTable ensures that a reader sees the rows of a stage as they are, whatever
// signs a failure has.
func TestTable(t *testing.T) {
	for _, failure := range []string{"", "check.txtar:3: page, line 4: No reply came.", "a | b", "`a` | ``b``", "`", "```", "<b>bold</b> &amp; *stars* [link](x)", `a \| b`, "two\nlines"} {
		r := row{exercise: exercise.Exercise{Name: "echo"}, page: exercise.Page{Time: "20 minutes"}, state: notYet, failure: failure}
		assert.Equal(t, [][]string{
			{"exercise", "time", "state", "what fails first"},
			{"echo", "20 minutes", "red: not yet", strings.ReplaceAll(failure, "\n", " ")},
		}, cells(t, table([]row{r})), failure)
	}
}

// TestStateWords ensures that each state has its words on the page.
func TestStateWords(t *testing.T) {
	for _, state := range []string{notStarted, notYet, solved} {
		assert.Contains(t, stateWords[state], state)
	}
}

// TestCounted ensures that the page counts the exercises in each state.
func TestCounted(t *testing.T) {
	assert.Equal(t, "Of 4 exercises: 2 green (solved), 1 red (begun, and not solved yet), 1 not started.",
		counted([]row{{state: solved}, {state: notYet}, {state: notStarted}, {state: solved}}))
}

// TestSummaryGoesOn ensures that a stage whose exercises cannot be checked is
// told so on the page, and that the page does not end there.
func TestSummaryGoesOn(t *testing.T) {
	top := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(top, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
	}
	write("go.work", "go 1.25.0\n\nuse (\n\t./stage1-first\n\t./stage2-second\n)\n")
	write("stage2-second/README.md", "[one](exercises/one/README.md)\n")
	write("stage2-second/exercises/one/README.md", "# One\n\n**Time:** about 20 minutes. **You change:** `main`.\n\n<details>\n<summary>One</summary>\n\nLook.\n</details>\n")
	var out bytes.Buffer
	err := (&desk{top: top, out: screen{Writer: &out}}).summary()
	assert.ErrorContains(t, err, "stage1-first")
	assert.Contains(t, out.String(), "## stage1-first\n\nIts exercises cannot be checked:\n\n    open ")
	assert.Contains(t, out.String(), "## stage2-second\n\n| exercise | time |")
	assert.Contains(t, out.String(), "\n| one | 20 minutes | not started |  |\n")
}

// TestClassroom ensures that the page for tutors shows the board as it is.
func TestClassroom(t *testing.T) {
	top := filepath.Join("..", "..")
	exercises, err := exercise.All(top)
	require.NoError(t, err)
	rows := make([]row, len(exercises))
	for i, e := range exercises {
		rows[i] = row{exercise: e, state: notStarted}
		rows[i].page, err = e.Page()
		require.NoError(t, err)
	}
	rows[0].state = solved
	rows[1].state, rows[1].failure = notYet, "check.txtar:3: page, line 4: No reply came."
	board := counted(rows) + "\n\n" + table(rows[:3])
	page, err := os.ReadFile(filepath.Join(top, "scripts", "book", "classroom.md"))
	require.NoError(t, err)
	shown := strings.ReplaceAll("> "+strings.ReplaceAll(strings.TrimSpace(board), "\n", "\n> "), "> \n", ">\n")
	assert.Contains(t, strings.ReplaceAll(string(page), "\r\n", "\n"), shown)
}
