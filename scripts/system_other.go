//go:build !linux

package scripts

import "errors"

// limitFiles cannot limit a process that runs already.
func limitFiles(int, uint64) error {
	return errors.New("only Linux can limit a program that runs; begin the line with [linux]")
}
