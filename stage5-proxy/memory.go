package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// keptLimit is how long a file may be whose content is kept in memory: one
	// piece. Longer ones are sent by the system, straight from its own memory.
	keptLimit = pieceSize

	// wallTime is for how long the way to a file is believed to be what it was.
	wallTime = time.Second
)

// A memory is what a server remembers.
type memory struct {
	// files are the contents of files.
	files cache[*keptFile]

	// directories are the names in directories.
	directories cache[keptDirectory]

	// coded are compressed contents. compressing is locked by who compresses, and
	// onTheirWay is how many bytes clients are getting, or will.
	coded       cache[[]byte]
	compressing sync.Mutex
	onTheirWay  atomic.Int64
}

// A keptFile is a file whose content is in memory, for as long as it is on the
// disk as it was.
type keptFile struct {
	// path is where the file is, for the system.
	path string

	// info is what the system said of it when its content was read.
	info fs.FileInfo

	// response sends it, but for its content.
	response Response

	content []byte

	// checked is when the Root was asked last, in nanoseconds since 1970.
	checked atomic.Int64
}

// remembered returns the response that sends the file with a name, or the
// index.html of the directory with that name, from memory. It is nil where that
// is not known, or not any more. The time is that of the request.
func (s *server) remembered(name string, at time.Time) *Response {
	if name == "." || strings.HasSuffix(name, string(filepath.Separator)) {
		name = filepath.Join(name, "index.html")
	}
	kept, ok := s.memory.files.get(name)
	if !ok || !s.isCurrent(kept, at) {
		return nil
	}
	response := kept.response
	response.Content = bytes.NewReader(kept.content)
	return &response
}

// isCurrent reports whether a file is still as it was when it was read. For
// that, the system is asked once a request. The Root, which goes to a file step
// by step and looks whether each is allowed, takes much longer; it is asked
// again after wallTime, in case a directory on the way has been moved away, and
// where the clock was set back.
func (s *server) isCurrent(kept *keptFile, at time.Time) bool {
	if age := at.UnixNano() - kept.checked.Load(); 0 <= age && age < int64(wallTime) {
		info, err := os.Stat(kept.path)
		return err == nil && unchanged(kept.info, info)
	}
	info, err := s.root.Stat(kept.response.Name)
	if err != nil || !unchanged(kept.info, info) {
		return false
	}
	kept.checked.Store(at.UnixNano())
	return true
}

// remember reads the content of a file that is to be sent and keeps it, if it is
// short, and if its times will tell when it changes. It returns the response,
// with the content from memory or from the file.
func (s *server) remember(response *Response, file *os.File, info fs.FileInfo) *Response {
	if info.Size() > keptLimit || !isSettled(info) {
		return response
	}
	content := make([]byte, info.Size())
	if n, _ := file.ReadAt(content, 0); n < len(content) {
		return response // It fails, or it is shorter than the system says.
	}
	if now, err := file.Stat(); err != nil || !unchanged(info, now) {
		return response
	}
	response.close()
	response.Header = slices.Clip(response.Header)
	response.Content = nil
	kept := &keptFile{path: filepath.Join(s.root.Name(), response.Name), info: info, response: *response, content: content}
	kept.checked.Store(time.Now().UnixNano())
	s.memory.files.put(response.Name, kept, len(content))
	response.Content = bytes.NewReader(content)
	return response
}
