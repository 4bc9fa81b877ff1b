package scripts

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/exercise"
)

// TestFreePort ensures that a port which nobody uses is given to nobody else, not
// even to another program that asks in the same way, until it is released.
func TestFreePort(t *testing.T) {
	port, err := freePort()
	require.NoError(t, err)
	address := net.JoinHostPort("127.0.0.1", port)
	_, err = net.ListenPacket("udp", address)
	assert.Error(t, err, "the claim")
	listener, err := net.Listen("tcp", address)
	require.NoError(t, err)
	assert.NoError(t, listener.Close())
	releasePort(port)
	claim, err := net.ListenPacket("udp", address)
	require.NoError(t, err)
	assert.NoError(t, claim.Close())
}

// TestBuildBefore ensures that the programs of a script are built before it is
// played, whatever condition its line has.
func TestBuildBefore(t *testing.T) {
	source := "package main\n\nfunc main() {} // " + t.TempDir() + "\n"
	buildBefore(writeScript(t, "[unix] program bin/empty empty.go\n-- empty.go --\n"+source))
	program, err := built.Program(source, func() (string, error) { return "", os.ErrNotExist })
	require.NoError(t, err)
	assert.FileExists(t, program)
}

// TestSplitWords ensures that a command line is split at its spaces, and that
// quotes hold a word together.
func TestSplitWords(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"server", []string{"server"}},
		{"  python3   my_server.py ", []string{"python3", "my_server.py"}},
		{`'C:\My Programs\server.exe' -v`, []string{`C:\My Programs\server.exe`, "-v"}},
		{`node "my server.js" 'a "b" c'`, []string{"node", "my server.js", `a "b" c`}},
		{`server ''`, []string{"server", ""}},
		{`echo $HOME \n`, []string{"echo", "$HOME", `\n`}},
	}
	for _, test := range tests {
		got, err := splitWords(test.text)
		require.NoError(t, err, test.text)
		assert.Equal(t, test.want, got)
	}
	for _, text := range []string{"", "  "} {
		_, err := splitWords(text)
		assert.EqualError(t, err, "-server needs a command, such as 'python3 my_server.py'")
	}
	for _, text := range []string{`'server`, `node "server.js`} {
		_, err := splitWords(text)
		assert.ErrorContains(t, err, "the quote is not closed", text)
	}
}

// TestAbsolute ensures that files of the folder and of the one above are named
// in full, that every other word is left alone, and that of two files none is
// preferred.
func TestAbsolute(t *testing.T) {
	top := t.TempDir()
	stage := filepath.Join(top, "stage")
	require.NoError(t, os.MkdirAll(filepath.Join(stage, "folder"), 0o777))
	for _, name := range []string{filepath.Join(stage, "here"), filepath.Join(top, "above"), filepath.Join(stage, "both"), filepath.Join(top, "both")} {
		require.NoError(t, os.WriteFile(name, nil, 0o666))
	}
	t.Chdir(stage)
	here, err := os.Getwd()
	require.NoError(t, err)
	tests := []struct{ word, want string }{
		{"here", filepath.Join(here, "here")},
		{"above", filepath.Join(filepath.Dir(here), "above")},
		{"nowhere", "nowhere"},
		{"folder", "folder"},
		{"8080", "8080"},
		{"", ""},
		{filepath.Join(here, "both"), filepath.Join(here, "both")},
	}
	for _, test := range tests {
		got, err := absolute(test.word)
		require.NoError(t, err)
		assert.Equal(t, test.want, got)
	}
	_, err = absolute("both")
	assert.ErrorContains(t, err, "there are two files of this name")
	assert.ErrorContains(t, err, "write the full name")
	_, err = foreignCommand(programName + " both")
	assert.ErrorContains(t, err, "there are two files of this name")
}

// TestForeignCommand ensures that a program that is not there is named at once,
// and one that is there is found.
func TestForeignCommand(t *testing.T) {
	words, err := foreignCommand(programName + " 'a b'")
	require.NoError(t, err)
	assert.Equal(t, []string{programName, "a b"}, words)
	_, err = foreignCommand("no-such-program-anywhere 1")
	assert.ErrorContains(t, err, `-server "no-such-program-anywhere 1": `)
	_, err = foreignCommand("'")
	assert.ErrorContains(t, err, "the quote is not closed")
}

// TestLogWait ensures that waiting for a line of a log ends when the line is
// there, when the program has ended, and when the time is over.
func TestLogWait(t *testing.T) {
	has := func(text string) func(string) bool {
		return func(log string) bool { return strings.Contains(log, text) }
	}
	log, running := newLogBuffer(), make(chan struct{})
	go func() {
		for _, part := range []string{"on", "e\ntw", "o\n"} {
			log.Write([]byte(part))
		}
	}()
	assert.True(t, log.wait(has("two\n"), running, time.Minute))
	assert.Equal(t, "one\ntwo\n", log.String())
	assert.True(t, log.wait(has("one"), running, 0), "what is there already is not waited for")
	assert.False(t, log.wait(has("three"), running, time.Millisecond))
	ended := make(chan struct{})
	close(ended)
	assert.False(t, log.wait(has("three"), ended, time.Minute))
	asked := 0
	late := func(string) bool { asked++; return asked == 2 } // As if the line had come with the end.
	assert.True(t, log.wait(late, ended, time.Minute))
}

// TestLogLimit ensures that a server that prints without an end does not fill
// the memory, and is not stopped from printing either.
func TestLogLimit(t *testing.T) {
	log := newLogBuffer()
	for range 5 {
		n, err := log.Write(make([]byte, logLimit/2))
		require.NoError(t, err)
		require.Equal(t, logLimit/2, n)
	}
	assert.Len(t, log.String(), logLimit)
}

// startPretender starts the pretender with arguments, and stops it in the end.
func startPretender(t *testing.T, args ...string) *process {
	t.Helper()
	p, err := start(t.TempDir(), os.Environ(), args...)
	require.NoError(t, err)
	t.Cleanup(p.stop)
	return p
}

// TestStartFails ensures that a server which ends before it listens is reported
// with what it printed, and that nobody waits for it.
func TestStartFails(t *testing.T) {
	tests := []struct{ args, says string }{
		{"dies", "the server ended before it was listening: exit status 1\nIt printed:\n  cannot listen: the port is taken"},
		{"status 0", "the server ended before it was listening: exit status 0\nIt printed nothing."},
	}
	for _, test := range tests {
		args := append([]string{programName}, strings.Fields(test.args)...)
		assert.EqualError(t, startPretender(t, args...).waitForLine(startLimit), test.says)
		_, port, err := net.SplitHostPort(freeAddress(t))
		require.NoError(t, err)
		assert.EqualError(t, startPretender(t, args...).waitForPort(port, startLimit), test.says)
	}
	_, err := start(t.TempDir(), os.Environ(), "no-such-program-anywhere")
	assert.Error(t, err)
}

// TestLeash ensures that a server can be reached once it has said so, and that
// it ends, kindly, when its leash is let go.
func TestLeash(t *testing.T) {
	p := startPretender(t, programName, "0")
	require.NoError(t, p.waitForLine(startLimit))
	require.NoError(t, p.waitForPort(p.address[strings.LastIndex(p.address, ":")+1:], startLimit))
	p.leash.Close()
	<-p.exited
	assert.NoError(t, p.err)
	_, err := net.Dial("tcp", p.address)
	assert.Error(t, err)
}

// TestKeeper ensures that the keeper ends with the program that it watches, and
// says how; and that it ends all that the program has started.
func TestKeeper(t *testing.T) {
	p := startPretender(t, keeperName, programName, "status", "3")
	<-p.exited
	assert.Contains(t, p.log.String(), "exit status 3")
	p = startPretender(t, keeperName, "no-such-program-anywhere")
	<-p.exited
	assert.Contains(t, p.log.String(), "no-such-program-anywhere")
	if runtime.GOOS == "windows" {
		t.Skip("the rest is written for a Unix shell")
	}
	// The program itself must not be on the leash: its keeper is.
	p = startPretender(t, keeperName, "sh", "-c", "unset "+exercise.LeashVariable+"; "+programName+" 0 & wait")
	require.NoError(t, p.waitForLine(startLimit))
	p.stop()
	assert.NoError(t, p.err)
	assert.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", p.address)
		if err == nil {
			conn.Close()
		}
		return err != nil
	}, 5*time.Second, 5*time.Millisecond, "the server that the program has started is still there")
}
