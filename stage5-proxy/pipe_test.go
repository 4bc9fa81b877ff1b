//go:build unix

package main

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFindPipe ensures that a pipe is left alone: a program that waits at its
// other end does not notice that somebody has asked for it.
func TestFindPipe(t *testing.T) {
	s := newServer(t)
	pipe := filepath.Join(s.root.Name(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o666))
	written := make(chan error, 1)
	go func() {
		end, err := os.OpenFile(pipe, os.O_WRONLY, 0) // Waits for a reader.
		if err == nil {
			_, err = end.WriteString("hello")
			end.Close()
		}
		written <- err
	}()
	for range 1000 { // The program may need a moment until it waits.
		_, err := s.find(Request{Target: "/pipe"})
		require.ErrorIs(t, err, errNotServed)
	}
	select {
	case err := <-written:
		t.Fatalf("the program has found a reader: %v", err)
	default:
	}
	end, err := os.Open(pipe)
	require.NoError(t, err)
	defer end.Close()
	got, err := io.ReadAll(end)
	require.NoError(t, err)
	assert.Equal(t, "hello", string(got))
}
