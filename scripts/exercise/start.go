package exercise

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// catchStart is what a learner's script begins with.
const catchStart = `# What should hold, in one sentence.
#
# Write commands here, such as: serve, and: wire hello
# Below them, write the transcripts, each after a line with its name, such as: -- hello --
`

// ErrStarted is the error of an exercise whose folder holds work already.
var ErrStarted = errors.New("the folder holds work already")

// Start copies the stage's server, without its tests, into the folder of the
// exercise. Where a script is to be written, the server is the wrong one, and
// the script is begun. Work that is there is not touched: that is ErrStarted.
func (e Exercise) Start() error {
	names, err := e.work()
	if err != nil {
		return err
	}
	if len(names) > 0 {
		return ErrStarted
	}
	files, err := Read(e.StageFolder())
	if err != nil {
		return err
	}
	if e.IsCatch() {
		if files, err = e.Patched(WrongFile); err != nil {
			return err
		}
		files[CatchFile] = catchStart
	}
	for name, text := range files {
		if err := writeNew(e.File(name), text); err != nil {
			return err
		}
	}
	return nil
}

// writeNew writes a file that must not be there yet.
func writeNew(name, text string) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}

// work returns the names of the files in the folder that are a learner's: all
// but those of the exercise itself.
func (e Exercise) work() ([]string, error) {
	entries, err := os.ReadDir(e.Folder())
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		switch entry.Name() {
		case PageFile, CheckFile, SolutionFile, WrongFile, CaughtFile:
		default:
			if !entry.IsDir() {
				names = append(names, entry.Name())
			}
		}
	}
	return names, nil
}

// SetAside moves a learner's work out of the way, into a folder of the exercise
// that go does not look into, and returns its name. It returns "" where there
// is no work.
func (e Exercise) SetAside(now time.Time) (string, error) {
	names, err := e.work()
	if err != nil || len(names) == 0 {
		return "", err
	}
	kept := "_kept-" + now.Format("2006-01-02-150405")
	if err := os.Mkdir(e.File(kept), 0o777); err != nil {
		return "", err
	}
	for _, name := range names {
		if err := os.Rename(e.File(name), filepath.Join(e.File(kept), name)); err != nil {
			return "", err
		}
	}
	return kept, nil
}

// Patched returns the stage's files with one of the exercise's patches.
func (e Exercise) Patched(patch string) (Files, error) {
	files, err := Read(e.StageFolder())
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(e.File(patch))
	if err != nil {
		return nil, err
	}
	if files, err = Apply(string(text), files); err != nil {
		return nil, fmt.Errorf("%s/%s does not apply to the stage any more: %w\nto make it anew: go run ./scripts/workbook renew %s", e.Path(), patch, err, e)
	}
	return files, nil
}
