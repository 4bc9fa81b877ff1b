package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestFileError ensures the table of status codes for what can go wrong with a
// file, by errors as the package os makes them.
func TestFileError(t *testing.T) {
	s := newServer(t)
	_, missing := s.root.Open("missing.txt")
	_, outside := s.root.Open("../x")
	assert.NoError(t, s.root.WriteFile("hello.txt", nil, 0o666))
	_, below := s.root.Open("hello.txt/more")
	tests := map[string]struct {
		err  error
		want int
	}{
		"missing":             {missing, 404},
		"below a file":        {below, 404},
		"a name too long":     {&fs.PathError{Op: "open", Path: "a", Err: syscall.ENAMETOOLONG}, 404},
		"outside":             {outside, 403},
		"permission":          {&fs.PathError{Op: "open", Path: "a", Err: fs.ErrPermission}, 403},
		"permission, by name": {&fs.PathError{Op: "open", Path: "a", Err: syscall.EACCES}, 403},
		"no file":             {errNotServed, 403},
		"links in a circle":   {&fs.PathError{Op: "open", Path: "a", Err: syscall.ELOOP}, 403},
		"too many open":       {&fs.PathError{Op: "open", Path: "a", Err: syscall.EMFILE}, 503},
		"another has a lease": {&fs.PathError{Op: "open", Path: "a", Err: syscall.EAGAIN}, 503},
		"the disk fails":      {&fs.PathError{Op: "read", Path: "a", Err: syscall.EIO}, 500},
		"closed":              {os.ErrClosed, 500},
		"what nobody knows":   {errors.New("what nobody knows"), 500},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := s.fileError(test.err)
			assert.Equal(t, test.want, statusOf(got))
			assert.ErrorIs(t, got, test.err, "the log must know the cause")
		})
	}
}

// TestStatusError ensures what the log sees of a refusal.
func TestStatusError(t *testing.T) {
	err := refuse(403, "file %q: %w", "a", fs.ErrPermission)
	assert.Equal(t, `403: file "a": permission denied`, err.Error())
	assert.ErrorIs(t, fmt.Errorf("more: %w", err), fs.ErrPermission)
}
