package main

import (
	"log"
	"runtime/debug"
)

// rescued prints what went wrong so badly that the code gave up, and where. It
// returns that as an error for the client.
func rescued(reason any) error {
	log.Printf("panic: %v\n%s", reason, debug.Stack())
	return refuse(500, "panic: %v", reason)
}

// survive ends a panic, where it is deferred. A panic that nobody ends is the
// end of the whole program, and of all other connections with it.
func survive() {
	if reason := recover(); reason != nil {
		rescued(reason)
	}
}
