package scripts

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestSender ensures that what is short is done at once, that nobody waits for
// what is long, and that the order is kept.
func TestSender(t *testing.T) {
	var s sender
	var done []string
	s.do(false, func() { done = append(done, "first") })
	assert.Equal(t, []string{"first"}, done)
	held, ended := make(chan bool), make(chan bool)
	s.do(true, func() { <-held; done = append(done, "long") })
	s.do(false, func() { done = append(done, "short") })
	s.do(true, func() { done = append(done, "last"); close(ended) })
	assert.Equal(t, []string{"first"}, done)
	close(held)
	<-ended
	assert.Equal(t, []string{"first", "long", "short", "last"}, done)
}
