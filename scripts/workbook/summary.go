package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"example.com/webserver/scripts/exercise"
)

// showBoard is the command board: it shows the board, as text or, with
// -markdown, as a page.
func (d *desk) showBoard(args []string) error {
	asPage, rest, err := option("markdown", args)
	switch {
	case err != nil:
		return err
	case len(rest) > 0:
		return misused("board takes -markdown, and nothing else")
	case asPage:
		return d.summary()
	}
	return d.board()
}

// summary prints the board as a page in Markdown, with a table for each stage.
// A service that hosts a repository can show it beside a push. A stage whose
// tests do not run says so in place of its table, and the others have theirs;
// the error then is that of the first one.
func (d *desk) summary() error {
	stages, err := exercise.Stages(d.top)
	if err != nil {
		return err
	}
	var tables strings.Builder
	var all []row
	var failures []error
	for _, stage := range stages {
		rows, err := d.rows(stage)
		fmt.Fprintf(&tables, "\n## %s\n\n", stage)
		if err != nil {
			failures = append(failures, err)
			fmt.Fprintf(&tables, "Its exercises cannot be checked:\n\n%s\n", indent(err.Error(), "    "))
			continue
		}
		all = append(all, rows...)
		tables.WriteString(table(rows))
	}
	fmt.Fprintf(d.out, "# The board\n\n%s\n%s", counted(all), &tables)
	return errors.Join(failures...)
}

// counted says how many exercises are in which state.
func counted(rows []row) string {
	count := map[string]int{}
	for _, r := range rows {
		count[r.state]++
	}
	return fmt.Sprintf("Of %d exercises: %d green (solved), %d red (begun, and not solved yet), %d not started.",
		len(rows), count[solved], count[notYet], count[notStarted])
}

// stateWords are the states as a page says them: with the color in words.
var stateWords = map[string]string{notStarted: "not started", notYet: "**red:** not yet", solved: "**green:** solved"}

// table returns the rows of a stage as a table in Markdown.
func table(rows []row) string {
	var text strings.Builder
	text.WriteString("| exercise | time | state | what fails first |\n| --- | --- | --- | --- |\n")
	for _, r := range rows {
		fmt.Fprintf(&text, "| %s | %s | %s | %s |\n", r.exercise.Name, r.page.Time, stateWords[r.state], asCode(r.failure))
	}
	return text.String()
}

// backticks are those that a text has in a row.
var backticks = regexp.MustCompile("`+")

// asCode returns a text as code in the cell of a table, where nothing of it is
// taken for Markdown; "" for no text. It stands between more backticks than it
// has itself in a row.
func asCode(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return ""
	}
	// The end of a cell is looked for before code is.
	text = strings.ReplaceAll(text, "|", `\|`)
	longest := 0
	for _, run := range backticks.FindAllString(text, -1) {
		longest = max(longest, len(run))
	}
	fence := strings.Repeat("`", longest+1)
	if longest > 0 {
		text = " " + text + " "
	}
	return fence + text + fence
}
