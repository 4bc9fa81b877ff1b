package watch

import (
	"context"
	"os/exec"
	"time"
)

const (
	// endLimit is how long a check may take to end when it is interrupted. Then
	// it is killed.
	endLimit = time.Second

	// lingerLimit is how much longer the programs may take that it has started.
	lingerLimit = 300 * time.Millisecond
)

// runTree runs a program. When the context ends, the program ends, too, and with
// it all that it has started, and what those have.
func runTree(ctx context.Context, cmd *exec.Cmd) error {
	ownTree(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return endTree(cmd, ended)
	}
}

// endTree ends a program and all that it has started, and returns how the
// program ended. At first they are interrupted, as Ctrl-C does it: so go removes
// what it has built, and the keepers of servers end those. What is left is
// killed.
func endTree(cmd *exec.Cmd, ended <-chan error) (err error) {
	interruptTree(cmd.Process.Pid)
	select {
	case err = <-ended:
		for late := time.Now().Add(lingerLimit); treeLives(cmd.Process.Pid) && time.Now().Before(late); {
			time.Sleep(5 * time.Millisecond)
		}
		killTree(cmd.Process.Pid)
	case <-time.After(endLimit):
		killTree(cmd.Process.Pid)
		cmd.Process.Kill() // Where the system had no way to end the tree.
		err = <-ended
	}
	return err
}
