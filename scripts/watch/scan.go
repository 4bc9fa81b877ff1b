package watch

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A place is the part of the workbook that is watched.
type place struct {
	// top is the top folder of the workbook.
	top string

	// roots are the files and folders that are watched, from the top, with
	// slashes. The folders are watched with all below them.
	roots []string

	// sum returns the sum of a file's content; sumOf, unless a test wants it to
	// fail.
	sum func(name string) ([sha256.Size]byte, error)
}

// newPlace returns the place with these roots.
func newPlace(top string, roots ...string) place {
	return place{top: top, roots: roots, sum: sumOf}
}

// A state is how a file was when it was looked at.
type state struct {
	size     int64
	modified time.Time

	// sum is that of its content.
	sum [sha256.Size]byte
}

// A scan is what there was to see at one time.
type scan struct {
	taken time.Time

	// files are those that matter, by their names from the top, with slashes.
	files map[string]state

	// folders are those in which such files may stand, as this system names
	// them.
	folders []string
}

// readLimit is how much of a file is read to see whether it has changed. No file
// of the workbook is as long.
const readLimit = 4 << 20

// freshness is for how long after a change another one may leave the size and
// the time of a file as they are: some file systems count in steps of 2 seconds.
const freshness = 3 * time.Second

// matters reports whether a file is one of the workbook's. What editors leave
// behind is not, whatever they call it: it begins with a dot or ends otherwise.
// Nor is what go overlooks, which begins with an underscore.
func matters(name string) bool {
	return !overlooked(name) && slices.Contains([]string{".go", ".mod", ".sum", ".txtar", ".md", ".patch", ".html", ".css"}, path.Ext(name))
}

// overlooked reports whether a file or folder is of no interest, whatever is in
// it.
func overlooked(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

// look looks at all files of the place. Only those are read that may have
// changed since the scan before. What cannot be read, because an editor has it
// or a mode forbids it, is taken to be as it was.
func (p place) look(before scan) scan {
	now := scan{taken: time.Now(), files: map[string]state{}}
	for _, root := range p.roots {
		filepath.WalkDir(filepath.Join(p.top, filepath.FromSlash(root)), func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil // It has been removed since it was listed.
			case entry.IsDir() && overlooked(entry.Name()):
				return fs.SkipDir
			case entry.IsDir():
				now.folders = append(now.folders, name)
			case matters(entry.Name()):
				p.lookAt(name, before, now)
			}
			return nil
		})
	}
	return now
}

// lookAt adds a file to a scan.
func (p place) lookAt(name string, before, now scan) {
	relative, err := filepath.Rel(p.top, name)
	if err != nil {
		return
	}
	relative = filepath.ToSlash(relative)
	old, known := before.files[relative]
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		return
	}
	if err == nil && !(known && info.Size() == old.size && info.ModTime().Equal(old.modified) && before.taken.Sub(old.modified) > freshness) {
		next := state{size: info.Size(), modified: info.ModTime()}
		if next.sum, err = p.sum(name); err == nil {
			now.files[relative] = next
			return
		}
	}
	if known && !errors.Is(err, fs.ErrNotExist) {
		now.files[relative] = old
	}
}

// sumOf returns the sum of a file's content.
func sumOf(name string) (sum [sha256.Size]byte, err error) {
	file, err := os.Open(name)
	if err != nil {
		return sum, err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, io.LimitReader(file, readLimit)); err != nil {
		return sum, err
	}
	return [sha256.Size]byte(hash.Sum(nil)), nil
}

// changed returns the files that are not the same in two scans, in alphabetical
// order: those with another content, the new ones, and those that are gone.
func changed(before, now scan) []string {
	var names []string
	for name, s := range now.files {
		if old, known := before.files[name]; !known || old.sum != s.sum || old.size != s.size {
			names = append(names, name)
		}
	}
	for name := range before.files {
		if _, there := now.files[name]; !there {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
