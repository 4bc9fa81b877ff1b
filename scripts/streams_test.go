package scripts

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A stream is one of events, which has no end.
type stream struct {
	*http.Response
	leave func()
}

// open opens the stream of events. Every one of them is the number of the
// process that sends it.
func (g *guest) open(t *testing.T) *stream {
	ctx, cancel := context.WithTimeout(t.Context(), clientLimit)
	response, err := g.client.Do(g.request(t, "GET", "events", nil).WithContext(ctx))
	require.NoError(t, err)
	t.Cleanup(cancel)
	return &stream{Response: response, leave: cancel}
}

// next returns the next event.
func (s *stream) next(t *testing.T) int {
	var pid int
	_, err := fmt.Fscanf(s.Body, "data: %d\n\n", &pid)
	require.NoError(t, err)
	return pid
}

// visitEvents ensures that events come when they happen, and not at the end of
// the stream, which never comes.
func visitEvents(t *testing.T, g *guest) {
	s := g.open(t)
	defer s.leave()
	require.Equal(t, 200, s.StatusCode)
	assert.Regexp(t, "^text/event-stream", s.Header.Get("Content-Type"))
	first := s.next(t)
	assert.Equal(t, []int{first, first}, []int{s.next(t), s.next(t)})
}

// visitLeaves ensures that the application is told when a client leaves: else
// one that can serve four streams at a time would never serve a sixth.
func visitLeaves(t *testing.T, g *guest) {
	for range 6 {
		var s *stream
		eventually(t, func() bool {
			s = g.open(t)
			if s.StatusCode != 200 {
				s.leave()
			}
			return s.StatusCode == 200
		}, "one of four streams has ended")
		s.next(t)
		s.leave()
	}
}

// visitEnds ensures that a program which serves one client ends when the client
// leaves.
func visitEnds(t *testing.T, g *guest) {
	s := g.open(t)
	program, err := os.FindProcess(s.next(t))
	require.NoError(t, err)
	require.NoError(t, program.Signal(syscall.Signal(0)), "the process is there")
	s.leave()
	eventually(t, func() bool { return program.Signal(syscall.Signal(0)) != nil }, "the process has ended")
}
