package tap

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/exercise"
)

// limit is how long anything may take that a test waits for.
const limit = 30 * time.Second

// top is the top folder of the workbook.
var top = filepath.Join("..", "..")

// A paper takes what a tap prints.
type paper struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write adds to what was printed.
func (p *paper) Write(data []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(data)
}

// String returns what was printed.
func (p *paper) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// A testTap is a tap that runs for the length of a test.
type testTap struct {
	*Tap
	paper *paper
	stop  func()
}

// startTap starts a tap before a server, which a test ends, at the latest when it
// ends itself.
func startTap(t *testing.T, target string) *testTap {
	p := &paper{}
	tap, err := Listen(Options{Port: "0", Target: target, Out: p})
	require.NoError(t, err)
	tap.record.patience = time.Hour // A line is shown whole, however late its end comes.
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan struct{})
	go func() {
		defer close(served)
		tap.Serve(ctx)
	}()
	stop := func() {
		cancel()
		<-served
		<-tap.terminal.done
	}
	t.Cleanup(func() {
		stop()
		if t.Failed() {
			t.Logf("the tap printed\n%s", p)
		}
	})
	return &testTap{Tap: tap, paper: p, stop: stop}
}

// address returns where the clients of a tap connect.
func (t *testTap) address() string { return t.listener.Addr().String() }

// eventually waits until something holds.
func eventually(t *testing.T, holds func() bool, what string) {
	t.Helper()
	for late := time.Now().Add(limit); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("after %v, it did not hold yet: %s", limit, what)
		}
	}
}

// connect connects to an address, for the length of a test.
func connect(t *testing.T, address string) *net.TCPConn {
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(limit)))
	return conn.(*net.TCPConn)
}

// ask sends a request on a connection of its own, and returns all that comes.
func ask(t *testing.T, address, request string) string {
	conn := connect(t, address)
	_, err := io.WriteString(conn, request)
	require.NoError(t, err)
	require.NoError(t, conn.CloseWrite())
	data, err := io.ReadAll(conn)
	require.NoError(t, err)
	return string(data)
}

// serveEach serves each connection to a port with a function, for the length of a
// test, and returns its address.
func serveEach(t *testing.T, serve func(*net.TCPConn)) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(limit))
				serve(conn.(*net.TCPConn))
			}()
		}
	}()
	return listener.Addr().String()
}

// builds are the stages that several tests share.
var builds exercise.Builds

// buildStage builds a stage, once.
func buildStage(t *testing.T, stage string) string {
	program, err := builds.Program(stage, func() (string, error) {
		folder, err := os.MkdirTemp("", "tap")
		if err != nil {
			return "", err
		}
		return exercise.Build(filepath.Join(top, stage), nil, folder)
	})
	require.NoError(t, err)
	return program
}

// TestMain runs the tests, and removes what they have built.
func TestMain(m *testing.M) {
	status := m.Run()
	for _, stage := range []string{"stage4-headers", "stage5-proxy"} {
		if program, err := builds.Program(stage, func() (string, error) { return "", os.ErrNotExist }); err == nil {
			os.RemoveAll(filepath.Dir(filepath.Dir(program)))
		}
	}
	os.Exit(status)
}

// firstLine is what a stage prints once it listens.
var firstLine = regexp.MustCompile(`on http://(\S+:\d+)/`)

// startStage starts a stage for the length of a test, and returns its address.
func startStage(t *testing.T, stage string, args ...string) string {
	cmd := exec.Command(buildStage(t, stage), append([]string{"-quiet", "0"}, args...)...)
	cmd.Env = append(os.Environ(), exercise.LeashVariable+"=1")
	leash, err := cmd.StdinPipe()
	require.NoError(t, err)
	output, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		leash.Close()
		cmd.Wait()
	})
	line, err := bufio.NewReader(output).ReadString('\n')
	require.NoError(t, err)
	found := firstLine.FindStringSubmatch(line)
	require.NotNil(t, found, line)
	go io.Copy(io.Discard, output)
	return found[1]
}
