package main

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestCache ensures that a cache has what was put into it, and counts it.
func TestCache(t *testing.T) {
	var c cache[string]
	_, ok := c.get("a")
	assert.False(t, ok)
	c.put("a", "1", 1000)
	c.put("bb", "2", 500)
	got, ok := c.get("a")
	assert.True(t, ok)
	assert.Equal(t, "1", got)
	assert.Equal(t, 1000+1+500+2+2*entryCost, c.size)
	c.put("a", "3", 100)
	got, _ = c.get("a")
	assert.Equal(t, "3", got, "it was replaced")
	assert.Equal(t, 100+1+500+2+2*entryCost, c.size, "and counts once")
	c.remove("a")
	c.remove("a")
	c.remove("nothing")
	_, ok = c.get("a")
	assert.False(t, ok)
	assert.Equal(t, 500+2+entryCost, c.size)
}

// TestCacheBounded ensures that a cache never counts more than its limit, and
// keeps as much as it can.
func TestCacheBounded(t *testing.T) {
	const size = cacheLimit / 100
	var c cache[int]
	for i := range 1000 {
		c.put(fmt.Sprint(i), i, size-entryCost-3)
		assert.LessOrEqual(t, c.size, cacheLimit)
		got, ok := c.get(fmt.Sprint(i))
		assert.True(t, ok && got == i, "what came last is there")
	}
	assert.Len(t, c.entries, 100)
	sum := 0
	for _, entry := range c.entries {
		sum += entry.size
	}
	assert.Equal(t, sum, c.size)
}

// TestCacheSmall ensures that what takes no memory of its own cannot fill it
// either.
func TestCacheSmall(t *testing.T) {
	var c cache[struct{}]
	for i := range 2 * cacheLimit / entryCost {
		c.put(fmt.Sprint(i), struct{}{}, 0)
	}
	assert.LessOrEqual(t, len(c.entries), cacheLimit/entryCost)
	assert.LessOrEqual(t, c.size, cacheLimit)
}

// TestCacheTooLarge ensures that what is larger than the cache is not kept, and
// that nothing else has to go because of it; but what it replaces has.
func TestCacheTooLarge(t *testing.T) {
	var c cache[int]
	c.put("a", 1, 1000)
	c.put("b", 1, cacheLimit-1-entryCost-1000-1-entryCost)
	assert.Len(t, c.entries, 2, "just so much")
	c.put("c", 1, cacheLimit-entryCost)
	_, ok := c.get("c")
	assert.False(t, ok)
	assert.Len(t, c.entries, 2)
	c.put("a", 2, cacheLimit)
	_, ok = c.get("a")
	assert.False(t, ok, "the old one would be wrong")
	assert.Len(t, c.entries, 1)
	c.put("c", 1, cacheLimit-1-entryCost)
	assert.Len(t, c.entries, 1)
	assert.Equal(t, cacheLimit, c.size)
}

// TestCacheShared ensures that many can use a cache at once.
func TestCacheShared(t *testing.T) {
	var c cache[int]
	var running sync.WaitGroup
	for i := range 8 {
		running.Go(func() {
			for j := range 500 {
				key := fmt.Sprint(j % 50)
				c.put(key, j%50, cacheLimit/40)
				if got, ok := c.get(fmt.Sprint((i + j) % 50)); ok {
					assert.Equal(t, (i+j)%50, got)
				}
			}
		})
	}
	running.Wait()
	assert.LessOrEqual(t, c.size, cacheLimit)
}
