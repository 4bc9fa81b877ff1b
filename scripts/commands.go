package scripts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/tools/txtar"

	"example.com/webserver/scripts/exercise"
)

// A command is one that a script can give, beside testscript's own.
type command struct {
	// usage is the command with its arguments, and what it does.
	usage string

	// least and most are how many arguments it takes.
	least, most int

	do func(p *play, ts *testscript.TestScript, args []string)
}

// commands are the workbook's own commands by name.
var commands = map[string]command{
	"serve":      {"serve [-at PORT] [-quiet] [ROOT] [ROUTE...]: start the stage's server for the files in ROOT, and set $ADDR, $PORT and $URL", 0, 20, (*play).serve},
	"upstream":   {"upstream NAME [unix]: start an upstream, for which the lines NAME> and NAME< of a transcript speak, and set $NAME to its address", 1, 2, (*play).upstream},
	"refused":    {"refused NAME: stop an upstream: connections to its address, $NAME, are refused", 1, 1, (*play).refused},
	"program":    {"program FILE SOURCE: build the program FILE from the Go file SOURCE", 2, 2, (*play).build},
	"write":      {"write FILE TEXT: make a file of one line, such as the address of an upstream", 2, 2, (*play).write},
	"wire":       {"wire [-times COUNT] TRANSCRIPT [ADDRESS]: hold the conversation in the file TRANSCRIPT with the server", 1, 4, (*play).wire},
	"exits":      {"exits STATUS [ARGS...]: the stage's program ends by itself, with this exit status", 1, 20, (*play).exits},
	"log":        {"log REGEXP: the server prints a line that matches", 1, 1, (*play).logs},
	"silent":     {"silent: end the server; it has printed its first line, and no other", 0, 0, (*play).silent},
	"idle":       {"idle COUNT: open connections that say nothing, until the script ends", 1, 1, (*play).idle},
	"limit":      {"limit COUNT: from now on the server may have so many files and connections open (on Linux)", 1, 1, (*play).limit},
	"closed":     {"closed ADDRESS: nothing accepts connections there", 1, 1, (*play).closedPort},
	"links":      {"links TARGET FILE: the page has the links in FILE, in this order, one a line as «target text»", 2, 2, (*play).links},
	"changes":    {"changes TARGET: asked again and again, the server sends another content before long", 1, 1, (*play).changes},
	"goroutines": {"goroutines COUNT: end the server; no more goroutines were left in it (checked on Unix)", 1, 1, (*play).goroutines},
	"get":        {"get [-gzip] TARGET FILE: the content that comes, in the coding gzip or as it is, is that of FILE, to the byte", 2, 3, (*play).get},
	"touch":      {"touch FILE TIME: set the modification time, such as 2026-01-02T15:04:05Z", 2, 2, (*play).touch},
	"fill":       {"fill FILE SIZE: make a file of so many zero bytes, such as 512KiB or 5GiB", 2, 2, (*play).fill},
	"pipe":       {"pipe FILE: make a named pipe", 1, 1, (*play).pipe},
	"gzip":       {"gzip FILE: make FILE.gz, which is FILE in the coding gzip, with its modification time", 1, 1, (*play).gzip},
	"interrupt":  {"interrupt: interrupt the server, as Ctrl-C does; it takes no more connections (on Unix)", 0, 0, (*play).interrupt},
	"ends":       {"ends STATUS [TIME]: the server ends by itself, with this exit status, before 5 seconds or the TIME are over", 1, 2, (*play).ends},
	"memory":     {"memory SIZE: the server has never used more (checked on Linux)", 1, 1, (*play).memory},
}

// commands returns the commands of one play, for testscript.
func (p *play) commands() map[string]func(*testscript.TestScript, bool, []string) {
	table := map[string]func(*testscript.TestScript, bool, []string){}
	for name, c := range commands {
		table[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			if neg {
				ts.Fatalf("! cannot stand before %s", name)
			}
			if len(args) < c.least || len(args) > c.most {
				ts.Fatalf("usage: %s", c.usage)
			}
			c.do(p, ts, args)
		}
	}
	return table
}

// builtins are the commands of testscript that a script of ours may want.
var builtins = []string{"cd", "chmod", "cmp", "cmpenv", "cp", "env", "exec", "exists", "grep", "kill", "mkdir", "mv",
	"rm", "skip", "stderr", "stdin", "stdout", "stop", "symlink", "unix2dos", "unquote", "wait"}

// checkCommands reads a script before it is played, and says which commands
// there are if it uses one that is none.
func checkCommands(file string) error {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		return err
	}
	found := false
	for i, text := range strings.Split(string(archive.Comment), "\n") {
		words := strings.Fields(text)
		for len(words) > 0 && (strings.HasPrefix(words[0], "[") || words[0] == "!") {
			words = words[1:]
		}
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		found = true
		if slices.Contains(builtins, words[0]) {
			continue
		}
		if _, ok := commands[words[0]]; !ok {
			return fmt.Errorf("%s:%d: there is no command %q; write one of\n%s\nor one of testscript's: %s",
				file, i+1, words[0], usages(), strings.Join(builtins, ", "))
		}
	}
	if !found {
		return fmt.Errorf("%s has no command; write them above the first line such as -- name --", file)
	}
	return nil
}

// usages lists the commands, a line each.
func usages() string {
	var list []string
	for _, c := range commands {
		list = append(list, "\t"+c.usage)
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

// serve starts a server. The last one started is the one that wire talks to.
func (p *play) serve(ts *testscript.TestScript, args []string) {
	port := "0"
	var flags []string
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		switch {
		case args[0] != "-at":
			flags = append(flags, args[0])
		case len(args) > 1:
			port, args = args[1], args[1:]
		default:
			ts.Fatalf("-at needs a port, such as :0")
		}
		args = args[1:]
	}
	started, err := p.startServer(ts, append(flags, port), p.withRoot(ts, args))
	if started != nil {
		ts.Defer(func() { p.end(ts, started) })
	}
	if err != nil {
		p.patience.lose()
		ts.Fatalf("%v", err)
	}
	p.last = started
	_, number, err := net.SplitHostPort(started.address)
	ts.Check(err)
	ts.Setenv("ADDR", started.address)
	ts.Setenv("PORT", number)
	ts.Setenv("URL", "http://"+started.address)
}

// withRoot returns the arguments after the port. A server that takes a document
// root gets an empty one where the script names none, but perhaps a route, such
// as /app=http://localhost:9000. The first stage takes none at all.
func (p *play) withRoot(ts *testscript.TestScript, args []string) []string {
	if (len(args) == 0 || strings.Contains(args[0], "=")) && (p.takes > 0 || p.foreign != nil) {
		args = append([]string{"empty"}, args...)
		ts.Check(os.MkdirAll(ts.MkAbs("empty"), 0o777))
	}
	if p.foreign == nil {
		args = args[:min(len(args), p.takes)]
	}
	return args
}

// executable returns the program of the stage, to be executed.
func (p *play) executable() string { return cmp.Or(p.program, programName) }

// startServer starts the stage, or the program that is played in its place.
// The port is the last of the options.
func (p *play) startServer(ts *testscript.TestScript, options, args []string) (*process, error) {
	here := ts.MkAbs(".")
	if p.foreign == nil {
		started, err := start(here, os.Environ(), slices.Concat([]string{p.executable()}, options, args)...)
		if err != nil {
			return nil, err
		}
		return started, started.waitForLine(p.patience.start())
	}
	if len(options) != 1 || options[0] != "0" {
		ts.Fatalf("-at and -quiet are options of the stage's own program; begin the script with: [foreign] skip 'its command line is its own'")
	}
	number, err := freePort()
	if err != nil {
		return nil, err
	}
	started, err := start(here, os.Environ(), slices.Concat([]string{keeperName}, p.foreign, []string{number}, args)...)
	if err != nil {
		return nil, err
	}
	return started, started.waitForPort(number, p.patience.start())
}

// logLines is how many of the last lines that a server printed are shown.
const logLines = 40

// end stops a server and adds what it printed to the log of the script, which
// is shown if the script fails.
func (p *play) end(ts *testscript.TestScript, server *process) {
	isAll := func(text string) bool { return p.known.tellsWhole(showLog(text)) }
	server.log.wait(isAll, server.exited, p.patience.now())
	server.stop()
	text := server.log.String()
	if strings.Contains(text, "WARNING: DATA RACE") {
		p.raced = true
	}
	ts.Logf("%s", showLog(text))
}

// showLog writes what a server has printed, or the last lines of it.
func showLog(text string) string {
	lines := fold(strings.Split(strings.TrimRight(text, "\n"), "\n"))
	if len(lines) > logLines {
		lines = append([]string{"…"}, lines[len(lines)-logLines:]...)
	}
	return "The server printed:\n" + indent(strings.Join(lines, "\n"))
}

// foldFrom is how many times in a row a line must come to be written once.
const foldFrom = 5

// fold returns lines with each that comes again and again written once, with a
// count.
func fold(lines []string) []string {
	var folded []string
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && lines[n] == lines[0] {
			n++
		}
		if n < foldFrom {
			folded = append(folded, lines[:n]...)
		} else {
			folded = append(folded, fmt.Sprintf("%s (%d times)", lines[0], n))
		}
		lines = lines[n:]
	}
	return folded
}

// wire plays a transcript, once or several times.
func (p *play) wire(ts *testscript.TestScript, args []string) {
	times := 1
	if args[0] == "-times" && len(args) > 2 {
		var err error
		if times, err = strconv.Atoi(args[1]); err != nil || times < 1 || times > 1000 {
			ts.Fatalf("%s is not a number of times from 1 to 1000", args[1])
		}
		args = args[2:]
	}
	if len(args) > 2 {
		ts.Fatalf("too many arguments: %s", strings.Join(args, " "))
	}
	lines, err := p.transcript(ts, args[0])
	if err != nil {
		ts.Fatalf("%v", err)
	}
	address := append(args, "")[1]
	if address == "" {
		address = addressOf(ts)
	}
	if p.drip {
		times = 1 // Byte by byte, many would take long, and show nothing new.
	}
	if times == 1 {
		p.converse(ts, args[0], lines, address)
		return
	}
	p.converseOften(ts, args[0], lines, address, times)
}

// converseOften plays the lines of a transcript several times. All together must
// not take longer than one may take elsewhere. But a machine that is busy is no
// fault of the server: they may, if the quickest was quick enough, for a server
// that sleeps has none that is.
func (p *play) converseOften(ts *testscript.TestScript, name string, lines []line, address string, times int) {
	limit, quickest, started := p.patience.long, scriptLimit, time.Now()
	for n := range times {
		before := time.Now()
		p.converse(ts, fmt.Sprintf("%s, conversation %d of %d", name, n+1, times), lines, address)
		quickest = min(quickest, time.Since(before))
		if quickest*time.Duration(times) <= p.patience.long {
			limit = scriptLimit
		}
		if took := time.Since(started); took > limit {
			p.patience.lose()
			ts.Fatalf("%s: %d conversations, one after another, were not over after %v; each took about %v",
				name, times, limit, (took / time.Duration(n+1)).Round(time.Millisecond))
		}
	}
}

// transcript reads a transcript.
func (p *play) transcript(ts *testscript.TestScript, name string) ([]line, error) {
	lines, err := readTranscript(name, ts.ReadFile(name), p.came)
	if err == nil {
		err = p.checkUpstreams(name, lines)
	}
	return lines, err
}

// reach connects to a server on this machine. That takes no time, and no more
// if the server is busy; but where the machine itself stands still, the limit
// may pass before anybody has looked. So there is a second attempt.
func reach(address string, limit time.Duration) (net.Conn, error) {
	conn, err := net.DialTimeout("tcp", address, limit)
	if isLate(err) {
		return net.DialTimeout("tcp", address, limit)
	}
	return conn, err
}

// isLate reports whether an error says that time was over.
func isLate(err error) bool {
	late := net.Error(nil)
	return errors.As(err, &late) && late.Timeout()
}

// converse plays the lines of a transcript, which is called name, on a new
// connection.
func (p *play) converse(ts *testscript.TestScript, name string, lines []line, address string) {
	conn, err := reach(address, p.patience.now())
	if err != nil {
		ts.Fatalf("%s: cannot connect to the server: %v%s", name, err, p.fateAfter(err))
	}
	player := player{conn: conn, patience: p.patience.now, gaveUp: p.patience.lose, interrupt: p.interruptLast, drip: p.drip, came: p.came, upstreams: p.upstreams, known: p.known, failing: p.known.failsAt(name)}
	if failure := player.play(lines); failure != nil {
		number := lines[0].number
		if len(failure.wanted) > 0 {
			number = failure.wanted[0].number
		}
		if failure.difference.line != nil {
			number = failure.difference.line.number
		}
		ts.Logf("%s", indent(failure.report()))
		ts.Fatalf("%s, line %d: %s%s", name, number, failure.difference.says, p.fateAfter(player.ended))
	}
}

// fatePause is how long after a failure the end of the server is waited for: a
// crash closes its connections first. With the race detector, a program takes
// longer to end.
func fatePause() time.Duration {
	if exercise.RaceDetector() {
		return time.Second
	}
	return 300 * time.Millisecond
}

// fateAfter is fate after a connection has ended, or was refused; end is nil where
// it is still open. A server that is ending has given its port up before: then its
// end is waited for, however late the system tells of it. To connect to the server
// would tell as much, but be something that the script does not do.
func (p *play) fateAfter(end error) string {
	if end == nil || p.last == nil {
		return p.fate()
	}
	if listener, err := net.Listen("tcp", p.last.address); err == nil {
		listener.Close()
		select {
		case <-p.last.exited:
		case <-time.After(stopLimit):
		}
	}
	return p.fate()
}

// fate says what became of the last server, if it is not running any more.
func (p *play) fate() string {
	if p.last == nil {
		return ""
	}
	select {
	case <-p.last.exited:
		must := "It must go on after every connection, whatever came in."
		if p.interrupted {
			must = "After an interrupt, it must first finish what it has begun."
		}
		return fmt.Sprintf("%s%s. %s", sayGone, p.last.how(), must)
	case <-time.After(p.known.fatePause()):
		return ""
	}
}

// addressOf returns the address of the server that a script talks to: $ADDR.
func addressOf(ts *testscript.TestScript) string {
	address := ts.Getenv("ADDR")
	if address == "" {
		ts.Fatalf("no server is running: the line serve must come before")
	}
	return address
}

// running returns the server that was started last. Without one, the script
// fails.
func (p *play) running(ts *testscript.TestScript) *process {
	if p.last == nil {
		ts.Fatalf("no server is running: the line serve must come before")
	}
	return p.last
}

// exits runs the stage's program to its end.
func (p *play) exits(ts *testscript.TestScript, args []string) {
	if p.foreign != nil {
		ts.Fatalf("exits is about the stage's own program; begin the script with: [foreign] skip 'its command line is its own'")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("%s is not an exit status, which is a number such as 2", args[0])
	}
	got := 0
	if err := ts.Exec(p.executable(), args[1:]...); err != nil {
		var exit *exec.ExitError
		if errors.Is(err, context.DeadlineExceeded) {
			ts.Fatalf("the program did not end by itself")
		}
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		if got = exit.ExitCode(); got < 0 {
			ts.Fatalf("the program did not end by itself: %v", err)
		}
	}
	if got != want {
		ts.Fatalf("the exit status is %d; the script wants %d", got, want)
	}
}

// logs waits until the server has printed a line.
func (p *play) logs(ts *testscript.TestScript, args []string) {
	pattern, err := regexp.Compile("(?m)" + args[0])
	if err != nil {
		ts.Fatalf("%v", err)
	}
	if !p.running(ts).log.wait(pattern.MatchString, p.last.exited, p.patience.now()) {
		p.patience.lose()
		ts.Fatalf("the server printed no line that matches %s", args[0])
	}
}

// silent ends the last server and checks that it has printed one line only.
func (p *play) silent(ts *testscript.TestScript, _ []string) {
	p.running(ts).stop()
	if printed := p.last.log.String(); strings.Count(printed, "\n") != 1 {
		ts.Fatalf("one line was wanted from the server; it printed\n%s", indent(printed))
	}
}

// crowd is from how many connections on one script at a time may have them:
// many at once could take more than a system gives to one program.
const crowd = 500

// crowds is locked by the script that has a crowd.
var crowds sync.Mutex

// idle opens connections and leaves them alone.
func (p *play) idle(ts *testscript.TestScript, args []string) {
	n, err := strconv.Atoi(args[0])
	if err != nil || n < 1 || n > 5000 {
		ts.Fatalf("%s is not a number of connections from 1 to 5000", args[0])
	}
	if n >= crowd && !p.crowded {
		p.crowded = true
		crowds.Lock()
		ts.Defer(crowds.Unlock)
	}
	for range n {
		conn, err := reach(addressOf(ts), p.patience.now())
		if err != nil {
			ts.Fatalf("cannot open %s connections: %v%s", args[0], err, p.fateAfter(err))
		}
		ts.Defer(func() { conn.Close() })
	}
}

// closedPort checks that an address takes no connections.
func (p *play) closedPort(ts *testscript.TestScript, args []string) {
	host, port, err := net.SplitHostPort(args[0])
	if n, wrong := strconv.Atoi(port); err != nil || host == "" || wrong != nil || n == 0 {
		ts.Fatalf("%s is not an address such as 127.0.0.1:8080", args[0])
	}
	conn, err := reach(args[0], p.patience.now())
	if err == nil {
		conn.Close()
		ts.Fatalf("something accepts connections at %s", args[0])
	}
}
