package scripts

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

// checkReport ensures that a report on a page is an excerpt of one that is kept.
// The word after "report" names it: a wrong server of the zoo, such as lf-only,
// or an exercise that is not done yet, such as stage1-hello/time. The excerpt may
// begin and end anywhere; a line "..." leaves lines out in between.
func checkReport(f fence) error {
	if len(f.words) != 1 {
		return fmt.Errorf("the word after report is the name of a wrong server, or that of an exercise with its stage")
	}
	shown := strings.Split(strings.TrimSuffix(f.text, "\n"), "\n")
	if !slices.ContainsFunc(shown, func(line string) bool { return line != "..." && line != "" }) {
		return fmt.Errorf("this excerpt leaves everything out")
	}
	reports, err := reportsOf(f.words[0])
	if err != nil {
		return err
	}
	for _, report := range reports {
		if err = compareText("...\n"+f.text+"...\n", report); err == nil {
			return nil
		}
	}
	return fmt.Errorf("no report of %s, as it is kept, says this; the last one: %w", f.words[0], err)
}

// reportsOf returns the reports that are kept under a name, of which there is at
// least one.
func reportsOf(name string) ([]string, error) {
	if stage, exercise, ofExercise := strings.Cut(name, "/"); ofExercise {
		data, err := os.ReadFile(filepath.Join("proof", "testdata", "first", stage, exercise+".txt"))
		return []string{string(data)}, err
	}
	animal, err := txtar.ParseFile(filepath.Join("zoo", name+".txtar"))
	if err != nil {
		return nil, err
	}
	var reports []string
	for _, file := range animal.Files {
		if strings.HasPrefix(file.Name, "stage") {
			reports = append(reports, string(file.Data))
		}
	}
	if len(reports) == 0 {
		return nil, fmt.Errorf("no report is kept in scripts/zoo/%s.txtar", name)
	}
	return reports, nil
}
