package scripts

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPageChecks ensures that the checks of the pages see a wrong word.
func TestPageChecks(t *testing.T) {
	source := "package main\n\nfunc a() {\n\tone()\n\ttwo()\n\tthree()\n}\n"
	assert.True(t, stands(source, "func a() {\n\tone()\n"))
	assert.True(t, stands(source, "func a() {\n\t// ...\n\tthree()\n}\n"))
	assert.False(t, stands(source, "func a() {\n\tthree()\n"))
	assert.False(t, stands(source, "\tthree()\n\t// ...\n\tone()\n"))
	assert.NoError(t, compareText("a\n...\nd", "a\r\nb\r\nc\r\nd\r\n"))
	assert.Error(t, compareText("a\n...\nd", "a\nb\n"))
	assert.Error(t, compareText("a", "a\nb\n"))
	assert.Error(t, compareText("a.", "ab\n"))
	changed, err := newChange("-\tgo handle(conn)\n+\thandle(conn)\n")
	require.NoError(t, err)
	_, files, err := sourcesOf("stage1-hello")
	require.NoError(t, err)
	require.NoError(t, changed.apply(files))
	assert.NotContains(t, files["main.go"], "go handle(conn)")
	_, err = newChange("?")
	assert.Error(t, err)
	changed, err = newChange("-no such line\n")
	require.NoError(t, err)
	assert.Error(t, changed.apply(files))
}

// TestWrongPages ensures that a page that says something wrong is told so.
func TestWrongPages(t *testing.T) {
	tests := map[string]fence{
		"a transcript":          {kind: "wire", text: "> GET /hello.txt HTTP/1.1\\r\\n\n> \\r\\n\n< HTTP/1.1 201 OK\\r\\n\n< ...\n"},
		"the end of one":        {kind: "wire", text: "> GET /hello.txt HTTP/1.1\\r\\n\n> \\r\\n\n< HTTP/1.1 200 OK\\r\\n\n< ...\n* pause 10ms\n"},
		"a transcript's form":   {kind: "wire", text: "> GET / HTTP/1.1\n"},
		"code":                  {kind: "go", text: "\tgo handel(conn)\n"},
		"wrong code that is":    {kind: "go", words: []string{"wrong"}, text: "\tgo handle(conn)\n"},
		"wrong code, not Go":    {kind: "go", words: []string{"wrong"}, text: "\tgo handle(\n"},
		"an example":            {kind: "txtar", text: "# A file.\nserve site\n"},
		"a report":              {kind: "report", words: []string{"lf-only"}, text: "    < HTTP/1.1 200 OK\\r\\n\n                     ^\n"},
		"a report's lines":      {kind: "report", words: []string{"lf-only"}, text: "  got:\n    < Content-Length: 59\\n\n"},
		"a report of another":   {kind: "report", words: []string{"copied"}, text: "  This line ends in \\n alone.\n"},
		"a report of nobody":    {kind: "report", words: []string{"lf"}, text: "  got:\n"},
		"a report of a task":    {kind: "report", words: []string{"stage1-hello/tiem"}, text: "  got:\n"},
		"a report of nothing":   {kind: "report", words: []string{"lf-only"}, text: "...\n"},
		"a report without name": {kind: "report", text: "  got:\n"},
		"a diff":                {kind: "diff", text: " no change\n"},
		"a kind of fence":       {kind: "sh", text: "ls\n"},
		"a command":             {kind: "console", text: "$ ls\na.txt\n"},
		"a folder to test":      {kind: "console", text: "$ go test ./stage1-helo\n"},
		"a script to test":      {kind: "console", text: "$ go test ./stage1-hello -run TestWire/stage1-hello/helo\n"},
		"an exercise to test":   {kind: "console", text: "$ go test ./stage1-hello -run TestExercises/tiem\n"},
		"an exercise to start":  {kind: "console", text: "$ go run ./scripts/workbook start stage1-hello/tiem\n"},
		"a command of the desk": {kind: "console", text: "$ go run ./scripts/workbook stat\n"},
		"a program that starts": {kind: "console", text: "$ go run ./stage1-hello 8080\nserving on http://localhost:8080\n"},
		"a program that fails":  {kind: "console", text: "$ go run ./stage1-hello\nusage\nexit status 2\n"},
	}
	b := newBuilds(t)
	for name, f := range tests {
		t.Run(name, func(t *testing.T) {
			server := startPretender(t, programName, "0", "site")
			require.NoError(t, server.waitForLine(startLimit))
			c := &chapter{folder: "stage1-hello", builds: b, server: server}
			assert.Error(t, c.check(t, f))
			c.stop()
		})
	}
}

// TestTables ensures that the tables of the page about the scripts have no
// command and no directive that there is not.
func TestTables(t *testing.T) {
	file := filepath.Join(top, "scripts", "README.md")
	var usages, meanings []string
	for _, c := range commands {
		usage, _, _ := strings.Cut(c.usage, ": ")
		usages = append(usages, usage)
	}
	for _, row := range tableRows(t, file, "Commands") {
		assert.Contains(t, usages, row[0])
	}
	for _, d := range directives {
		usage, _, _ := strings.Cut(d.meaning, ": ")
		meanings = append(meanings, usage)
	}
	for _, row := range tableRows(t, file, "Transcripts") {
		if strings.HasPrefix(row[0], "* ") && row[0] != "* " {
			assert.Contains(t, meanings, row[0])
		}
	}
}
