//go:build !unix

package main

import (
	"os/exec"
	"strconv"
)

// ownGroup does nothing: what a program starts is found by kill.
func ownGroup(*exec.Cmd) {}

// killGroup ends a program, and what it has started. Windows has a program for
// that.
func killGroup(pid int) {
	exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(pid)).Run()
}
