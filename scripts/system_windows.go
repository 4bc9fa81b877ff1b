package scripts

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
)

// ownGroup does nothing: on Windows, endGroup finds what was started.
func ownGroup(*exec.Cmd) {}

// endGroup ends a process and all that it has started.
func endGroup(pid int) {
	exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(pid)).Run()
}

// interruptGroup does nothing: on Windows, nobody can interrupt the keeper.
func interruptGroup(int) {}

// makePipe cannot make a pipe among the files: Windows keeps them elsewhere.
func makePipe(string) error {
	return errors.New("there are no pipes among the files of Windows; begin the line with [unix]")
}

// askForTraces cannot make a program print anything: Windows has no such signal.
func askForTraces(*os.Process) error {
	return errors.New("no signal asks for traces on Windows")
}
