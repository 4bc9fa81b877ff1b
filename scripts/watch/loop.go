package watch

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A loop is what runs from the first look to Ctrl-C.
type loop struct {
	top  string
	view *view
	runner
	ledger ledger

	// checks are those that run, or ran last.
	checks []check

	// shown is the failure that is shown; held are those of this run that wait
	// until it is known whether that is mended.
	shown *failure
	held  []failure

	// fresh tells that the failure that is shown is one of this run.
	fresh bool

	// mended is what this run has mended, and skipped what it did not check.
	mended, skipped []string

	begun time.Time
}

// turn does what there is to do, until the changes end.
func (l *loop) turn(changes <-chan []string, sentences <-chan string) {
	for {
		select {
		case names, open := <-changes:
			if !open {
				return
			}
			if checks := follow(l.top, names); len(checks) > 0 {
				l.begin(merge(append(checks, l.stop()...)))
			}
		case sentence := <-sentences:
			l.view.note(sentence)
		case n, open := <-l.news:
			if !open {
				l.stop()
				l.end()
				continue
			}
			l.note(n)
			l.hear(n)
		}
	}
}

// begin starts a run.
func (l *loop) begin(checks []check) {
	l.checks, l.held, l.fresh = checks, nil, false
	l.mended, l.skipped, l.begun = nil, nil, time.Now()
	l.start(checks)
}

// hear does what the news of a run ask for.
func (l *loop) hear(n news) {
	switch {
	case n.begun:
		l.view.busy(n.check)
	case n.failed != nil:
		l.failed(*n.failed)
	case n.passed != "":
		if l.shown != nil && !l.fresh && l.shown.same(failure{folder: n.check.folder, test: n.passed}) {
			l.release()
		}
	case n.done != nil:
		l.done(n.check, n.done)
	}
}

// failed shows a failure if it is the first of this run. If the one that is
// shown may still be mended by this run, the new one has to wait: nobody should
// think that the other is gone.
func (l *loop) failed(f failure) {
	l.ledger.hear(f)
	switch {
	case l.fresh:
	case l.shown == nil || l.shown.same(f) || !l.runs(*l.shown):
		l.show(f)
	default:
		l.held = append(l.held, f)
	}
}

// runs reports whether a failure is of a test that this run covers and has not
// come to its end with.
func (l *loop) runs(f failure) bool {
	for _, c := range l.left {
		if c.folder == f.folder && c.covers(f.test) {
			return true
		}
	}
	return false
}

// show shows a failure of this run, while it goes on.
func (l *loop) show(f failure) {
	l.shown, l.fresh = &f, true
	l.view.fails(f, "still checking …")
}

// release lets go of the failure that was shown, and shows the first one that
// had to wait for it.
func (l *loop) release() {
	l.shown = nil
	if len(l.held) > 0 {
		l.show(l.held[0])
	}
}

// done enters how a check went.
func (l *loop) done(c check, r *reading) {
	l.mended = append(l.mended, l.ledger.enter(c, r.failures)...)
	for _, test := range c.tests {
		for _, skipped := range r.skipped {
			if test == skipped {
				l.skipped = append(l.skipped, subject(c.folder, test))
			}
		}
	}
}

// end shows how a run went that has come to its end.
func (l *loop) end() {
	var lines []string
	if len(l.mended) > 0 {
		lines = append(lines, l.view.screen.Paint(green, "mended: "+strings.Join(l.mended, ", ")))
	}
	if len(l.ledger.failures) == 0 {
		l.shown = nil
		l.view.well(append(lines, l.verdict())...)
		return
	}
	if well := l.well(); len(well) > 0 {
		lines = append(lines, l.view.screen.Paint(green, "well: "+strings.Join(well, ", ")))
	}
	if !l.fresh {
		l.shown = l.next()
	}
	more, command := l.ledger.rest(*l.shown, l.checks)
	rest := "nothing else fails; the whole report: "
	if more == 1 {
		rest = "1 more fails; to see all: "
	} else if more > 1 {
		rest = fmt.Sprintf("%d more fail; to see all: ", more)
	}
	lines = append(lines, l.view.screen.Paint(yellow, rest+command))
	if l.fresh {
		l.view.says(lines...)
	} else {
		l.view.fails(*l.shown, lines...)
	}
}

// well returns what this run has checked and found well, though something else
// fails: the learner has just saved it, and wants to know.
func (l *loop) well() []string {
	var names []string
	for _, c := range l.checks {
		fails := slices.ContainsFunc(l.ledger.failures, func(f failure) bool { return f.folder == c.folder && c.covers(f.test) })
		if name := c.String(); !fails && !slices.Contains(l.mended, name) && !slices.Contains(l.skipped, name) {
			names = append(names, name)
		}
	}
	return names
}

// next returns the failure that is shown when the run showed none: the one that
// was shown before, if it still fails, or the first there is.
func (l *loop) next() *failure {
	for i, f := range l.ledger.failures {
		if l.shown != nil && l.shown.same(f) {
			return &l.ledger.failures[i]
		}
	}
	return &l.ledger.failures[0]
}

// verdict says that nothing fails.
func (l *loop) verdict() string {
	if len(l.skipped) > 0 {
		return "not checked: " + strings.Join(l.skipped, ", ") + " has not been started; to start it: go run ./scripts/workbook start " + l.skipped[0]
	}
	var names []string
	for _, c := range l.checks {
		names = append(names, c.String())
	}
	took := time.Since(l.begun).Round(100 * time.Millisecond)
	return l.view.screen.Paint(green, fmt.Sprintf("all is well: %s (%v)", strings.Join(names, ", "), took))
}
