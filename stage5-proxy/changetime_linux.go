package main

import (
	"io/fs"
	"syscall"
)

// changeTime returns when anything about a file last changed, in nanoseconds.
func changeTime(info fs.FileInfo) int64 {
	if system, ok := info.Sys().(*syscall.Stat_t); ok {
		return syscall.TimespecToNsec(system.Ctim)
	}
	return 0
}

// fileNumber returns the number by which the system tells a file from all
// others that are there.
func fileNumber(info fs.FileInfo) int64 {
	if system, ok := info.Sys().(*syscall.Stat_t); ok {
		return int64(system.Ino)
	}
	return 0
}
