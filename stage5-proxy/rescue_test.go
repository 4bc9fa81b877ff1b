package main

import (
	"bytes"
	"log"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestSurvive ensures that a panic ends what it is in, and nothing else, and
// that the log says where it was.
func TestSurvive(t *testing.T) {
	var printed bytes.Buffer
	log.SetOutput(&printed)
	defer log.SetOutput(os.Stderr)
	assert.NotPanics(t, func() {
		defer survive()
		panic("what nobody has thought of")
	})
	assert.Contains(t, printed.String(), "panic: what nobody has thought of")
	assert.Contains(t, printed.String(), "rescue_test.go")
	printed.Reset()
	func() { defer survive() }()
	assert.Empty(t, printed.String(), "nothing has happened")
}

// TestRescued ensures that the client of a panic gets a 500.
func TestRescued(t *testing.T) {
	log.SetOutput(new(bytes.Buffer))
	defer log.SetOutput(os.Stderr)
	assert.Equal(t, 500, statusOf(rescued("what nobody has thought of")))
}
