package main

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// scriptLimit is how many scripts of one directory run at the same time.
const scriptLimit = 50

// A cgi hands a request over by starting a program for it (RFC 3875): the
// simplest means, and the oldest. Nothing is kept from one request to the next.
type cgi struct {
	gate

	// directory is where the programs are; nothing outside of it is started.
	directory *os.Root
}

// newCGI returns the means for cgi:DIRECTORY.
func newCGI(r *route, directory string) (means, error) {
	if r.extension != "" {
		return nil, errors.New("programs have names, and no extension: the route must be a path")
	}
	if directory == "" {
		return nil, errors.New("which directory is missing")
	}
	absolute, err := filepath.Abs(directory)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(absolute)
	return &cgi{newGate(scriptLimit), root}, err
}

// hand starts the program that the path names. What follows the name there is
// for the program.
func (m *cgi) hand(h *handover) (response *Response, err error) {
	own := *h // Another upstream would have to find the program anew.
	name, err := m.find(&own)
	if err != nil {
		return nil, err
	}
	content, err := h.measured()
	if err != nil {
		return nil, err
	}
	h.Client.pass()
	if err := m.enter(); err != nil {
		return nil, err
	}
	defer func() {
		if response == nil { // Also after a panic: the place is for others.
			m.leave()
		}
	}()
	return m.run(&own, name, content)
}

// run runs a program, up to the end of the head that it says.
func (m *cgi) run(h *handover, name string, content *Content) (*Response, error) {
	p, err := startProcess(filepath.Join(m.directory.Name(), name), h.environment(content), h.Client)
	if err != nil {
		return nil, failed(err, false)
	}
	x := h.begin(content, nil, p.kill, func(x *exchange) error {
		defer p.stdin.Close()
		return x.sendContent(func(piece []byte) error {
			_, err := p.stdin.Write(piece)
			p.silence.Reset(replyLimit)
			return err
		})
	})
	in := bufio.NewReaderSize(p, lineLimit)
	r := &reply{}
	response, err := scriptResponse(in, h, r)
	if err != nil {
		err = x.lost(err)
		p.end(false)
		return nil, err
	}
	p.resting.Store(true)
	r.end = func() {
		x.end()
		p.end(r.complete)
		m.leave()
	}
	return response, nil
}

// find returns the name of the program, and divides the path into what names it
// and what is for it.
func (m *cgi) find(h *handover) (string, error) {
	if len(h.segments) == 0 {
		return "", refuse(404, "no program in %q", h.rest)
	}
	prefix := h.script
	for i, segment := range h.segments {
		path := strings.Join(h.segments[:i+1], "/")
		name, err := filepath.Localize(path)
		if err != nil || name == "." || strings.Contains(segment, "/") {
			return "", refuse(404, "no program %q", path)
		}
		info, err := m.directory.Stat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return "", refuse(404, "no program %q", path)
		case err != nil:
			return "", refuse(403, "program %q: %w", path, err)
		case info.IsDir():
			continue
		case !info.Mode().IsRegular() || runtime.GOOS != "windows" && info.Mode()&0o111 == 0:
			return "", refuse(403, "%q is no program", path)
		}
		h.script, h.rest = prefix+"/"+path, join(h.segments[i+1:])
		return name, nil
	}
	return "", refuse(403, "%q is a directory", h.rest)
}
