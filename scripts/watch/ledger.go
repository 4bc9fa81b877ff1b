package watch

import "slices"

// A ledger holds what is known to fail.
type ledger struct{ failures []failure }

// hear notes a failure of a check that has not come to its end, and perhaps never
// will: a learner has seen it.
func (l *ledger) hear(f failure) {
	l.failures = slices.DeleteFunc(l.failures, f.same)
	l.failures = append(l.failures, f)
}

// enter notes how a check went, and returns what has been mended by it: what it
// is about and failed before, and does not now. The failures of the check come
// before the older ones of others.
func (l *ledger) enter(c check, now []failure) (mended []string) {
	var others []failure
	for _, f := range l.failures {
		if f.folder != c.folder || !c.covers(f.test) {
			others = append(others, f)
		} else if s := f.subject(); !failing(now, s) && !slices.Contains(mended, s) {
			mended = append(mended, s)
		}
	}
	l.failures = slices.Concat(now, others)
	return mended
}

// failing reports whether one of the failures is about a subject. What does not
// compile has not mended anything of its package.
func failing(failures []failure, subject string) bool {
	return slices.ContainsFunc(failures, func(f failure) bool { return f.test == compiles || f.subject() == subject })
}

// rest returns how many fail besides one, and the command that shows them all,
// which is the shortest for them.
func (l *ledger) rest(shown failure, last []check) (more int, command string) {
	var checks []check
	for _, f := range l.failures {
		if !f.same(shown) {
			more++
		}
		// What failed in the check that ran last is shown by that.
		i := slices.IndexFunc(last, func(c check) bool { return c.folder == f.folder && c.covers(f.test) })
		if i >= 0 {
			checks = append(checks, last[i])
		} else {
			checks = append(checks, check{folder: f.folder, tests: []string{f.test}})
		}
	}
	checks = merge(checks)
	if len(checks) == 1 {
		return more, checks[0].command()
	}
	command = "go test"
	for _, c := range checks {
		command += " ./" + c.folder
	}
	return more, command
}
