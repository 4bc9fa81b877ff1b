package main

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"syscall"
)

// A statusError is why a request does not get what it asks for.
type statusError struct {
	// status is the status code for the client: 4xx where the request is at
	// fault, 5xx where the server is (RFC 9110, 15).
	status int

	// header holds the fields that must go with the status code.
	header []Field

	// alternatives are the forms in which there is what was asked for.
	alternatives []alternative

	// cause says more, for the log. The client is not told.
	cause error
}

// Error returns the status code and the cause.
func (e *statusError) Error() string { return fmt.Sprintf("%d: %v", e.status, e.cause) }

// Unwrap returns the cause.
func (e *statusError) Unwrap() error { return e.cause }

// refuse makes an error with a status code. The cause is written as by
// fmt.Errorf.
func refuse(status int, format string, a ...any) error {
	return &statusError{status: status, cause: fmt.Errorf(format, a...)}
}

// fileStatuses says which status code tells the client what went wrong with a
// file. The first row that fits decides; for what fits none, it is 500.
var fileStatuses = []struct {
	// cause is what the operating system says.
	cause error

	// system is the only one on which the row holds; empty for all.
	system string

	status int
}{
	{fs.ErrNotExist, "", 404},
	{syscall.ENOTDIR, "", 404},           // something below a file: /hello.txt/more
	{syscall.ENAMETOOLONG, "", 404},      // no file has a name as long as that
	{syscall.Errno(123), "windows", 404}, // ERROR_INVALID_NAME: /what%3F
	{syscall.Errno(206), "windows", 404}, // ERROR_FILENAME_EXCED_RANGE
	{syscall.Errno(267), "windows", 404}, // ERROR_DIRECTORY
	{fs.ErrPermission, "", 403},
	{errNotServed, "", 403},
	{syscall.ENXIO, "", 403},      // a socket, on Linux
	{syscall.EOPNOTSUPP, "", 403}, // a socket, on macOS
	{syscall.ELOOP, "", 403},      // links in a circle
	{syscall.EMFILE, "", 503},     // too many files are open; soon it will be fewer
	{syscall.ENFILE, "", 503},
	{syscall.EAGAIN, "", 503}, // another program has a lease on the file
	// A closed Root says this to every name, also to "..", by which fileError
	// knows what leads outside. Without the row, it would be a 403.
	{fs.ErrClosed, "", 500},
}

// fileError gives an error that came with a file its status code.
func (s *server) fileError(err error) error {
	for _, row := range fileStatuses {
		if errors.Is(err, row.cause) && (row.system == "" || row.system == runtime.GOOS) {
			return &statusError{status: row.status, cause: err}
		}
	}
	// A Root has no name for its own error, which it gives for what leads
	// outside. It is the one that the directory above it gets.
	_, outside := s.root.Stat("..")
	if errors.Is(err, errors.Unwrap(outside)) {
		return refuse(403, "%w", err)
	}
	return refuse(500, "%w", err)
}
