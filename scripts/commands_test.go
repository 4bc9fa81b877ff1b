package scripts

import (
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/exercise"
)

// files is what the scripts of these tests serve.
const files = `
-- site/hello.txt --
hello
-- site/other.txt --
hallo
-- broken/index.html --
<a href="/nowhere">nowhere</a>
-- links --
/hello.txt hello.txt
/other.txt other.txt
-- other-links --
/hello.txt hello.txt
-- more-links --
/hello.txt hello.txt
/other.txt other.txt
/third.txt third.txt
-- wrong-links --
/hello.txt <b>hello</b>
/other.txt other.txt
-- wire --
> GET /hello.txt HTTP/1.0\r\n
> \r\n
< HTTP/1.0 200 OK\r\n
< ...
< \r\n
< hello\n
* closed
-- other-wire --
> GET /hello.txt HTTP/1.0\r\n
> \r\n
< HTTP/1.0 200 OK\r\n
< ...
< \r\n
< hallo\n
* closed
-- dated --
> HEAD /hello.txt HTTP/1.0\r\n
> \r\n
< HTTP/1.0 200 OK\r\n
< Last-Modified: Fri, 02 Jan 2026 15:04:05 GMT\r\n
< ...
< \r\n
-- nothing --
-- slow --
* patience 20s
> GET /slow HTTP/1.0\r\n
> \r\n
< HTTP/1.0 200 OK\r\n
< ...
* closed
-- once --
> GET /count HTTP/1.0\r\n
> \r\n
< HTTP/1.0 200 OK\r\n
< ...
< \r\n
< 2\n
* closed
-- race --
> GET /race HTTP/1.0\r\n
> \r\n
< HTTP/1.0 404 Not Found\r\n
< ...
-- polite --
> GET /polite HTTP/1.0\r\n
> \r\n
< HTTP/1.0 200 OK\r\n
< ...
* closed
-- stubborn --
> GET /stubborn HTTP/1.0\r\n
> \r\n
< HTTP/1.0 200 OK\r\n
< ...
* closed
-- in-flight --
> PUT /upload HTTP/1.1\r\n
> Host: localhost\r\n
> Expect: 100-continue\r\n
> Content-Length: 1\r\n
> \r\n
< HTTP/1.1 100 Continue\r\n
< \r\n
* interrupt
> a\
< HTTP/1.1 200 OK\r\n
< ...
* closed
-- cut-off --
> PUT /upload HTTP/1.1\r\n
> Host: localhost\r\n
> Expect: 100-continue\r\n
> Content-Length: 1\r\n
> \r\n
< HTTP/1.1 100 Continue\r\n
< \r\n
* interrupt
* pause 1s
-- not-idle --
> PUT /upload HTTP/1.1\r\n
> Host: localhost\r\n
> Expect: 100-continue\r\n
> Content-Length: 1\r\n
> \r\n
< HTTP/1.1 100 Continue\r\n
< \r\n
* interrupt
* patience 100ms
* closed
-- forwarded --
> GET /hello.txt HTTP/1.1\r\n
> Host: localhost\r\n
> \r\n
app< GET /hello.txt HTTP/1.1\r\n
app< ...
-- hello.go --
package main

import "fmt"

func main() { fmt.Println("hello") }
-- malformed --
> GET / HTTP/1.0
-- die --
> GET /die HTTP/1.0\r\n
> \r\n
< HTTP/1.0 200 OK\r\n
< ...
`

// freeAddress returns an address at which nobody listens, nor can for the length of
// a test: it is that of the other end of a connection.
func freeAddress(t *testing.T) string {
	return connect(t, silent).LocalAddr().String()
}

// passing are scripts in which everything is as it should be. FREE stands for
// an address that nobody uses.
var passing = []string{
	"serve site\nwire wire",
	"serve site\nwire wire $ADDR",
	"serve site\nenv FIRST=$ADDR\nserve\nwire wire $FIRST",
	"serve -at 0 site\nwire wire localhost:$PORT",
	"serve\nlinks / nothing",
	"serve site\nget /hello.txt site/hello.txt",
	"serve site\nwire -times 3 wire\nlog '(GET /hello.txt\\s+){3}'",
	"serve site\nwire -times 2 wire $ADDR",
	"serve site\nchanges /clock",
	"serve site\nwire wire\n[unix] goroutines 20",
	"serve site\nlinks / links",
	"serve site\nwire wire\nlog '^GET /hello.txt$'",
	"serve site\nsilent",
	"serve site\nidle 20\nwire wire",
	"serve site\nidle 500\nidle 500\nwire wire",
	"serve site\nmemory 1GiB",
	"closed FREE",
	"exits 0 status 0",
	"exits 3 status 3",
	"exits 1 dies\nstderr 'the port is taken'",
	"[unix] cp site/hello.txt name${CR}${LF}.txt\n[unix] exists name${CR}${LF}.txt",
	"fill site/big 200001\nserve site\nget /big site/big",
	"fill site/big 128KiB\nserve site\nget /big site/big",
	"fill site/none 0\nserve site\nget /none site/none",
	"fill a 1KiB\nfill b 1024\ncmp a b",
	"touch site/hello.txt 2026-01-02T15:04:05Z\nserve site\nwire dated",
	"gzip site/hello.txt\n[exec:gzip] exec gzip -dc site/hello.txt.gz\n[exec:gzip] cmp stdout site/hello.txt",
	"touch site/hello.txt 2026-01-02T15:04:05Z\ngzip site/hello.txt\nrm site/hello.txt\nmv site/hello.txt.gz site/hello.txt\nserve site\nwire dated",
	"[unix] pipe pipe\n[unix] exec test -p pipe",
	"upstream app\nserve site\nwire wire",
	"upstream app\nenv OLD=$app\nrefused app\nclosed $OLD\nclosed $app\nupstream app\nenv ADDR=$app\nidle 2",
	"refused app\nclosed $app\nupstream app\nenv ADDR=$app\nidle 2",
	"upstream app\nupstream other\nrefused app\nenv ADDR=$other\nidle 2",
	"[!unix] skip\nupstream app unix\nexists $app\nrefused app\n! exists $app\nupstream app\nexists $app",
	"upstream app\nwrite file $app\ngrep '^127.0.0.1:[0-9]+$' file",
	"program bin/hello hello.go\nexec bin/hello\nstdout '^hello$'\nprogram again hello.go\nexec ./again",
	"[!unix] skip\nserve site\nwire polite\ninterrupt\nends 0\nclosed $ADDR",
	"[!unix] skip\nserve site\nwire polite\nwire in-flight\nends 0 20s",
	"[stage>=3] exits 9 status 1\n[foreign] exits 9 status 1",
}

// TestCommandsPass ensures that each command passes where it should.
func TestCommandsPass(t *testing.T) {
	free := freeAddress(t)
	for _, text := range passing {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			w := witnessed(t, play{stage: 2}, strings.ReplaceAll(text, "FREE", free)+files)
			assert.False(t, w.Failed, w.Log)
		})
	}
}

// failing are scripts that fail, and what is said of them.
var failing = []struct{ text, says string }{
	{"serve -at dies site", "the server ended before it was listening: exit status 1\nIt printed:\n  cannot listen: the port is taken"},
	{"serve site\nwire other-wire", "other-wire, line 6: The content differs from here on."},
	{"serve site\nwire -times 3 other-wire", "other-wire, conversation 1 of 3, line 6: The content differs from here on."},
	{"serve site\nwire other-wire", "    < hello\\n\n       ^"},
	{"serve site\nwire other-wire", "The server printed:\n  serving site on http://127.0.0.1:"},
	{"serve site\nwire malformed", "malformed, line 1: > GET / HTTP/1.0\n\tthis line does not say how it ends"},
	{"serve site\nwire missing", "missing"},
	{"serve site\nwire die", "die, line 3: No reply came."},
	{"serve site\nwire", "usage: wire [-times COUNT] TRANSCRIPT [ADDRESS]: "},
	{"serve site\nwire -times 0 wire", "0 is not a number of times from 1 to 1000"},
	{"serve site\nwire -times wire", "no such file"},
	{"serve site\nwire wire $ADDR $ADDR", "too many arguments: wire 127.0.0.1:"},
	{"serve site\nwire wire\ngoroutines many", "many is not a number of goroutines"},
	{"goroutines 1", "no server is running"},
	{"serve site\nwire race", "two goroutines used the same memory at the same time, as the server printed: WARNING: DATA RACE"},
	{"serve site\n! wire wire", "! cannot stand before wire"},
	{"wire wire", "no server is running: the line serve must come before"},
	{"wire wire FREE", "cannot connect to the server: "},
	{"log hello", "no server is running: the line serve must come before"},
	{"serve site\nwire wire\nsilent", "one line was wanted from the server; it printed\n  serving site"},
	{"serve site\nlog '('", "missing closing )"},
	{"serve site\nclosed $ADDR", "something accepts connections at 127.0.0.1:"},
	{"idle 0", "0 is not a number of connections from 1 to 5000"},
	{"env ADDR=FREE\nidle 2", "cannot open 2 connections: "},
	{"closed 8080", "8080 is not an address such as 127.0.0.1:8080"},
	{"closed 127.0.0.1:$NO", "127.0.0.1: is not an address such as 127.0.0.1:8080"},
	{"upstream app fast", "an upstream listens at a port or, with the word unix, at a Unix socket; fast is neither"},
	{"upstream App", "App is no name for an upstream: write small letters and digits, such as app"},
	{"refused 1", "1 is no name for an upstream"},
	{"upstream devnull", "$devnull is something else already; give the upstream another name"},
	{"upstream app\nupstream app", "there is an upstream app already"},
	{"upstream app\nclosed $app", "something accepts connections at 127.0.0.1:"},
	{"serve site\nwire forwarded", "forwarded, line 4: app< GET /hello.txt HTTP/1.1\\r\\n\n\tthere is no upstream app: before the line serve, write: upstream app"},
	{"upstream app\nserve site\nwire forwarded", "forwarded, line 4: The server opened no connection to app."},
	{"refused app\nserve site\nwire forwarded", "forwarded, line 4: No connection can come to app: the script lets it refuse them."},
	{"program bin/broken nothing", "nothing: exit status 1\n"},
	{"program bin/broken", "usage: program FILE SOURCE: "},
	{"serve -at", "-at needs a port, such as :0"},
	{"get /hello.txt site/hello.txt", "no server is running: the line serve must come before"},
	{"serve site\nget /hello.txt site/other.txt", `the content of /hello.txt is that of site/other.txt up to byte 1; then one has "e", the other "a"`},
	{"fill a 100000\nfill site/b 100001\nserve site\nget /b a", `up to byte 100000; then one has "\x00", the other no more`},
	{"fill a 100001\nfill site/b 100000\nserve site\nget /b a", `up to byte 100000; then one has no more, the other "\x00"`},
	{"serve site\nget /missing site/hello.txt", `GET /missing was answered with "HTTP/1.1 404 Not Found\r\n"; a status of 200 was wanted`},
	{"serve site\nlinks / other-links", "link 2 of / is not the one that the script wants (its target, and the text that a reader sees)\nwanted:\n  no more links\ngot:\n  /other.txt other.txt\nas the page writes it:\n  <a href=\"other.txt\">"},
	{"serve site\nlinks / more-links", "link 3 of / is not the one that the script wants (its target, and the text that a reader sees)\nwanted:\n  /third.txt third.txt\ngot:\n  no more links\n"},
	{"serve site\nlinks / wrong-links", "wanted:\n  /hello.txt <b>hello</b>\ngot:\n  /hello.txt hello.txt\nas the page writes it:\n  <a href=\"hello.txt\">hello.txt</a>\n"},
	{"serve broken\nlinks / links", `GET /nowhere was answered with "HTTP/1.1 404 Not Found\r\n"; a status of 200 was wanted; the page / has a link to it`},
	{"touch site/hello.txt yesterday", "yesterday is not a time such as 2026-01-02T15:04:05Z"},
	{"touch missing 2026-01-02T15:04:05Z", "missing"},
	{"gzip missing", "missing"},
	{"fill a 5MB", "5MB is not a size such as 1000, 64KiB, 5MiB or 1GiB"},
	{"serve site\nmemory lots", "lots is not a size such as"},
	{"exits zero status 0", "zero is not an exit status, which is a number such as 2"},
	{"exits 0 status 3", "the exit status is 3; the script wants 0"},
	{"exits 3 status 0", "the exit status is 0; the script wants 3"},
	{"interrupt", "no server is running: the line serve must come before"},
	{"ends 0", "no server is running: the line serve must come before"},
	{"ends well", "well is not an exit status, which is a number such as 0"},
	{"serve site\nends 0 soon", "soon is not a time between 1ms and 40s"},
	{"serve site\nends 0 41s", "41s is not a time between 1ms and 40s"},
	{"serve site\nends 0 0s", "0s is not a time between 1ms and 40s"},
	{"[stage=2] exits 0 status 0", "it is not known; write [stage>=3]"},
}

// TestCommandsFail ensures that each command fails where it should, and says
// what is wrong.
func TestCommandsFail(t *testing.T) {
	free := freeAddress(t)
	for _, test := range failing {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			w := witnessed(t, play{stage: 2}, strings.ReplaceAll(test.text, "FREE", free)+files)
			assert.True(t, w.Failed)
			assert.Contains(t, w.Log, test.says)
		})
	}
}

// TestMemory ensures that a server which uses too much is found out, where the
// system counts.
func TestMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux says how much memory a program has used")
	}
	w := witnessed(t, play{stage: 2}, "serve site\nmemory 1KiB"+files)
	assert.True(t, w.Failed)
	assert.Regexp(t, `the server has used \d+ MiB of memory; the script allows 1KiB`, w.Log)
}

// TestGoroutines ensures that goroutines which are left are counted, and that
// the reader is told where they are, where the system can ask for them. There are
// many: of those that run when it asks, it does not tell where.
func TestGoroutines(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no signal that asks for traces")
	}
	w := witnessed(t, play{stage: 2}, "serve site\nidle 20\nwire wire\ngoroutines 0"+files)
	assert.True(t, w.Failed)
	assert.Regexp(t, `the script allows 0 goroutines in the server, and more were left; \d+ of them here:\n  \S`, w.Log)
}

// TestImpatience ensures that what takes too long is missed: a content that never
// changes, and conversations that are slow, be each of them in time.
func TestImpatience(t *testing.T) {
	tests := map[string]string{
		"serve site\nchanges /hello.txt":   `the content of /hello.txt was the same for 500ms: "hello\n"`,
		"serve site\nwire -times 100 slow": "slow: 100 conversations, one after another, were not over after 500ms",
	}
	for text, says := range tests {
		impatient := &patience{long: soon, short: soon}
		w := witnessed(t, play{stage: 2, patience: impatient}, text+files)
		assert.True(t, w.Failed)
		assert.Contains(t, w.Log, says)
		assert.True(t, impatient.lost.Load())
	}
	w := witnessed(t, play{stage: 2, drip: true}, "serve site\nwire -times 1000 wire\nwire once"+files)
	assert.False(t, w.Failed, "byte by byte, once is enough: %s", w.Log)
}

// TestInterruptFails ensures that a server which does not end as it should, once
// it is interrupted, is found out.
func TestInterruptFails(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("on Windows, no program can interrupt another")
	}
	tests := []struct {
		text, says string
		lost       bool
	}{
		{"serve site\nends 0 50ms", "the server was to end by itself; after 50ms it is still running", true},
		{"serve site\nwire polite\ninterrupt\nends 1", "the server ended with: exit status 0; the script wants exit status 1", false},
		{"serve site\ninterrupt\nends 0", "the server ended with: signal: interrupt; the script wants exit status 0", false},
		{"serve site\ninterrupt\nends 0\ninterrupt", "the server ended with: signal: interrupt", false},
		{"serve site\nwire polite\ninterrupt\nends 0\ninterrupt", "the server had ended before it was interrupted: exit status 0", false},
		{"serve site\nwire in-flight", "The server is not running any more: signal: interrupt. After an interrupt, it must first finish what it has begun.", false},
		{"serve site\nwire cut-off", "cut-off, line 9: The server was interrupted, and ended the connection in the middle of a request.", false},
		{"serve site\nwire polite\nwire not-idle", "not-idle, line 10: The server was interrupted, but did not close the connection", true},
		{"serve site\nwire in-flight", "    * interrupt\n    > a\\\n  wanted:\n", false},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			patience := newPatience()
			w := witnessed(t, play{stage: 2, patience: patience}, test.text+files)
			assert.True(t, w.Failed)
			assert.Contains(t, w.Log, test.says)
			assert.Equal(t, test.lost, patience.lost.Load())
		})
	}
}

// TestInterruptKeeper ensures that an interrupt reaches another program that is
// played, through its keeper, and that its exit status comes back.
func TestInterruptKeeper(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("on Windows, no program can interrupt another")
	}
	program := []string{"sh", "-c", "trap : INT; unset " + exercise.LeashVariable + `; "$@"; exit 3`, "sh", programName}
	w := witnessed(t, play{stage: 2, foreign: program}, "serve site\nwire polite\nwire in-flight\nends 3"+files)
	assert.False(t, w.Failed, w.Log)
}

// TestStubborn ensures that a server which takes no notice of an interrupt is
// found out.
func TestStubborn(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("on Windows, no program can interrupt another")
	}
	tests := map[string]string{
		"interrupt":      "5s after the interrupt, the server still takes new connections",
		"wire in-flight": "in-flight, line 8: The server was to be interrupted, but 5s after the interrupt, the server still takes new connections.",
	}
	for text, says := range tests {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			w := witnessed(t, play{stage: 2}, "serve site\nwire stubborn\n"+text+files)
			assert.True(t, w.Failed)
			assert.Contains(t, w.Log, says)
		})
	}
}

// TestFold ensures that only what comes again and again is written once.
func TestFold(t *testing.T) {
	lines := strings.Split("a b b c c c c c d d d d d d c", " ")
	assert.Equal(t, []string{"a", "b", "b", "c (5 times)", "d (6 times)", "c"}, fold(lines))
	assert.Equal(t, []string{""}, fold([]string{""}))
}

// traces are those of a program: two goroutines are at one place, main is at
// another, and Go has one of its own.
const traces = `SIGQUIT: quit
PC=0x481e61 m=0 sigcode=0

goroutine 1 gp=0xc0000021c0 m=nil [IO wait]:
runtime.gopark(0x0?, 0x0?)
	/go/src/runtime/proc.go:462 +0xce fp=0xc1 sp=0xc2 pc=0x4
net.(*TCPListener).Accept(0xc000010000)
	/go/src/net/tcpsock.go:380 +0x30
main.serve({0x5, 0x6})
	/home/a b/main.go:62 +0x30
main.main()
	/home/a b/main.go:40 +0x30

goroutine 2 gp=0xc0000021c0 m=nil [force gc (idle)]:
runtime.forcegchelper()
	/go/src/runtime/proc.go:373 +0xb3
created by runtime.init.7 in goroutine 1
	/go/src/runtime/proc.go:361 +0x1a

goroutine 8 gp=0xc0000021c0 m=nil [sleep]:
time.Sleep(0x2540be400)
	/go/src/runtime/time.go:363 +0x165
main.(*server).handle.func1()
	/home/a b/main.go:78 +0x2f
created by main.(*server).handle in goroutine 7
	/home/a b/main.go:77 +0xa8

goroutine 9 gp=0xc0000021c0 m=nil [sleep]:
time.Sleep(0x2540be400)
	/go/src/runtime/time.go:363 +0x165
main.(*server).handle.func1()
	/home/a b/main.go:78 +0x2f
created by main.(*server).handle in goroutine 6
	/home/a b/main.go:77 +0xa8

rax    0xfffffffffffffffc
`

// TestCountTraces ensures that only the goroutines of the program count, and
// that most of them are found where they are.
func TestCountTraces(t *testing.T) {
	n, common, times := countTraces(traces)
	assert.Equal(t, 3, n)
	assert.Equal(t, 2, times)
	assert.Equal(t, "time.Sleep\nmain.(*server).handle.func1, main.go:78\ncreated by main.(*server).handle, main.go:77\n", common)
	n, common, times = countTraces("")
	assert.Zero(t, n)
	assert.Empty(t, common)
	assert.Zero(t, times)
}

// TestLogFails ensures that a line that never comes is missed, and that it costs
// the run its patience.
func TestLogFails(t *testing.T) {
	impatient := &patience{long: soon, short: soon}
	w := witnessed(t, play{stage: 2, patience: impatient}, "serve site\nlog hello"+files)
	assert.True(t, w.Failed)
	assert.Contains(t, w.Log, "the server printed no line that matches hello")
	assert.True(t, impatient.lost.Load())
}

// TestFate ensures that a failure tells when the server has ended, and how.
func TestFate(t *testing.T) {
	assert.Empty(t, (&play{}).fate())
	running := startPretender(t, programName, "0")
	require.NoError(t, running.waitForLine(startLimit))
	assert.Empty(t, (&play{last: running}).fate())
	ended := startPretender(t, programName, "status", "3")
	<-ended.exited
	assert.Contains(t, (&play{last: ended}).fate(), "The server is not running any more: exit status 3.")
}

// TestFateAfter ensures that the end of a server which has given its port up is
// told, however late the system tells of it, and that one which has its port is
// not waited for.
func TestFateAfter(t *testing.T) {
	port, err := freePort()
	require.NoError(t, err)
	defer releasePort(port)
	ending := &process{address: "127.0.0.1:" + port, exited: make(chan struct{})}
	time.AfterFunc(2*fatePause(), func() { close(ending.exited) })
	assert.Contains(t, (&play{last: ending}).fateAfter(io.EOF), "The server is not running any more")

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	serving := &process{address: listener.Addr().String(), exited: make(chan struct{})}
	defer time.AfterFunc(2*fatePause(), func() { close(serving.exited) }).Stop()
	assert.Empty(t, (&play{last: serving}).fateAfter(io.EOF))
}

// TestDripCommand ensures that a play that drips sends one byte at a time.
func TestDripCommand(t *testing.T) {
	w := witnessed(t, play{stage: 2, drip: true}, "serve site\nwire other-wire"+files)
	assert.True(t, w.Failed)
	assert.Contains(t, w.Log, "sent, one byte at a time:")
}

// TestForeign ensures that another program is played as a stage is, and that
// the commands about the stage's own program say that they cannot be.
func TestForeign(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the other program is a script for a Unix shell")
	}
	program := []string{"sh", "-c", "unset " + exercise.LeashVariable + `; "$@"; wait`, "sh", programName}
	tests := []struct{ text, says string }{
		{"serve site\nwire wire\n[!foreign] exits 0 status 1", ""},
		{"serve -at 1 site", "begin the script with: [foreign] skip"},
		{"exits 0 status 0", "begin the script with: [foreign] skip"},
	}
	for _, test := range tests {
		w := witnessed(t, play{stage: 2, foreign: program}, test.text+files)
		assert.Equal(t, test.says != "", w.Failed, w.Log)
		assert.Contains(t, w.Log, test.says)
	}
}

// TestModes ensures that [modes] tells the truth: where it holds, a server that a
// script starts cannot read a file of mode 000, even if root runs the tests.
func TestModes(t *testing.T) {
	if !modesHold() {
		t.Skip("the mode of a file keeps nobody from reading it here")
	}
	w := witnessed(t, play{stage: 2}, "serve site\nwire wire"+files)
	assert.False(t, w.Failed, w.Log)
	w = witnessed(t, play{stage: 2}, "chmod 000 site/hello.txt\nserve site\nwire wire"+files)
	assert.True(t, w.Failed, w.Log)
}

// TestPlayDrip ensures that a script which does not want to be played byte by
// byte has been played, and that one which does not want to be played has not.
func TestPlayDrip(t *testing.T) {
	tests := []struct {
		text            string
		failed, skipped bool
	}{
		{"[drip] skip 'nothing new'\nexists wire", false, false},
		{"[drip] skip 'nothing new'\nexists nothing-of-this-name", true, false},
		{"skip 'at all'\nexists wire", false, true},
		{"[drip] exists nothing-of-this-name\nexists wire", true, false},
	}
	for _, test := range tests {
		outcome := Play(writeScript(t, test.text+files), 2, "", 2)
		assert.Equal(t, test.failed, outcome.Failed, test.text)
		assert.Equal(t, test.skipped, outcome.Skipped, test.text)
	}
}
