package scripts

import (
	"fmt"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"example.com/webserver/scripts/exercise"
)

// planLengths are how long a session may be, in minutes. Each stage has a plan
// for each of them.
var planLengths = []int{30, 60, 90}

// tutorPage returns the tutor's page for a stage.
func tutorPage(stage string) string {
	return filepath.Join(top, "scripts", "book", fmt.Sprintf("tutor-%d.md", exercise.StageNumber(stage)))
}

// TestTutorPlans ensures that the tutor's page of each stage has its plans, that
// the minutes of a plan are as many as it says, and that an exercise in it gets
// the time that it takes.
func TestTutorPlans(t *testing.T) {
	for _, stage := range stages(t) {
		for _, length := range planLengths {
			rows := linkedRows(t, tutorPage(stage), fmt.Sprintf("%d minutes", length))
			assert.NoError(t, checkPlan(rows, length), "%s, the plan for %d minutes", tutorPage(stage), length)
		}
	}
}

// checkPlan returns what is wrong with the rows of a plan for so many minutes.
func checkPlan(rows []linkedRow, length int) error {
	sum := 0
	for _, row := range rows {
		minutes, err := strconv.Atoi(row.cells[0])
		if err != nil {
			return fmt.Errorf("a row begins with its minutes, not with %q", row.cells[0])
		}
		sum += minutes
		for _, link := range row.links {
			if needed := minutesOf(link); needed > minutes {
				return fmt.Errorf("%s takes %d minutes, and has %d", link, needed, minutes)
			}
		}
	}
	if sum != length {
		return fmt.Errorf("its rows are %d minutes together", sum)
	}
	return nil
}

// TestTutorPlanChecks ensures that the check of a plan sees what is wrong.
func TestTutorPlanChecks(t *testing.T) {
	exerciseOf := []string{"../../stage1-hello/exercises/time/README.md"}
	tests := map[string]struct {
		rows []linkedRow
		want string
	}{
		"right":                   {[]linkedRow{{cells: []string{"10", "read"}}, {[]string{"20", "do"}, exerciseOf}}, ""},
		"too short":               {[]linkedRow{{cells: []string{"29", "read"}}}, "29 minutes together"},
		"too long":                {[]linkedRow{{cells: []string{"20", "read"}}, {cells: []string{"11", "do"}}}, "31 minutes together"},
		"no number":               {[]linkedRow{{cells: []string{"some", "read"}}}, "with its minutes"},
		"no time for an exercise": {[]linkedRow{{cells: []string{"11", "read"}}, {[]string{"19", "do"}, exerciseOf}}, "takes 20 minutes"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := checkPlan(test.rows, 30)
			if test.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, test.want)
		})
	}
}

// minutesOf returns how long the exercise takes that a link leads to; 0 where it
// leads elsewhere.
func minutesOf(link string) int {
	folder := strings.TrimPrefix(path.Dir(link), "../../")
	e, err := exercise.Find(top, strings.Replace(folder, "/exercises/", "/", 1))
	if err != nil {
		return 0
	}
	page, err := e.Page()
	if err != nil {
		return 0
	}
	number, _, _ := strings.Cut(page.Time, " ")
	minutes, _ := strconv.Atoi(number)
	return minutes
}

// TestTutorExercises ensures that the tutor's page of each stage says of every
// exercise for whom it is, with a link to it and the time that its page says.
func TestTutorExercises(t *testing.T) {
	for _, stage := range stages(t) {
		exercises, err := exercise.In(top, stage)
		require.NoError(t, err)
		var want, got []string
		for _, e := range exercises {
			page, err := e.Page()
			require.NoError(t, err)
			want = append(want, fmt.Sprint(page.Title, ", ", page.Time, ": ../../", e.Path(), "/", exercise.PageFile))
		}
		for _, row := range linkedRows(t, tutorPage(stage), "Which exercise for whom") {
			require.Len(t, row.cells, 3)
			assert.NotEmpty(t, row.cells[2], "for whom %s is, in %s", row.cells[0], tutorPage(stage))
			got = append(got, fmt.Sprint(row.cells[0], ", ", row.cells[1], ": ", strings.Join(row.links, " ")))
		}
		assert.Equal(t, want, got, "the exercises in %s", tutorPage(stage))
	}
}

// TestTutorPages ensures that the tutor's first page leads to those of all
// stages.
func TestTutorPages(t *testing.T) {
	entrance := read(t, "scripts", "book", "tutor.md")
	for _, stage := range stages(t) {
		name := filepath.Base(tutorPage(stage))
		assert.True(t, strings.Contains(entrance, "("+name+")"), "tutor.md has no link to %s", name)
	}
}

// A linkedRow is a row of a table.
type linkedRow struct {
	// cells is the text of its cells, and links is where the links in them lead.
	cells, links []string
}

// linkedRows returns the rows, without the head, of the table under a heading of
// a page.
func linkedRows(t *testing.T, file, heading string) []linkedRow {
	p := parsePage(t, file)
	var rows []linkedRow
	for _, cells := range tableRows(t, file, heading) {
		rows = append(rows, linkedRow{cells: cells})
	}
	under, at := "", 0
	p.each(t, func(node ast.Node) {
		switch n := node.(type) {
		case *ast.Heading:
			under = p.textOf(n)
		case *extast.TableRow:
			if under == heading {
				at++
			}
		case *ast.Link:
			if under == heading && at > 0 {
				rows[at-1].links = append(rows[at-1].links, string(n.Destination))
			}
		}
	})
	return rows
}
