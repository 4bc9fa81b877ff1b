package bench

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A keeper runs a program that knows nothing of a leash: the test binary is the
// keeper.
type keeper struct {
	// config returns the configuration of a program that is to listen at an
	// address, has a directory of its own, and serves what is in a directory or
	// behind an address.
	config func(program, address, own, behind string) string

	// arguments are those of the program, before the file with its configuration.
	arguments func(own string) []string
}

// keptServer is a program with a keeper, which has a role. What it serves is
// behind it. The program is "" where it is not installed.
func keptServer(t testing.TB, name, role, program, behind string) server {
	self, err := os.Executable()
	require.NoError(t, err)
	return server{
		name:    name,
		role:    role,
		command: []string{self, program, t.TempDir(), behind},
		missing: program == "",
	}
}

// says returns what a program prints about itself with a flag.
func says(program, flag string) string {
	output, err := exec.Command(program, flag).CombinedOutput()
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(output))
}

// keep runs the program until standard input ends. In args are the program, a
// directory for its own files, and what it serves.
func (k keeper) keep(args []string) error {
	program, own, behind := args[0], args[1], args[2]
	address, err := freeAddress()
	if err != nil {
		return err
	}
	file := filepath.Join(own, "config")
	if err := os.WriteFile(file, []byte(k.config(program, address, own, behind)), 0o666); err != nil {
		return err
	}
	cmd := exec.Command(program, append(k.arguments(own), file)...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	if err := waitFor(address, exited); err != nil {
		return errors.Join(err, cmd.Process.Signal(syscall.SIGTERM))
	}
	fmt.Fprintf(os.Stderr, "serving %s on http://%s/ as process %d\n", behind, address, cmd.Process.Pid)
	io.Copy(io.Discard, os.Stdin)
	return end(cmd.Process, exited)
}

// end ends a program, kindly first: then it ends its workers, too.
func end(process *os.Process, exited chan error) error {
	if err := process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-exited: // HAProxy calls it a failure that it was told to end.
		return nil
	case <-time.After(stopLimit / 2):
		return process.Kill()
	}
}

// waitFor waits until something accepts connections at an address.
func waitFor(address string, exited chan error) error {
	late := time.After(startLimit / 2)
	for {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			return conn.Close()
		}
		select {
		case err := <-exited:
			return fmt.Errorf("it has ended: %v", err)
		case <-late:
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// freeAddress returns an address of this machine that nobody uses at the moment.
// Its port is below those that a system picks by itself, so that nobody else
// gets it soon.
func freeAddress() (string, error) {
	for range 100 {
		address := "127.0.0.1:" + strconv.Itoa(10_000+rand.IntN(20_000))
		if listener, err := net.Listen("tcp", address); err == nil {
			return address, listener.Close()
		}
	}
	return "", errors.New("found no free port between 10000 and 30000")
}
