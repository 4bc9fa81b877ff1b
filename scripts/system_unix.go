//go:build unix

package scripts

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup puts what cmd will start into a process group of its own.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// endGroup ends a process and all that it has started.
func endGroup(pid int) {
	syscall.Kill(-pid, syscall.SIGKILL)
}

// interruptGroup interrupts a process and all that it has started.
func interruptGroup(pid int) {
	syscall.Kill(-pid, syscall.SIGINT)
}

// makePipe makes a named pipe.
func makePipe(name string) error {
	return syscall.Mkfifo(name, 0o666)
}

// askForTraces makes a Go program print the trace of every goroutine, and end.
func askForTraces(process *os.Process) error {
	return process.Signal(syscall.SIGQUIT)
}
