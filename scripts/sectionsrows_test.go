package scripts

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
)

// checkCode ensures that what the code cites has a row.
func (w world) checkCode(page sectionsPage, complain func(string, ...any)) {
	for i, files := range w.code {
		for name, citations := range files {
			for _, c := range citations {
				if page.row(c) == nil {
					complain("%s of stage %d cites %s, which has no row", name, i+1, c)
				}
			}
		}
	}
}

// firstStages returns the files that cite the section of a row, each with the
// first stage in which it does.
func (w world) firstStages(page sectionsPage, row *sectionRow) map[string]int {
	first := map[string]int{}
	for i := len(w.code); i > 0; i-- {
		for name, citations := range w.code[i-1] {
			if slices.ContainsFunc(citations, func(c citation) bool { return page.row(c) == row }) {
				first[name] = i
			}
		}
	}
	return first
}

// checkRow ensures that a row names all files that cite its section, each in
// the first stage where it does; that those with a star do not; and that its
// scripts are those of this stage or a later one.
func (w world) checkRow(page sectionsPage, row *sectionRow, complain func(string, ...any)) {
	citing := w.firstStages(page, row)
	stage := len(w.code) + 1
	for _, file := range row.files {
		stage = min(stage, file.stage)
		switch first, cites := citing[file.name]; {
		case file.stage < 1 || file.stage > len(w.code) || !w.has(file):
			complain("%s: stage %d has no file %s", row.section, file.stage, file.name)
		case file.star && cites:
			complain("%s: %s has a star, but cites it since stage %d", row.section, file.name, first)
		case file.star && !w.isNew(file.stage, file.name):
			complain("%s: %s is the same in the stage before", row.section, file.name)
		case !file.star && !cites:
			complain("%s: %s does not cite it; give it a star", row.section, file.name)
		case !file.star && first != file.stage:
			complain("%s: %s cites it first in stage %d, and not %d", row.section, file.name, first, file.stage)
		}
		delete(citing, file.name)
	}
	for name, first := range citing {
		complain("%s: %s of stage %d cites it, and is missing", row.section, name, first)
	}
	if row.stage != stage {
		complain("%s: the first stage of its files is %d, and not %d", row.section, stage, row.stage)
	}
	w.checkRowScripts(page, row, complain)
}

// has reports whether a file is in its stage.
func (w world) has(file sectionFile) bool {
	_, found := w.code[file.stage-1][file.name]
	return found
}

// checkRowScripts ensures that a row counts the scripts right that it does not
// name, and leaves out none that cites its section.
func (w world) checkRowScripts(page sectionsPage, row *sectionRow, complain func(string, ...any)) {
	if rest := page.more[row.section]; len(rest) != row.more {
		complain("%s: the row says that there are %d more scripts, and there are %d", row.section, row.more, len(rest))
	}
	all := slices.Concat(row.scripts, page.more[row.section])
	for _, name := range all {
		if stage := stageOf(name); stage < row.stage {
			complain("%s: the script %s is of stage %d, before the first stage", row.section, name, stage)
		}
	}
	for name, citations := range w.scripts {
		if slices.ContainsFunc(citations, func(c citation) bool { return page.row(c) == row }) && !slices.Contains(all, name) {
			complain("%s: the script %s cites it, and is missing", row.section, name)
		}
	}
}

// stageOf returns the number of the stage of a script, or of a file.
func stageOf(name string) int {
	var stage int
	fmt.Sscanf(path.Dir(filepath.ToSlash(name)), "stage%d-", &stage)
	return stage
}

// checkScripts ensures that every script has a row, or is about a decision of
// our own, and that the page names no other.
func (w world) checkScripts(page sectionsPage, complain func(string, ...any)) {
	named := slices.Clone(page.leftScripts)
	for _, row := range page.rows {
		named = append(named, row.scripts...)
	}
	for section, scripts := range page.more {
		if !slices.ContainsFunc(page.rows, func(row *sectionRow) bool { return row.section == section }) {
			complain("%s has more scripts, but no row", section)
		}
		named = append(named, scripts...)
	}
	for name := range w.scripts {
		switch isNamed, isOwn := slices.Contains(named, name), slices.Contains(page.own, name); {
		case isNamed && isOwn:
			complain("the script %s has a row; so it is not about our own decisions", name)
		case !isNamed && !isOwn:
			complain("the script %s is nowhere on the page", name)
		}
	}
	for _, name := range slices.Concat(named, page.own) {
		if _, found := w.scripts[name]; !found {
			complain("there is no script %s", name)
		}
	}
}
