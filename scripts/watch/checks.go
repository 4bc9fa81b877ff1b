package watch

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"example.com/webserver/scripts/exercise"
)

// A check is one go test command: the tests of one package, or some of them.
type check struct {
	// folder is that of the package, from the top of the workbook:
	// stage1-hello.
	folder string

	// tests are the names of those that are run, such as TestExercises/time,
	// each with all below it. None stands for all tests of the package, and the
	// name compiles for none: then the package is only compiled.
	tests []string
}

// compiles is the name of no test.
const compiles = ""

// covers reports whether the check runs a test, or what it compiles, which is
// the test compiles.
func (c check) covers(test string) bool {
	return len(c.tests) == 0 || test == compiles || slices.ContainsFunc(c.tests, func(t string) bool {
		return t == test || t != compiles && strings.HasPrefix(test, t+"/")
	})
}

// args returns the words behind go test that run the check.
func (c check) args() []string {
	if len(c.tests) == 0 {
		return []string{"./" + c.folder}
	}
	var forms []string
	for _, test := range c.tests {
		parts := strings.Split(test, "/")
		for i, part := range parts {
			parts[i] = "^" + regexp.QuoteMeta(part) + "$"
		}
		forms = append(forms, strings.Join(parts, "/"))
	}
	return []string{"./" + c.folder, "-run", strings.Join(forms, "|")}
}

// command returns the command as a learner types it, in any shell.
func (c check) command() string {
	run := "go test ./" + c.folder
	switch {
	case len(c.tests) == 0:
	case len(c.tests) == 1 && c.tests[0] == compiles:
		run += " -run NONE"
	case len(c.tests) == 1:
		run += " -run " + c.tests[0]
	default:
		run += ` -run "` + strings.Join(c.tests, "|") + `"`
	}
	return run
}

// String returns what is checked, in a learner's words.
func (c check) String() string {
	switch {
	case len(c.tests) == 0:
		return c.folder
	case c.tests[0] == compiles:
		return c.folder + ", compiled only (its tests: go test ./" + c.folder + ")"
	}
	var subjects []string
	for _, test := range c.tests {
		subjects = append(subjects, subject(c.folder, test))
	}
	return strings.Join(subjects, ", ")
}

// subject returns what a test of a package is about: an exercise, a script, a
// page, or the test itself.
func subject(folder, test string) string {
	parts := strings.Split(test, "/")
	isStage := exercise.StageNumber(folder) > 0
	switch {
	case test == compiles:
		return folder
	case isStage && parts[0] == "TestExercises" && len(parts) > 1:
		return folder + "/" + parts[1]
	case isStage && parts[0] == "TestWire" && len(parts) > 2:
		return folder + ", script " + parts[1] + "/" + parts[2]
	case folder == "scripts" && parts[0] == "TestChapters" && len(parts) > 1:
		page, _, _ := strings.Cut(strings.TrimPrefix(test, "TestChapters/"), ".md")
		return page + ".md"
	}
	return path.Join(folder, parts[0])
}

// merge returns the smallest set of checks that covers all that are given: one
// for each package, the packages in the order in which they come first.
func merge(checks []check) []check {
	var merged []check
	for _, c := range checks {
		i := slices.IndexFunc(merged, func(m check) bool { return m.folder == c.folder })
		if i < 0 {
			merged = append(merged, check{folder: c.folder, tests: outermost(c.tests)})
		} else if len(merged[i].tests) > 0 && len(c.tests) > 0 {
			merged[i].tests = outermost(slices.Concat(merged[i].tests, c.tests))
		} else {
			merged[i].tests = nil
		}
	}
	return merged
}

// outermost returns the tests that are not below another one of them. Whatever
// is run is compiled.
func outermost(tests []string) []string {
	var kept []string
	for i, test := range tests {
		below := slices.Contains(tests[:i], test)
		for _, other := range tests {
			below = below || other != test && (check{tests: []string{other}}).covers(test)
		}
		if !below {
			kept = append(kept, test)
		}
	}
	return kept
}
