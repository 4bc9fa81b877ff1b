//go:build !windows

package main

import "os"

// understandsCodes reports whether a terminal takes control codes as such: they
// all do.
func understandsCodes(*os.File) bool { return true }
