//go:build !linux

package scripts

import (
	"errors"
	"os"
	"os/exec"
)

// limitFiles cannot limit a process that runs already.
func limitFiles(int, uint64) error {
	return errors.New("only Linux can limit a program that runs; begin the line with [linux]")
}

// startModest starts a program as it is.
func startModest(cmd *exec.Cmd) error { return cmd.Start() }

// modesHold reports whether the mode of a file can keep a server from reading
// it that a script starts: not on Windows, where Geteuid is -1, and not for
// root.
func modesHold() bool { return os.Geteuid() > 0 }
