package scripts

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// interrupt interrupts the server, as Ctrl-C does, and waits until it takes no
// more connections: then whatever it is sent comes after the interrupt.
func (p *process) interrupt(patience time.Duration) error {
	err := p.cmd.Process.Signal(os.Interrupt)
	if errors.Is(err, os.ErrProcessDone) {
		<-p.exited
		return fmt.Errorf("the server had ended before it was interrupted: %s", p.how())
	}
	if err != nil {
		return errors.New("this system cannot interrupt a server; begin the script with: [!unix] skip 'only there can one program interrupt another'")
	}
	late := time.After(patience)
	for {
		conn, err := net.DialTimeout("tcp", p.address, patience)
		switch {
		case err == nil:
			conn.Close()
		case !isLate(err):
			return nil
		}
		select {
		case <-late:
			return fmt.Errorf("%v after the interrupt, the server still takes new connections", patience)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// interruptLast interrupts the server that was started last.
func (p *play) interruptLast(patience time.Duration) error {
	if p.last == nil {
		return errors.New("no server is running: the line serve must come before")
	}
	p.interrupted = true
	return p.last.interrupt(patience)
}

// interrupt is the command of a script.
func (p *play) interrupt(ts *testscript.TestScript, _ []string) {
	if err := p.interruptLast(p.patience.now()); err != nil {
		ts.Fatalf("%v", err)
	}
}

// interrupts is the line of a transcript.
func (p *player) interrupts(l *line) *failure {
	err := errors.New("no server of this script is known here")
	p.interrupted = true
	if p.interrupt != nil {
		err = p.interrupt(p.patience())
	}
	if err == nil {
		return nil
	}
	return p.differs([]line{*l}, &difference{line: l, says: fmt.Sprintf("The server was to be interrupted, but %v.", err)})
}

// ends waits until the last server has ended by itself.
func (p *play) ends(ts *testscript.TestScript, args []string) {
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("%s is not an exit status, which is a number such as 0", args[0])
	}
	patience := p.patience.now()
	if len(args) > 1 {
		if patience, err = time.ParseDuration(args[1]); err != nil || patience <= 0 || patience > longest["patience"] {
			ts.Fatalf("%s is not a time between 1ms and %v", args[1], longest["patience"])
		}
	}
	server := p.running(ts)
	select {
	case <-server.exited:
	case <-time.After(patience):
		p.patience.lose()
		ts.Fatalf("the server was to end by itself; after %v it is still running", patience)
	}
	if server.cmd.ProcessState.ExitCode() != want {
		ts.Fatalf("the server ended with: %s; the script wants exit status %d", server.how(), want)
	}
}
