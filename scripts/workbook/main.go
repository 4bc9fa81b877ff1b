// Workbook is the learner's desk: it shows how far the exercises are, starts
// one, gives hints, and looks whether the machine is ready. It remembers
// nothing: all that it knows stands in the folders of the workbook.
//
// The files, in reading order: main.go (the commands), board.go (what
// "workbook" alone shows), summary.go (the same as a page), start.go (start),
// watch.go and console_*.go (watch), hint.go (hint and solution), doctor.go
// (doctor), tap.go (tap), renew.go (renew, for those who change a stage),
// screen.go (what is printed).
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"example.com/webserver/scripts/exercise"
)

const usage = `usage: go run ./scripts/workbook [COMMAND]

without a command     shows the board: every exercise, and what to do next
board [-markdown]     the same; with -markdown, as a page for those who look at a push
start [-over] NAME    puts the stage's server into the folder of an exercise;
                      with -over, begins again and keeps your work aside
watch [-poll] [NAME]  runs the check of what you save, and shows what fails first;
                      NAME may be a stage, too
hint NAME [N]         shows one hint, the first or the Nth
solution [-yes] NAME  shows our solution, after asking
doctor                looks whether this machine is ready, and says what to do
tap [-page PORT] PORT TARGET
                      stands between clients at PORT and the server at TARGET,
                      such as localhost:8080, and shows every byte that passes,
                      here and on a page at the port after PORT
renew [NAME...]       makes patches anew, after a stage has changed

NAME is as on the board, such as stage1-hello/time, or time alone.
`

// errUsage is the error of a command line that makes no sense.
var errUsage = errors.New("this is not how it is used")

// misused returns an errUsage that says what a command needs.
func misused(needs string) error { return fmt.Errorf("%w: %s", errUsage, needs) }

// A desk is where the commands work.
type desk struct {
	// top is the top folder of the workbook.
	top string

	// in is where answers are read from, and out where all is printed.
	in  io.Reader
	out screen
}

func main() {
	err := run(os.Args[1:])
	switch {
	case errors.Is(err, errUsage):
		fmt.Fprintln(os.Stderr, err)
		fmt.Fprint(os.Stderr, "\n"+usage)
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run runs one command.
func run(args []string) error {
	top, err := exercise.Top(".")
	if err != nil {
		return err
	}
	d := &desk{top: top, in: os.Stdin, out: newScreen(os.Stdout)}
	if len(args) == 0 {
		return d.board()
	}
	switch args[0] {
	case "start":
		return d.start(args[1:])
	case "hint":
		return d.hint(args[1:])
	case "solution":
		return d.solution(args[1:])
	case "doctor":
		return d.doctor(args[1:])
	case "board":
		return d.showBoard(args[1:])
	case "watch":
		return d.watch(args[1:])
	case "tap":
		return d.tap(args[1:])
	case "renew":
		return d.renew(args[1:])
	case "help", "-h", "-help", "--help":
		_, err := fmt.Fprint(d.out, usage)
		return err
	}
	return fmt.Errorf("there is no command %q\n\n%s", args[0], strings.TrimSuffix(usage, "\n"))
}

// option takes an option such as -over out of the arguments, and reports
// whether it was there. How many arguments must be left is the caller's matter.
func option(name string, args []string) (found bool, rest []string, err error) {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&found, name, false, "")
	if flags.Parse(args) != nil {
		return false, nil, errUsage
	}
	// An option may also stand behind the name, where people put it.
	for _, arg := range flags.Args() {
		if arg == "-"+name || arg == "--"+name {
			found = true
		} else {
			rest = append(rest, arg)
		}
	}
	return found, rest, nil
}
