package main

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"example.com/webserver/scripts/exercise"
)

// start puts the stage's server into the folder of an exercise, and says how to
// go on.
func (d *desk) start(args []string) error {
	over, args, err := option("over", args)
	if err != nil || len(args) != 1 {
		return misused("start needs the name of one exercise, such as stage1-hello/time")
	}
	e, page, err := d.find(args[0])
	if err != nil {
		return err
	}
	kept := ""
	if over {
		if kept, err = e.SetAside(time.Now()); err != nil {
			return err
		}
	}
	changed := d.changedIn(e.Stage)
	if err := e.Start(); errors.Is(err, exercise.ErrStarted) {
		return fmt.Errorf("%s holds your work already, and nothing was changed. To go on with it:\n\n%s\n"+
			"To begin again, with your work kept aside: go run ./scripts/workbook start -over %s", e.Path(), commands(e, page.Where), e)
	} else if err != nil && len(changed) > 0 {
		return fmt.Errorf("%s was changed. To take that back: git checkout %s\n%w", changed[0], strings.Join(changed, " "), err)
	} else if err != nil {
		return err
	}
	fmt.Fprintf(d.out, "%s, about %s\n\n", d.out.paint(bold, page.Title), page.Time)
	if kept != "" {
		fmt.Fprintf(d.out, "What you had is now in %s/%s.\n", e.Path(), kept)
	}
	what := "The server of " + e.Stage
	if e.IsCatch() {
		what = "A wrong server"
	}
	if len(changed) > 0 {
		fmt.Fprintf(d.out, "You have changed %s, and the copy is as changed. To begin with the stage as it was:\n\n"+
			"  git checkout %s\n  go run ./scripts/workbook start -over %s\n\n", changed[0], strings.Join(changed, " "), e)
	}
	_, err = fmt.Fprintf(d.out, "%s is now in %s.\nHow to go on%s:\n\n%s", what, e.Path(), d.atTop(), commands(e, page.Where))
	return err
}

// changedIn returns the Go files of a stage that are not as git has them: an
// experiment, perhaps, that was not taken back. It returns none where git cannot
// tell.
func (d *desk) changedIn(stage string) []string {
	cmd := exec.Command("git", "diff", "--name-only", "--relative", "--diff-filter=M", "--", ":(glob)"+stage+"/*.go")
	cmd.Dir = d.top
	output, err := cmd.Output()
	if err != nil {
		return nil
	}
	return strings.Fields(string(output))
}

// find returns the exercise that a learner means, and what its page says.
func (d *desk) find(meant string) (exercise.Exercise, exercise.Page, error) {
	e, err := exercise.Find(d.top, meant)
	if err != nil {
		return e, exercise.Page{}, err
	}
	page, err := e.Page()
	return e, page, err
}
