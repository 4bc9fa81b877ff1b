package scripts

import (
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync/atomic"

	"example.com/webserver/scripts/exercise"
)

const (
	// programName is what a script calls the stage's program.
	programName = "webserver"

	// keeperName is the program that watches over another one.
	keeperName = "keeper"
)

// leashed returns the program, on the leash if the environment says so: then it
// ends when its standard input does. So no server outlives its test, not even
// when the test is killed, and it ends by os.Exit, without which the coverage it
// has counted would be lost.
func leashed(program func()) func() {
	return func() {
		if os.Getenv(exercise.LeashVariable) != "" {
			go func() {
				io.Copy(io.Discard, os.Stdin)
				os.Exit(0)
			}()
		}
		program()
	}
}

// keeper runs the program in its arguments, which knows nothing of a leash,
// and ends it, with all that it has started, when standard input ends. An
// interrupt is passed on, to all of them, as a terminal does it with Ctrl-C. The
// exit status is that of the program.
func keeper() {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stdout = os.Stdout
	cmd.Stderr = os.Stderr
	ownGroup(cmd)
	os.Unsetenv(exercise.LeashVariable) // The program may be one that knows it.
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	if err := cmd.Start(); err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	go func() {
		for range interrupts {
			interruptGroup(cmd.Process.Pid)
		}
	}()
	var ended atomic.Bool
	go func() {
		io.Copy(io.Discard, os.Stdin)
		ended.Store(true)
		endGroup(cmd.Process.Pid)
	}()
	if err := cmd.Wait(); err != nil && !ended.Load() {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(max(1, cmd.ProcessState.ExitCode()))
	}
}
