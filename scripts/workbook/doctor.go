package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"example.com/webserver/scripts/exercise"
)

// A finding is what the doctor says of one thing.
type finding struct {
	// what was looked at, and what there was to see.
	what, seen string

	// do is what to do about it; empty if all is well.
	do string

	// minor tells that the workbook can be used even so.
	minor bool
}

// examinations are what the doctor looks at, in order.
var examinations = []func(*desk) finding{
	(*desk).examineGo, (*desk).examineWorkspace, (*desk).examineLineEnds, (*desk).examineServer,
	(*desk).examineLibraries, (*desk).examinePort, (*desk).examineCurl, (*desk).examineTyping,
	(*desk).examineRace,
}

// doctor looks whether this machine is ready for the workbook, and says what to
// do where it is not.
func (d *desk) doctor(args []string) error {
	if len(args) > 0 {
		return misused("doctor stands alone")
	}
	ill := 0
	for _, examine := range examinations {
		f := examine(d)
		state := d.out.paint(green, "ok  ")
		switch {
		case f.do != "" && f.minor:
			state = d.out.paint(yellow, "note")
		case f.do != "":
			state = d.out.paint(red, "bad ")
			ill++
		}
		fmt.Fprintf(d.out, "%s  %-14s %s\n", state, f.what, f.seen)
		if f.do != "" {
			fmt.Fprintln(d.out, indent(f.do, "                     "))
		}
	}
	if ill > 0 {
		return errors.New("not everything is well: mend the first bad thing, then ask the doctor again")
	}
	_, err := fmt.Fprintln(d.out, "\nAll is well. To begin: go run ./scripts/workbook")
	return err
}

// goSays returns what a go command prints, in one line.
func (d *desk) goSays(args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = d.top
	output, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(output)), err
}

// examineGo looks at the Go release.
func (d *desk) examineGo() finding {
	f := finding{what: "Go"}
	version, err := d.goSays("env", "GOVERSION")
	if err != nil {
		f.seen, f.do = err.Error(), "Install Go from https://go.dev/dl/ and open a new terminal."
		return f
	}
	f.seen = version + " " + runtime.GOOS + "/" + runtime.GOARCH
	if !strings.HasPrefix(version, "devel") && olderThan(version, 1, 25) {
		f.do = "The workbook needs Go 1.25 or newer: https://go.dev/dl/"
	}
	return f
}

// olderThan reports whether a version such as go1.24.3 is older than a release.
func olderThan(version string, major, minor int) bool {
	var gotMajor, gotMinor int
	if _, err := fmt.Sscanf(version, "go%d.%d", &gotMajor, &gotMinor); err != nil {
		return false
	}
	return gotMajor < major || gotMajor == major && gotMinor < minor
}

// examineWorkspace looks whether go takes this folder for a workspace.
func (d *desk) examineWorkspace() finding {
	f := finding{what: "workspace", seen: d.top}
	work, err := d.goSays("env", "GOWORK")
	switch {
	case err != nil:
		f.seen, f.do = err.Error(), work
	case work == "off":
		f.seen, f.do = "GOWORK is off", "Take the variable GOWORK out of the environment, or out of go env -w."
	case filepath.Clean(work) != filepath.Join(d.top, "go.work"):
		f.seen, f.do = "GOWORK is "+work, "Another workspace is in the way. Take the variable GOWORK out of the environment."
	}
	return f
}

// examineLineEnds looks for files whose lines end as on Windows: scripts and
// pages must be the same bytes on every system.
func (d *desk) examineLineEnds() finding {
	f := finding{what: "line ends", seen: `all lines end in \n`}
	var changed []string
	err := filepath.WalkDir(d.top, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch filepath.Ext(name) {
		case ".go", ".md", ".txtar", ".patch", ".txt", ".html":
			data, err := os.ReadFile(name)
			if err == nil && bytes.Contains(data, []byte("\r\n")) {
				changed = append(changed, name)
			}
			return err
		}
		if entry.IsDir() && (entry.Name() == ".git" || strings.HasPrefix(entry.Name(), "_")) {
			return fs.SkipDir
		}
		return nil
	})
	if err != nil {
		f.seen, f.do = err.Error(), "Make the files of the workbook readable."
	} else if len(changed) > 0 {
		f.seen = fmt.Sprintf(`in %d files, lines end in \r\n; the first is %s`, len(changed), changed[0])
		f.do = "Tell your editor to end lines in LF. To get the files as they were, clone the workbook anew,\nand not as a ZIP that some program has changed."
	}
	return f
}

// examineServer builds the first stage and starts it without arguments: it must
// say how it is used.
func (d *desk) examineServer() finding {
	f := finding{what: "a server", seen: "can be built and started"}
	stages, err := exercise.Stages(d.top)
	if err != nil {
		f.seen, f.do = err.Error(), "Put go.work back as it was: git checkout go.work"
		return f
	}
	into, err := os.MkdirTemp("", "workbook")
	if err != nil {
		f.seen, f.do = err.Error(), "Make a folder for temporary files, and name it in TMPDIR (on Windows, TEMP)."
		return f
	}
	defer os.RemoveAll(into)
	program, err := exercise.Build(filepath.Join(d.top, stages[0]), nil, into)
	if err != nil {
		f.seen, f.do = stages[0]+" does not compile: "+err.Error(), "Take back what you have changed there: git checkout "+stages[0]
		return f
	}
	output, err := exec.Command(program).CombinedOutput()
	if ended := (*exec.ExitError)(nil); !errors.As(err, &ended) || !bytes.HasPrefix(output, []byte("usage: ")) {
		f.seen = fmt.Sprintf("was built, but does not start: %v %s", err, output)
		f.do = "Does a virus scanner keep programs from running in " + into + ", or is that disk mounted with noexec?"
	}
	return f
}

// examineLibraries looks whether the libraries of the tests have been fetched.
func (d *desk) examineLibraries() finding {
	f := finding{what: "libraries", seen: "of the tests are here"}
	cmd := exec.Command("go", "list", "-deps", "-test", "./...")
	cmd.Dir = d.top
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=readonly")
	if cmd.Run() != nil {
		f.seen, f.do, f.minor = "of the tests are not here yet", "The first go test ./... fetches them, and needs the network for it.", true
	}
	return f
}

// examinePort looks whether the port that the chapters use is free.
func (d *desk) examinePort() finding {
	f := finding{what: "port 8080", seen: "is free"}
	listener, err := net.Listen("tcp", "localhost:8080")
	if err != nil {
		f.seen, f.do, f.minor = err.Error(), "Stop the program that has it, or type another number, such as 8081, wherever a chapter says 8080.", true
		return f
	}
	listener.Close()
	return f
}

// examineCurl looks for curl, with which the chapters show bytes.
func (d *desk) examineCurl() finding {
	f := finding{what: "curl"}
	output, err := exec.Command("curl", "--version").Output()
	if err != nil {
		f.seen, f.do, f.minor = "is not here", "The chapters show bytes with it: https://curl.se/download.html", true
		return f
	}
	f.seen, _, _ = strings.Cut(string(output), " (")
	if runtime.GOOS == "windows" {
		f.seen += "; in PowerShell, type curl.exe"
	}
	return f
}

// examineTyping looks for a program with which one types to a server by hand.
func (d *desk) examineTyping() finding {
	f := finding{what: "typing by hand"}
	for _, name := range []string{"nc", "ncat", "telnet"} {
		if _, err := exec.LookPath(name); err == nil {
			f.seen = name + " localhost 8080"
			return f
		}
	}
	f.seen, f.minor = "there is neither nc nor telnet", true
	f.do = "Some experiments connect to a server by hand. Install netcat, which brings nc."
	if runtime.GOOS == "windows" {
		f.do = "Some experiments connect to a server by hand. Turn on the Telnet Client among the features of Windows."
	}
	return f
}

// examineRace looks whether the race detector can be used: it needs a C
// compiler.
func (d *desk) examineRace() finding {
	f := finding{what: "race detector", seen: "can be used"}
	cgo, err := d.goSays("env", "CGO_ENABLED")
	if err != nil || cgo != "1" {
		f.seen, f.do, f.minor = "cannot be used: there is no C compiler", "Only go test -race needs one. Everything else works without.", true
	}
	return f
}
