package main

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestRotationOrder ensures that upstreams are taken in turn, and that each
// request has all of them to try.
func TestRotationOrder(t *testing.T) {
	a, b, c := &upstream{name: "a"}, &upstream{name: "b"}, &upstream{name: "c"}
	all := &rotation{all: []*upstream{a, b, c}}
	for _, want := range [][]*upstream{{a, b, c}, {b, c, a}, {c, a, b}, {a, b, c}} {
		assert.Equal(t, want, all.order())
	}
	assert.Equal(t, []*upstream{a, b, c}, all.all)
	one := &rotation{all: []*upstream{a}}
	assert.Equal(t, []*upstream{a}, one.order())
	assert.Equal(t, []*upstream{a}, one.order())
}

// TestRotationOverflow ensures that a server that has counted to the end of its
// numbers goes on.
func TestRotationOverflow(t *testing.T) {
	a, b := &upstream{name: "a"}, &upstream{name: "b"}
	all := &rotation{all: []*upstream{a, b}}
	for _, start := range []uint32{1<<31 - 2, 1<<32 - 2} {
		all.last.Store(start)
		for range 4 {
			assert.ElementsMatch(t, []*upstream{a, b}, all.order())
		}
	}
}

// TestUpstreamOut ensures for how long an upstream is left out that has failed so
// many times, and that it is back with the first success.
func TestUpstreamOut(t *testing.T) {
	now := time.Unix(1000, 0)
	u := &upstream{}
	assert.False(t, u.isOut(now))
	for i, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		want *= time.Second
		u.failed(now, now)
		assert.True(t, u.isOut(now), i)
		assert.True(t, u.isOut(now.Add(want-1)), i)
		now = now.Add(want)
		assert.False(t, u.isOut(now), i)
	}
	for range 100 {
		u.failed(now, now)
	}
	assert.True(t, u.isOut(now.Add(outLimit-1)))
	assert.False(t, u.isOut(now.Add(outLimit)))
	u.worked()
	assert.False(t, u.isOut(now))
	u.failed(now, now)
	assert.False(t, u.isOut(now.Add(outTime)), "after a success, it begins anew")
}

// TestUpstreamTried ensures that one request alone finds out whether an upstream
// is back, and that another one does if the first never comes to an answer.
func TestUpstreamTried(t *testing.T) {
	now := time.Unix(1000, 0)
	u := &upstream{}
	u.failed(now, now)
	now = now.Add(outTime)
	var running sync.WaitGroup
	var mu sync.Mutex
	tries := 0
	for range 50 {
		running.Go(func() {
			if !u.isOut(now) {
				mu.Lock()
				tries++
				mu.Unlock()
			}
		})
	}
	running.Wait()
	assert.Equal(t, 1, tries)
	assert.True(t, u.isOut(now.Add(outTime-1)))
	assert.False(t, u.isOut(now.Add(outTime)))
}

// TestUpstreamFailsOnce ensures that the end of an upstream is one failure, however
// many requests it had at that time.
func TestUpstreamFailsOnce(t *testing.T) {
	now := time.Unix(1000, 0)
	u := &upstream{}
	for range 10 {
		u.failed(now.Add(-time.Second), now)
	}
	assert.False(t, u.isOut(now.Add(outTime)))
	u.failed(now.Add(time.Millisecond), now.Add(outTime))
	assert.True(t, u.isOut(now.Add(3*outTime-1)))
	assert.False(t, u.isOut(now.Add(3*outTime)))
}
