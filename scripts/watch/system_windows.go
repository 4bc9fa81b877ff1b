package watch

import (
	"os/exec"
	"strconv"
)

// ownTree does nothing: on Windows, interruptTree finds what was started.
func ownTree(*exec.Cmd) {}

// interruptTree ends a process and all that it has started. Windows has no
// gentler way.
func interruptTree(pid int) {
	exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(pid)).Run()
}

// treeLives reports that nothing is left of the tree.
func treeLives(int) bool { return false }

// killTree does nothing: interruptTree has ended what there was.
func killTree(int) {}
