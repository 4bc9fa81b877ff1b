package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"example.com/webserver/scripts/exercise"
)

// hint shows one hint of an exercise.
func (d *desk) hint(args []string) error {
	if len(args) != 1 && len(args) != 2 {
		return misused("hint needs the name of an exercise, such as stage1-hello/time, and perhaps a number")
	}
	e, page, err := d.find(args[0])
	if err != nil {
		return err
	}
	n, last := 1, len(page.Hints)
	if len(args) == 2 {
		if n, err = strconv.Atoi(args[1]); err != nil || n < 1 || n > last {
			return fmt.Errorf("%s has hints 1 to %d; %q is none of them", e, last, args[1])
		}
	}
	hint := page.Hints[n-1]
	fmt.Fprintf(d.out, "%s (hint %d of %d)\n\n%s\n", d.out.paint(bold, hint.Title), n, last, plain(hint.Text))
	if n < last {
		fmt.Fprintf(d.out, "\nThe next one says more: go run ./scripts/workbook hint %s %d\n", e, n+1)
	} else {
		fmt.Fprintf(d.out, "\nThis was the last one. Our solution: go run ./scripts/workbook solution %s\n", e)
	}
	return nil
}

// plain returns Markdown without the marks of its code blocks; code is indented
// in their place.
func plain(text string) string {
	var lines []string
	inCode := false
	for _, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			inCode = !inCode
		case inCode && line != "":
			lines = append(lines, "    "+line)
		default:
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// solution shows our solution of an exercise, after asking.
func (d *desk) solution(args []string) error {
	yes, args, err := option("yes", args)
	if err != nil || len(args) != 1 {
		return misused("solution needs the name of one exercise, such as stage1-hello/time")
	}
	e, err := exercise.Find(d.top, args[0])
	if err != nil {
		return err
	}
	file := exercise.SolutionFile
	if e.IsCatch() {
		file = exercise.CaughtFile
	}
	text, err := os.ReadFile(e.File(file))
	if err != nil {
		return err
	}
	if !yes {
		fmt.Fprintf(d.out, "Our solution of %s is one of several right ones, and yours may be better.\nShow it? [y/N] ", e)
		answer, err := bufio.NewReader(d.in).ReadString('\n')
		if err != nil && err != io.EOF {
			return err
		}
		if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
			fmt.Fprintln(d.out, "Not shown.")
			return nil
		}
	}
	return d.showPatch(string(text))
}

// showPatch prints a patch: what it takes away in red, what it adds in green.
func (d *desk) showPatch(patch string) error {
	for _, line := range strings.SplitAfter(patch, "\n") {
		text, end := strings.TrimSuffix(line, "\n"), line[len(strings.TrimSuffix(line, "\n")):]
		switch {
		case strings.HasPrefix(text, "-"):
			text = d.out.paint(red, text)
		case strings.HasPrefix(text, "+"):
			text = d.out.paint(green, text)
		}
		if _, err := io.WriteString(d.out, text+end); err != nil {
			return err
		}
	}
	return nil
}
