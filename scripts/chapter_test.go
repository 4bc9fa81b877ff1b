package scripts

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.com/webserver/scripts/exercise"
)

// A chapter is a page that is played from its top to its end, as a reader
// would: its servers are started, its commands are run, its transcripts are
// held, and its code is looked up.
type chapter struct {
	file string

	// folder is the folder of the stage, or of the exercise, that the page is
	// about.
	folder string

	// builds makes the programs of the stages.
	builds *builds

	// changes are what the reader has been told to change in the code, before
	// the next go run.
	changes []change

	// server is what the last go run has started.
	server *process

	// idle are the connections to it that are left open.
	idle []net.Conn

	// came is what came from it, and can be sent back.
	came memory

	companions
}

// shownAddress is where the servers of the chapters listen, as it is printed.
const shownAddress = "localhost:8080"

// TestChapters plays every page of the workbook.
func TestChapters(t *testing.T) {
	t.Parallel()
	b := newBuilds(t)
	for _, file := range pages(t) {
		folder := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(file), top+string(filepath.Separator)))
		t.Run(filepath.ToSlash(strings.TrimPrefix(file, top+string(filepath.Separator))), func(t *testing.T) {
			t.Parallel()
			c := &chapter{file: file, folder: folder, builds: b}
			t.Cleanup(c.stop)
			t.Cleanup(c.end)
			for _, f := range parsePage(t, file).fences(t) {
				t.Run(fmt.Sprintf("line %d", f.line), func(t *testing.T) { c.play(t, f) })
			}
			if len(c.changes) > 0 {
				t.Errorf("%s: no go run follows the last diff, so nobody knows what it does", file)
			}
		})
	}
}

// play plays one fence. What fails names the chapter's file and line.
func (c *chapter) play(t *testing.T, f fence) {
	if err := c.check(t, f); err != nil {
		t.Fatalf("%s:%d: %v", c.file, f.line, err)
	}
}

// check plays one fence, and returns what is wrong with it.
func (c *chapter) check(t *testing.T, f fence) error {
	switch f.kind {
	case "go":
		return c.checkCode(f)
	case "diff":
		changed, err := newChange(f.text)
		c.changes = append(c.changes, changed)
		return err
	case "console":
		return c.playConsole(t, f)
	case "wire":
		return c.playWire(f)
	case "txtar":
		return checkExample(f)
	case "report":
		return checkReport(f)
	case "text":
		return nil
	}
	return fmt.Errorf("a fence is one of go, diff, console, wire, txtar, report and, for what cannot be played, text")
}

// playConsole runs the commands of a console and compares what they print. A
// console that begins with no command shows what the server printed later.
func (c *chapter) playConsole(t *testing.T, f fence) error {
	if !strings.HasPrefix(f.text, "$ ") {
		return c.checkLog(f.text)
	}
	for _, part := range strings.Split(f.text[2:], "\n$ ") {
		command, want, _ := strings.Cut(strings.TrimSuffix(part, "\n"), "\n")
		words, err := splitWords(command)
		if err != nil {
			return err
		}
		switch {
		case strings.HasPrefix(command, "go run ./stage"):
			err = c.goRun(words[2:], want)
		case strings.HasPrefix(command, "go run "+applicationFolder+" "):
			err = c.goRunApplication(t, words[3:], want)
		case words[0] == "go" && words[1] == "build":
			err = c.goBuildApplication(t, words[2:])
		case words[0] == "curl":
			err = c.curl(t, words[1:], want)
		case want != "":
			err = fmt.Errorf("the output of %q is not checked, so it must not be shown", command)
		case strings.HasPrefix(command, "go test "):
			err = checkTestCommand(words[2:])
		case strings.HasPrefix(command, "go run ./scripts/workbook "):
			err = checkDeskCommand(words[3:])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// checkTestCommand ensures that the folder and the script exist that a go test
// command names. The command itself is what is running now.
func checkTestCommand(words []string) error {
	var stage string
	for _, word := range words {
		name := strings.TrimSuffix(word, "/...")
		if script, ok := strings.CutPrefix(word, "TestWire/"); ok {
			name = "scripts/" + script + ".txtar"
		} else if of, ok := strings.CutPrefix(word, "TestExercises/"); ok {
			name = stage + "/exercises/" + of
		} else if strings.HasPrefix(word, "./") {
			stage = name
		} else {
			continue
		}
		if _, err := os.Stat(filepath.Join(top, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	return nil
}

// checkDeskCommand ensures that the exercise exists that a command of the
// learner's desk names. The desk has tests of its own.
func checkDeskCommand(words []string) error {
	switch {
	case len(words) == 1 && (words[0] == "doctor" || words[0] == "renew"):
		return nil
	case words[0] == "tap" && (len(words) == 3 || len(words) == 5 && words[1] == "-page"):
		return nil
	case words[0] == "board" && (len(words) == 1 || len(words) == 2 && words[1] == "-markdown"):
		return nil
	case words[0] == "watch" && (len(words) == 1 || exercise.StageNumber(words[1]) > 0):
		return nil
	case len(words) >= 2 && (words[0] == "start" || words[0] == "hint" || words[0] == "solution" || words[0] == "watch"):
		_, err := exercise.Find(top, words[1])
		return err
	}
	return fmt.Errorf("the desk has no such command: %s", strings.Join(words, " "))
}

// goRun starts a stage as the reader does, on a free port, and compares what
// it prints.
func (c *chapter) goRun(words []string, want string) error {
	c.stop()
	program, err := c.builds.program(strings.TrimPrefix(words[0], "./"), c.changes)
	c.changes = nil
	if err != nil {
		return err
	}
	args := append([]string{program}, words[1:]...)
	for i, word := range args {
		if args[i] = c.real(word); word == "8080" {
			args[i] = "0"
		}
	}
	if c.server, err = start(top, os.Environ(), args...); err != nil {
		return err
	}
	if strings.Contains(want, "exit status") {
		select {
		case <-c.server.exited:
		case <-time.After(startLimit):
			return fmt.Errorf("the program did not end by itself")
		}
		return compareText(want, c.server.log.String()+c.server.how())
	}
	if err := c.server.waitForLine(startLimit); err != nil {
		return err
	}
	return compareText(want, c.shown(c.server.log.String()))
}

// stop ends the server that runs, and the connections that are left open.
func (c *chapter) stop() {
	for _, conn := range c.idle {
		conn.Close()
	}
	c.idle, c.came = nil, memory{}
	if c.server != nil {
		c.server.stop()
		c.server = nil
	}
}

// checkLog waits until the server has printed some lines, one after another.
func (c *chapter) checkLog(want string) error {
	if c.server == nil {
		return fmt.Errorf("no server runs here; go run must come before")
	}
	said := func(log string) bool { return strings.Contains("\n"+c.shown(log), "\n"+c.shown(want)) }
	if !c.server.log.wait(said, c.server.exited, 5*time.Second) {
		return fmt.Errorf("the server printed\n%s\nand not\n%s", indent(c.shown(c.server.log.String())), indent(c.shown(want)))
	}
	return nil
}

// unknowable are the parts of a log that no page can know.
var unknowable = []struct {
	form  *regexp.Regexp
	shown string
}{
	{regexp.MustCompile(`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d`), "2026/01/02 15:04:05"},
	{regexp.MustCompile(`\d+(\.\d+)?(µs|ms|s)\b`), "1ms"},
}

// shown returns a text as a page shows it: with its address, date and time.
func (c *chapter) shown(text string) string {
	if c.server != nil && c.server.address != "" {
		text = strings.ReplaceAll(text, c.server.address, shownAddress)
	}
	text = c.asShown(text)
	for _, u := range unknowable {
		text = u.form.ReplaceAllString(text, u.shown)
	}
	return strings.ReplaceAll(text, "\r\n", "\n")
}

// curl runs curl, where it is installed, and compares what it prints.
func (c *chapter) curl(t *testing.T, args []string, want string) error {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("needs curl")
	}
	if c.server == nil && len(c.running) == 0 {
		return fmt.Errorf("no server runs here; go run must come before")
	}
	args = append([]string{"--silent", "--show-error", "--max-time", "10"}, args...)
	for i, arg := range args {
		if args[i] = c.real(arg); c.server != nil {
			args[i] = strings.ReplaceAll(args[i], shownAddress, c.server.address)
		}
	}
	cmd := exec.Command("curl", args...)
	cmd.Dir = top
	output, err := cmd.CombinedOutput()
	if _, ended := err.(*exec.ExitError); err != nil && !ended {
		return err
	}
	return compareText(want, c.shown(string(output)))
}

// compareText compares lines that a page shows with those that came. A line
// "..." of the page stands for any lines.
func compareText(want, got string) error {
	var pattern strings.Builder
	for _, line := range strings.Split(strings.TrimRight(want, "\n"), "\n") {
		if line == "..." {
			pattern.WriteString(`(.*\n)*?`)
		} else {
			pattern.WriteString(regexp.QuoteMeta(line) + `\n`)
		}
	}
	got = strings.TrimRight(strings.ReplaceAll(got, "\r\n", "\n"), "\n") + "\n"
	if !regexp.MustCompile(`^` + pattern.String() + `$`).MatchString(got) {
		return fmt.Errorf("the page shows\n%s\nbut what came is\n%s", indent(want), indent(got))
	}
	return nil
}

// playWire plays a transcript on a connection to the server. With the word
// "stay", its connection is left open for as long as the server runs.
func (c *chapter) playWire(f fence) error {
	lines, err := readTranscript("the transcript", f.text, c.came)
	if err != nil {
		return err
	}
	if c.server == nil {
		return fmt.Errorf("no server runs here; go run must come before")
	}
	patience := newPatience()
	conn, err := reach(c.server.address, patience.now())
	if err != nil {
		return err
	}
	if len(f.words) == 1 && f.words[0] == "stay" {
		c.idle = append(c.idle, conn)
		for _, l := range recalled(lines, c.came) {
			if _, err := conn.Write(l.bytes); err != nil {
				return err
			}
		}
		return nil
	}
	player := player{conn: conn, patience: patience.now, gaveUp: patience.lose, came: c.came}
	if failed := player.play(lines); failed != nil {
		return fmt.Errorf("the transcript did not go as it is written\n%s", indent(failed.report()))
	}
	return nil
}

// checkExample ensures that a script that a page shows is one that is played. A
// line "..." leaves lines out.
func checkExample(f fence) error {
	scripts, err := textsOf("stage*/*.txtar")
	if err != nil {
		return err
	}
	for _, script := range scripts {
		if isExcerpt(script, strings.Split(f.text, "...\n")) {
			return nil
		}
	}
	return fmt.Errorf("this is none of the scripts")
}

// isExcerpt reports whether pieces stand in a text, from its beginning and in
// their order.
func isExcerpt(text string, pieces []string) bool {
	if len(pieces) == 1 {
		return text == pieces[0]
	}
	for i, piece := range pieces {
		at := strings.Index(text, piece)
		if at < 0 || i == 0 && at > 0 {
			return false
		}
		text = text[at+len(piece):]
	}
	return true
}
