package main

import (
	"sync"
)

// cacheLimit is how many bytes a cache keeps.
const cacheLimit = 16 << 20

// entryCost is how many bytes an entry of a cache takes beside what it keeps.
const entryCost = 512

// A cache keeps values in memory, by a key. When it is full, it forgets some,
// whichever they are: who asks for them again has to wait a little longer.
type cache[V any] struct {
	mu      sync.RWMutex
	entries map[string]cacheEntry[V]
	size    int
}

// A cacheEntry is a value, and how many bytes it takes.
type cacheEntry[V any] struct {
	value V
	size  int
}

// get returns the value with a key. It reports whether there is one.
func (c *cache[V]) get(key string) (V, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	entry, ok := c.entries[key]
	return entry.value, ok
}

// put keeps a value of so many bytes.
func (c *cache[V]) put(key string, value V, size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remove(key)
	size += len(key) + entryCost
	if size > cacheLimit {
		return
	}
	for other := range c.entries {
		if c.size+size <= cacheLimit {
			break
		}
		c.remove(other)
	}
	if c.entries == nil {
		c.entries = map[string]cacheEntry[V]{}
	}
	c.entries[key] = cacheEntry[V]{value, size}
	c.size += size
}

// remove forgets the value with a key, if there is one. c.mu is locked.
func (c *cache[V]) remove(key string) {
	c.size -= c.entries[key].size
	delete(c.entries, key)
}
