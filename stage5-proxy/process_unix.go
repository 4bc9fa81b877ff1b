//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// ownGroup makes a program the first of a group, to which also belongs what it
// starts.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends a program, and what it has started.
func killGroup(pid int) { syscall.Kill(-pid, syscall.SIGKILL) }
