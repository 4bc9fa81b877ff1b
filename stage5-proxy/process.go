package main

import (
	"errors"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"time"
)

// passedOn are the variables of this program that others cannot do without.
var passedOn = []string{"PATH", "SystemRoot", "TMPDIR", "TEMP", "TMP"}

// A process is a script that runs.
type process struct {
	client *connection
	cmd    *exec.Cmd

	// stdin and stdout are our ends of what it reads and writes.
	stdin, stdout *os.File

	// silence ends it when it says nothing for too long; silent tells that. Nobody
	// counts while it is resting: the head was read, and the client takes its time.
	silence         *time.Timer
	silent, resting atomic.Bool

	// waited tells that it has ended; waitErr is how. From then on, its number can
	// be that of another process.
	waited  atomic.Bool
	waitErr error
}

// startProcess starts a program. What it says on its standard error goes to the
// log. The caller ends it with end.
func startProcess(path string, environment []Field, client *connection) (*process, error) {
	p := &process{client: client, cmd: exec.Command(path)}
	for _, name := range passedOn {
		if value, ok := os.LookupEnv(name); ok {
			p.cmd.Env = append(p.cmd.Env, name+"="+value)
		}
	}
	for _, variable := range environment {
		p.cmd.Env = append(p.cmd.Env, variable.Name+"="+variable.Value)
	}
	p.cmd.Dir = filepath.Dir(path)
	p.cmd.Stderr = &scriptLog{name: filepath.Base(path)}
	p.cmd.WaitDelay = time.Second // Who else has its standard error is not waited for.
	ownGroup(p.cmd)
	theirIn, ourIn, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	ourOut, theirOut, err := os.Pipe()
	if err == nil {
		p.cmd.Stdin, p.cmd.Stdout = theirIn, theirOut
		err = p.cmd.Start()
		theirOut.Close()
	}
	theirIn.Close()
	if p.stdin, p.stdout = ourIn, ourOut; err != nil {
		ourIn.Close()
		ourOut.Close()
		return nil, err
	}
	p.silence = time.AfterFunc(replyLimit, p.tooSilent)
	client.script.Store(p)
	return p, nil
}

// tooSilent ends a script that has said nothing for too long.
func (p *process) tooSilent() {
	if !p.resting.Load() {
		p.silent.Store(true)
		p.kill()
	}
}

// Read reads what the script says. Before it waits, the client gets what there
// is for it. The end is a good one only where nobody has killed the script.
func (p *process) Read(b []byte) (int, error) {
	if err := p.client.pass(); err != nil {
		return 0, err
	}
	if p.resting.Load() { // Else it is the head, for all of which there is one limit.
		p.silence.Reset(replyLimit)
		p.resting.Store(false)
		defer p.resting.Store(true)
	}
	n, err := p.stdout.Read(b)
	switch {
	case err == nil:
		return n, nil
	case p.silent.Load():
		return n, os.ErrDeadlineExceeded
	case err == io.EOF && wasKilled(p.wait()):
		return n, io.ErrUnexpectedEOF
	}
	return n, err
}

// wait waits until the script has ended. One that says nothing more has
// lingerTime for that.
func (p *process) wait() error {
	if !p.waited.Load() {
		p.silence.Reset(lingerTime)
		p.resting.Store(false)
		p.waitErr = p.cmd.Wait()
		p.waited.Store(true)
		p.client.script.Store(nil)
		p.silence.Stop()
		p.cmd.Stderr.(*scriptLog).flush()
		if p.waitErr != nil {
			log.Printf("%s: %v", filepath.Base(p.cmd.Path), p.waitErr)
		}
	}
	return p.waitErr
}

// wasKilled reports whether a script ended because somebody killed it, and not by
// itself. What else its exit status says is its own matter.
func wasKilled(err error) bool {
	exit := (*exec.ExitError)(nil)
	return errors.As(err, &exit) && !exit.Exited()
}

// kill ends a script, and what it has started.
func (p *process) kill() {
	if !p.waited.Load() {
		killGroup(p.cmd.Process.Pid)
	}
}

// endScripts ends the scripts that still run. They would not see this program
// end.
func (cs *clients) endScripts() {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for c := range cs.all {
		if p := c.script.Load(); p != nil {
			p.kill()
		}
	}
}

// end ends the script, unless it has said all there was to say, and frees what
// it had. Before it waits for the end, the client gets what there is for it.
func (p *process) end(complete bool) {
	if !complete {
		p.kill()
	}
	p.stdin.Close()
	p.stdout.Close()
	p.client.pass()
	p.wait()
}
