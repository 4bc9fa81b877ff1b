package main

import (
	"io/fs"
	"os"
	"path/filepath"
)

// A keptDirectory is a directory whose names are in memory.
type keptDirectory struct {
	// info is what the system said of it before they were read.
	info fs.FileInfo

	names []string
}

// siblings returns the names in a directory. It reports whether they are known:
// they are not, where there are more than listingLimit. They are kept in memory
// for as long as the directory is as it was; so one look is enough to know that
// something is not there, and not one for each extension that it could have.
func (s *server) siblings(name string) (names []string, known bool) {
	kept, ok := s.memory.directories.get(name)
	if ok {
		if info, err := os.Stat(filepath.Join(s.root.Name(), name)); err == nil && unchanged(kept.info, info) {
			return kept.names, true
		}
	}
	directory, info, err := s.open(name)
	if err != nil {
		return nil, false
	}
	defer directory.Close()
	names, err = directory.Readdirnames(listingLimit + 1)
	if err != nil || len(names) > listingLimit {
		return nil, false
	}
	if isSettled(info) {
		s.memory.directories.put(name, keptDirectory{info, names}, sizeOf(names))
	}
	return names, true
}

// sizeOf returns about how much memory names take.
func sizeOf(names []string) int {
	size := 0
	for _, name := range names {
		size += len(name) + 16
	}
	return size
}
