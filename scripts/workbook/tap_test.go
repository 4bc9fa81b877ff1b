package main

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTapUsage ensures what is said to a command line that makes no sense, and
// that the exit status tells it from what the machine refuses.
func TestTapUsage(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer busy.Close()
	_, port, err := net.SplitHostPort(busy.Addr().String())
	require.NoError(t, err)
	for _, test := range []struct {
		args   string
		status int
		says   string
	}{
		{"8081", 2, "needs two things.*\n\nusage: "},
		{"8081 8080 7070", 2, "needs two things.*\n\nusage: "},
		{"-no-such-option 8081 8080", 2, "needs two things.*\n\nusage: "},
		{"0 elsewhere", 2, `"elsewhere" is not the address of a server; write it as localhost:8080, .*\n\nusage: `},
		{port + " 8080", 1, `^listen .*; is the port taken\? Stop the program that has it, or choose another \(0 picks a free one\)\n$`},
	} {
		cmd := exec.Command("workbook", append([]string{"tap"}, strings.Fields(test.args)...)...)
		output, err := cmd.CombinedOutput()
		assert.Error(t, err, test.args)
		assert.Equal(t, test.status, cmd.ProcessState.ExitCode(), test.args)
		assert.Regexp(t, test.says, string(output), test.args)
	}
}

// tapLine is the first line that a tap prints.
var tapLine = regexp.MustCompile(`^tapping localhost:1 on http://(localhost:\d+)/, shown on http://(localhost:\d+)/\n$`)

// TestTapInterrupt ensures that Ctrl-C ends a tap, as it ends a stage.
func TestTapInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there, one program cannot interrupt another")
	}
	cmd := exec.Command("workbook", "tap", "0", "http://localhost:1/")
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	kill := time.AfterFunc(30*time.Second, func() { cmd.Process.Kill() })
	defer kill.Stop()
	line, err := bufio.NewReader(stderr).ReadString('\n')
	require.NoError(t, err)
	found := tapLine.FindStringSubmatch(line)
	require.NotNil(t, found, line)
	for _, address := range found[1:] {
		conn, err := net.Dial("tcp", address)
		if err == nil { // The tap may have dropped it already: nobody listens behind it.
			conn.Close()
		}
	}
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	assert.NoError(t, cmd.Wait(), "the exit status is 0")
}
