package main

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// errNotServed says that something is there which this server sends to nobody.
var errNotServed = errors.New("it is not served")

// respond makes the response to a request. err is what went wrong while the
// request was read, if anything did. What the client is told is not what the
// log is told. HEAD gets what GET would, without content (RFC 9110, 9.3.2).
func (s *server) respond(request Request, err error) *Response {
	var response *Response
	if err == nil {
		response, err = s.perform(request)
	}
	if err != nil {
		s.logCause(request, err)
		response = errorResponse(err)
	}
	response.NoContent = response.NoContent || request.Method == "HEAD"
	response.Date = cmp.Or(response.Date, s.clock.date(time.Now()))
	return response
}

// find makes the response for what a target names: the bytes of a file, or the
// page of a directory.
func (s *server) find(request Request) (*Response, error) {
	name, err := localName(request.Target)
	if err != nil {
		return nil, err
	}
	if response := s.remembered(name, request.Received); response != nil {
		return response, nil
	}
	file, info, err := s.open(name)
	if errors.Is(err, fs.ErrNotExist) && hasVariants(name) {
		return s.variant(request, name, err)
	}
	if err != nil {
		return nil, err
	}
	if info.IsDir() && name != "." && !strings.HasSuffix(name, string(filepath.Separator)) {
		file.Close()
		return redirect(name, request.Target), nil
	}
	if info.IsDir() {
		return s.directory(request, file, name)
	}
	return s.fileResponse(name, file, info)
}

// redirect makes the response that sends a client to the name of a directory
// with its slash, without which the links in its page lead to wrong places. It
// is made of the name that was found, and begins with one slash: whatever the
// target was, it is a name of this server, and not the name of another host, as
// what begins with two slashes would be (RFC 9110, 15.4.2; RFC 3986, 4.2).
func redirect(name, target string) *Response {
	location := link("/" + filepath.ToSlash(name) + "/")
	if _, query, found := strings.Cut(target, "?"); found {
		location += "?" + query
	}
	return statusResponse(301, location)
}

// directory makes the response for an open directory, which it closes: its
// index.html or, where it has none, a listing. An index.html that cannot be
// sent is an error, and no reason to show what else there is.
func (s *server) directory(request Request, directory *os.File, name string) (*Response, error) {
	defer directory.Close()
	indexName := filepath.Join(name, "index.html")
	index, info, err := s.open(indexName)
	if errors.Is(err, fs.ErrNotExist) {
		return s.listing(request, directory, name)
	}
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		index.Close()
		return s.listing(request, directory, name)
	}
	return s.fileResponse(indexName, index, info)
}

// open opens a file or directory below the document root, and nothing else.
// A Root follows no link and no dot segment that leads outside. The error
// is a statusError; the caller closes the file.
func (s *server) open(name string) (*os.File, fs.FileInfo, error) {
	// To open is to touch: it wakes up a program that waits at the other end of
	// a pipe, and winds back a tape. So what is no file is not even opened.
	info, err := s.root.Stat(name)
	if err == nil && !isServed(info) {
		err = errNotServed
	}
	if err != nil {
		return nil, nil, s.fileError(err)
	}
	// It may be another one by now. To open a pipe is to wait for somebody who
	// writes, perhaps forever. With O_NONBLOCK it opens at once.
	file, err := s.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, s.fileError(err)
	}
	info, err = file.Stat()
	if err == nil && !isServed(info) {
		err = errNotServed
	}
	if err != nil {
		file.Close()
		return nil, nil, s.fileError(err)
	}
	return file, info, nil
}

// isServed reports whether something is a file or a directory: no pipe, no
// device, and the like.
func isServed(info fs.FileInfo) bool { return info.IsDir() || info.Mode().IsRegular() }

// fileResponse makes the response that sends an open file, which is closed
// when the response has been written. A disk that fails shows it at the first
// byte already, mostly. So that is read now: after the head, which says that
// all is well, it would be too late to say anything else.
func (s *server) fileResponse(name string, file *os.File, info fs.FileInfo) (*Response, error) {
	if _, err := file.ReadAt(make([]byte, 1), 0); err != nil && err != io.EOF {
		file.Close()
		return nil, refuse(500, "%w", err)
	}
	response := &Response{
		Status: 200,
		Header: []Field{
			{"Content-Type", mediaType(info.Name())},
		},
		Content: file,
		Length:  info.Size(),
		Name:    name,
	}
	response.validate(entityTag(info), info.ModTime())
	return s.remember(response, file, info), nil
}
