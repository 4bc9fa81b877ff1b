//go:build unix

package watch

import (
	"os/exec"
	"syscall"
)

// ownTree puts what cmd will start into a process group of its own.
func ownTree(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// interruptTree interrupts a process and all that it has started.
func interruptTree(pid int) { syscall.Kill(-pid, syscall.SIGINT) }

// treeLives reports whether something is left of the tree. What has ended counts
// until its parent has noticed.
func treeLives(pid int) bool { return syscall.Kill(-pid, 0) == nil }

// killTree kills what is left of the tree.
func killTree(pid int) { syscall.Kill(-pid, syscall.SIGKILL) }
