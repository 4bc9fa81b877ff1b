//go:build unix

package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// startScript starts a script.
func startScript(t *testing.T, script string, environment ...Field) *process {
	path := filepath.Join(t.TempDir(), "script")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o777))
	p, err := startProcess(path, environment, new(server).newConnection(&fakeConn{}))
	require.NoError(t, err)
	return p
}

// listenLonger lets what a script says on its standard error come late. It is read
// by a goroutine, which may have to wait for its turn.
func (p *process) listenLonger() { p.cmd.WaitDelay = time.Minute }

// TestProcess ensures what a script gets, and where it runs.
func TestProcess(t *testing.T) {
	t.Setenv("SECRET", "secret")
	p := startScript(t, "echo \"$A|$SECRET|${PATH:+path}\"\nls\ncat", Field{"A", "b\nc"})
	p.listenLonger()
	io.WriteString(p.stdin, "content")
	p.stdin.Close()
	got, err := io.ReadAll(p)
	assert.NoError(t, err)
	assert.Equal(t, "b\nc||path\nscript\ncontent", string(got))
	p.end(true)
	assert.NoError(t, p.waitErr)
}

// TestProcessEnds ensures how the end of a script is taken: a script may exit as
// it likes, but what somebody has killed has not said all.
func TestProcessEnds(t *testing.T) {
	for script, want := range map[string]error{"echo a": nil, "echo a; exit 7": nil, "echo a; kill -9 $$": io.ErrUnexpectedEOF, "echo a; kill -15 $$": io.ErrUnexpectedEOF} {
		logged(t, func() {
			p := startScript(t, script)
			got, err := io.ReadAll(p)
			assert.Equal(t, want, err, script)
			assert.Equal(t, "a\n", string(got))
			p.end(err == nil)
			p.kill() // The number may be that of somebody else by now.
		})
	}
}

// TestProcessEndsSoon ensures that a script which is not needed any more is not
// waited for, and neither is a child that goes on with its standard error.
func TestProcessEndsSoon(t *testing.T) {
	for script, complete := range map[string]bool{"exec sleep 1000": false, "exec >&-\nsleep 1000 <&- &": true} {
		logged(t, func() {
			p := startScript(t, script)
			begin := time.Now()
			if complete {
				io.Copy(io.Discard, p)
			}
			p.end(complete)
			assert.Less(t, time.Since(begin), lingerTime/2, script)
			killGroup(p.cmd.Process.Pid)
		})
	}
}

// TestProcessEndsLater ensures that a client gets what a script has said before
// the server waits for the script to exit.
func TestProcessEndsLater(t *testing.T) {
	logged(t, func() {
		p := startScript(t, "exec sleep 1000")
		begin := time.Now()
		p.client.conn.(*fakeConn).written = p.kill
		p.client.out.WriteString("a")
		p.end(true)
		assert.Less(t, time.Since(begin), lingerTime/2, "it was killed when the client had got it")
	})
}

// TestEndScripts ensures that a server which ends leaves no script behind, and
// looks for none where none runs any more.
func TestEndScripts(t *testing.T) {
	logged(t, func() {
		p := startScript(t, "exec sleep 1000")
		s := new(server)
		defer s.clients.enter(p.client)()
		defer s.clients.enter(s.newConnection(&fakeConn{}))()
		assert.Same(t, p, p.client.script.Load())
		begin := time.Now()
		s.clients.endScripts()
		p.end(true)
		assert.Less(t, time.Since(begin), lingerTime/2)
		assert.Nil(t, p.client.script.Load())
		s.clients.endScripts()
	})
}

// TestProcessSilent ensures that a script which says nothing is ended, with its
// children, and that this is a matter of time.
func TestProcessSilent(t *testing.T) {
	logged(t, func() {
		p := startScript(t, "sleep 1000 &\necho a\nwait")
		assert.True(t, p.silence.Stop(), "it is waited for from its start")
		got := make([]byte, 10)
		n, err := p.Read(got)
		assert.NoError(t, err)
		assert.Equal(t, "a\n", string(got[:n]))
		p.resting.Store(true)
		p.tooSilent()
		assert.False(t, p.silent.Load(), "while the client gets that, nobody counts")
		p.resting.Store(false)
		read := make(chan error)
		go func() {
			_, err := p.stdout.Read(got)
			read <- err
		}()
		p.tooSilent() // As the timer does it.
		assert.Equal(t, io.EOF, <-read, "nobody has it open any more")
		_, err = p.Read(got)
		assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
		p.end(false)
	})
}

// TestProcessSlowClient ensures that a script is not blamed for a client that
// takes its time, also while content is on its way to the script; and that it has
// one limit for all of its head.
func TestProcessSlowClient(t *testing.T) {
	ours, theirs, err := os.Pipe()
	require.NoError(t, err)
	defer ours.Close()
	io.WriteString(theirs, "abcd")
	synctest.Test(t, func(t *testing.T) {
		conn := &fakeConn{}
		p := &process{client: new(server).newConnection(conn), stdout: ours}
		p.waited.Store(true) // There is nobody to kill.
		p.silence = time.AfterFunc(replyLimit, p.tooSilent)
		p.resting.Store(true)
		conn.written = func() {
			time.Sleep(replyLimit / 2)
			p.silence.Reset(replyLimit) // As who sends content does it.
			time.Sleep(2 * replyLimit)
		}
		got := make([]byte, 1)
		for range 2 {
			n, err := p.Read(got)
			assert.NoError(t, err)
			assert.Equal(t, 1, n)
			p.client.out.Write(got)
			p.client.out.Flush()
		}
		assert.False(t, p.silent.Load())

		p.resting.Store(false)
		p.silence.Reset(replyLimit)
		for range 2 {
			time.Sleep(replyLimit/2 + 1)
			p.Read(got)
		}
		assert.True(t, p.silent.Load(), "the head was not complete")
	})
	theirs.Close()
}

// TestProcessGone ensures that a client which is gone ends the reading.
func TestProcessGone(t *testing.T) {
	p := &process{client: new(server).newConnection(brokenConn{&fakeConn{}})}
	p.client.out.WriteString("a")
	_, err := p.Read(nil)
	assert.ErrorIs(t, err, errGone)
}

// TestProcessLog ensures that what a script says on its standard error is in the
// log when it has ended, to the last word.
func TestProcessLog(t *testing.T) {
	printed := logged(t, func() {
		p := startScript(t, "echo first >&2\nprintf last >&2")
		p.listenLonger()
		io.ReadAll(p)
		p.end(true)
	})
	assert.True(t, strings.Contains(printed, "script: first\n") && strings.Contains(printed, "script: last\n"), printed)
}

// TestProcessFails ensures that what cannot be started leaves nothing open.
func TestProcessFails(t *testing.T) {
	files := openFiles()
	for range 20 {
		_, err := startProcess(filepath.Join(t.TempDir(), "none"), nil, nil)
		assert.ErrorIs(t, err, os.ErrNotExist)
	}
	assert.LessOrEqual(t, openFiles(), files+2)
}
