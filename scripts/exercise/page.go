package exercise

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// A Page is what the page of an exercise says.
type Page struct {
	// Title is its heading.
	Title string

	// Time is how long the exercise may take, such as "25 minutes".
	Time string

	// Where says what to change or to write, such as "handle, in main.go".
	Where string

	// Hints are its hints, the gentlest first.
	Hints []Hint
}

// A Hint is folded away on the page, so that nobody reads it by accident.
type Hint struct {
	// Title says what the hint is about.
	Title string

	// Text is the hint, in Markdown.
	Text string
}

var (
	titleForm = regexp.MustCompile(`^# (.+)\n`)
	timeForm  = regexp.MustCompile(`(?m)^\*\*Time:\*\* about (\d+ minutes)\. \*\*You (?:change|write):\*\* (.+)\.$`)
	hintForm  = regexp.MustCompile(`(?s)<details>\n<summary>(.+?)</summary>\n\n(.+?)\n</details>`)
)

// Page reads the page of the exercise. A page that lacks one of its parts is an
// error.
func (e Exercise) Page() (Page, error) {
	data, err := os.ReadFile(e.File(PageFile))
	if err != nil {
		return Page{}, err
	}
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	title, time := titleForm.FindStringSubmatch(text), timeForm.FindStringSubmatch(text)
	if title == nil || time == nil {
		return Page{}, fmt.Errorf("%s/%s must begin with a heading, and have a line such as: **Time:** about 25 minutes. **You change:** `main`, in `main.go`", e.Path(), PageFile)
	}
	page := Page{Title: title[1], Time: time[1], Where: strings.ReplaceAll(time[2], "`", "")}
	// What a tutor is told is folded away, too, but is no hint.
	forLearners, _, _ := strings.Cut(text, "\n## For the tutor\n")
	for _, hint := range hintForm.FindAllStringSubmatch(forLearners, -1) {
		page.Hints = append(page.Hints, Hint{Title: hint[1], Text: strings.TrimSpace(hint[2])})
	}
	if len(page.Hints) == 0 {
		return Page{}, fmt.Errorf("%s/%s has no hint between <details> and </details>", e.Path(), PageFile)
	}
	return page, nil
}
