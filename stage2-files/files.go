package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// errNotFound is all that this server can tell a client whose request goes
// wrong. Errors that wrap it say more, to people who read the code.
var errNotFound = errors.New("not found")

// errNotServed says that something is there which this server sends to nobody.
var errNotServed = errors.New("it is not served")

// respond makes the response to a request. err is what went wrong while the
// request was read, if anything did.
func (s *server) respond(request Request, err error) *Response {
	var response *Response
	if err == nil {
		response, err = s.find(request.Target)
	}
	if err != nil {
		return notFound()
	}
	return response
}

// find makes the response for what a target names: the bytes of a file, or the
// page of a directory.
func (s *server) find(target string) (*Response, error) {
	name, err := localName(target)
	if err != nil {
		return nil, err
	}
	file, info, err := s.open(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return s.directory(file, name)
	}
	return fileResponse(file, info), nil
}

// directory makes the response for an open directory, which it closes: its
// index.html or, where it has none, a listing. An index.html that cannot be
// sent is an error, and no reason to show what else there is.
func (s *server) directory(directory *os.File, name string) (*Response, error) {
	defer directory.Close()
	index, info, err := s.open(filepath.Join(name, "index.html"))
	if errors.Is(err, fs.ErrNotExist) {
		return s.listing(directory, name)
	}
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		index.Close()
		return s.listing(directory, name)
	}
	return fileResponse(index, info), nil
}

// open opens a file or directory below the document root, and nothing else.
// A Root follows no link and no dot segment that leads outside. The error
// wraps errNotFound and the cause; the caller closes the file.
func (s *server) open(name string) (*os.File, fs.FileInfo, error) {
	// To open is to touch: it wakes up a program that waits at the other end of
	// a pipe, and winds back a tape. So what is no file is not even opened.
	info, err := s.root.Stat(name)
	if err == nil && !isServed(info) {
		err = errNotServed
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errNotFound, err)
	}
	// It may be another one by now. To open a pipe is to wait for somebody who
	// writes, perhaps forever. With O_NONBLOCK it opens at once.
	file, err := s.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errNotFound, err)
	}
	info, err = file.Stat()
	if err == nil && !isServed(info) {
		err = errNotServed
	}
	if err != nil {
		file.Close()
		return nil, nil, fmt.Errorf("%w: %s: %w", errNotFound, name, err)
	}
	return file, info, nil
}

// isServed reports whether something is a file or a directory: no pipe, no
// device, and the like.
func isServed(info fs.FileInfo) bool { return info.IsDir() || info.Mode().IsRegular() }

// fileResponse makes the response that sends an open file, which is closed
// when the response has been written.
func fileResponse(file *os.File, info fs.FileInfo) *Response {
	return &Response{
		Status: 200,
		Header: []Field{
			{"Content-Type", mediaType(info.Name())},
		},
		Content: file,
		Length:  info.Size(),
	}
}
