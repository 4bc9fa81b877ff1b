package main

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestGate ensures that no more are inside than may be, and that whoever waits
// comes in when one leaves.
func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(3)
		var running sync.WaitGroup
		var mu sync.Mutex
		inside, most := 0, 0
		move := func(by int) {
			mu.Lock()
			defer mu.Unlock()
			inside += by
			most = max(most, inside)
		}
		for range 20 {
			running.Go(func() {
				assert.NoError(t, g.enter())
				move(1)
				time.Sleep(time.Second)
				move(-1)
				g.leave()
			})
		}
		start := time.Now()
		running.Wait()
		assert.Equal(t, 3, most)
		assert.Equal(t, 7*time.Second, time.Since(start))
		assert.Zero(t, g.waiting.Load())
		assert.Empty(t, g.inside)
	})
}

// TestGateWaiting ensures for how long a request waits for its turn, and how many
// do.
func TestGateWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1)
		assert.NoError(t, g.enter())
		start := time.Now()
		assert.Equal(t, 503, statusOf(g.enter()))
		assert.Equal(t, waitingTime, time.Since(start))
		var running sync.WaitGroup
		for range waitingLimit {
			running.Go(func() { assert.Equal(t, 503, statusOf(g.enter())) })
		}
		synctest.Wait()
		start = time.Now()
		assert.Equal(t, 503, statusOf(g.enter()), "there is no place to wait")
		assert.Zero(t, time.Since(start))
		running.Wait()
		assert.Equal(t, waitingTime, time.Since(start))
		assert.Zero(t, g.waiting.Load())
		g.leave()
		assert.NoError(t, g.enter())
	})
}
