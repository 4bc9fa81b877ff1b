package scripts

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// applicationFiles is where the sources of the applications are.
var applicationFiles = filepath.Join("testdata", "applications")

// takeAlong copies a source of the applications to a directory. That it is read
// here tells go test that the result depends on it.
func takeAlong(t *testing.T, directory, name string) {
	data, err := os.ReadFile(filepath.Join(applicationFiles, name))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(directory, filepath.Base(name)), data, 0o666))
}

// takeScript copies a CGI script to a directory of its own, behind a line that
// names the program that runs it, and returns the directory.
func takeScript(t *testing.T, name, program string) string {
	if runtime.GOOS == "windows" {
		t.Skip("Windows does not look for that line")
	}
	directory := t.TempDir()
	data, err := os.ReadFile(filepath.Join(applicationFiles, name))
	require.NoError(t, err)
	data = append([]byte("#!"+program+"\n"), data...)
	require.NoError(t, os.WriteFile(filepath.Join(directory, name), data, 0o777))
	return directory
}

// find returns the first program that is installed; without any, the test is
// skipped. Only root has /usr/sbin on its path everywhere.
func find(t *testing.T, names ...string) string {
	for _, name := range names {
		for _, candidate := range []string{name, "/usr/sbin/" + name} {
			if found, err := exec.LookPath(candidate); err == nil {
				return found
			}
		}
	}
	t.Skip("needs " + names[0])
	return ""
}

// launch starts a program that knows nothing of a leash, for the length of a
// test.
func launch(t *testing.T, directory string, environ []string, args ...string) *process {
	p, err := start(directory, append(os.Environ(), environ...), append([]string{keeperName}, args...)...)
	require.NoError(t, err)
	t.Cleanup(func() {
		p.stop()
		if t.Failed() {
			t.Logf("%s printed\n%s", filepath.Base(args[0]), p.log)
		}
	})
	return p
}

// listens waits until a program accepts connections at an address, which it was
// told before.
func listens(t *testing.T, p *process, network, address string) {
	late := time.After(startLimit)
	for {
		conn, err := net.Dial(network, address)
		if err == nil {
			conn.Close()
			return
		}
		select {
		case <-p.exited:
			require.NoError(t, p.notServing(0, ""))
		case <-late:
			require.NoError(t, err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// newAddress returns where a program may listen: at a free port, or at a Unix
// socket, if that is what the scheme of the upstream says. Its name must be
// short, more so than that of a test's directory may be.
func newAddress(t *testing.T, scheme string) (network, address string) {
	if !strings.HasSuffix(scheme, "unix:") {
		port, err := freePort()
		require.NoError(t, err)
		return "tcp", "127.0.0.1:" + port
	}
	directory, err := os.MkdirTemp("", "socket")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(directory) })
	return "unix", filepath.Join(directory, "s")
}

// startGunicorn starts Flask under gunicorn, as one process with four threads:
// it serves four streams at a time, and no more.
func startGunicorn(scheme string) func(*testing.T) ([]string, string) {
	return func(t *testing.T) ([]string, string) {
		gunicorn, directory := find(t, "gunicorn"), t.TempDir()
		findFlask(t)
		takeAlong(t, directory, "flask_app.py")
		network, address := newAddress(t, scheme)
		bind := address
		if network == "unix" {
			bind = "unix:" + address
		}
		p := launch(t, directory, []string{"SCRIPT_NAME=/flask"}, gunicorn,
			"--threads", "4", "--bind", bind, "--worker-tmp-dir", directory, "flask_app:app")
		listens(t, p, network, address)
		return []string{t.TempDir(), "/flask=" + scheme + address}, "/flask/"
	}
}

// findFlask returns a Python that has Flask.
func findFlask(t *testing.T) string {
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		found, err := exec.LookPath(name)
		if err == nil && exec.Command(found, "-c", "import flask").Run() == nil {
			return found
		}
	}
	t.Skip("needs flask")
	return ""
}

// startPythonCGI makes Flask a CGI script.
func startPythonCGI(t *testing.T) ([]string, string) {
	directory := takeScript(t, "flask.cgi", findFlask(t))
	takeAlong(t, directory, "flask_app.py")
	return []string{t.TempDir(), "/cgi=cgi:" + directory}, "/cgi/flask.cgi/"
}

// startPerlCGI makes a CGI script of one in Perl.
func startPerlCGI(t *testing.T) ([]string, string) {
	perl := find(t, "perl")
	if exec.Command(perl, "-MCGI", "-e", "1").Run() != nil {
		t.Skip("needs CGI.pm")
	}
	return []string{t.TempDir(), "/cgi=cgi:" + takeScript(t, "perl.cgi", perl)}, "/cgi/perl.cgi/"
}

// nodePort is where Node says that it listens.
var nodePort = regexp.MustCompile(`listening on port (\d+)`)

// startNode starts the application in Node, with the library that Debian calls
// node-ws.
func startNode(t *testing.T) ([]string, string) {
	node, directory := find(t, "node"), t.TempDir()
	environ := []string{"NODE_PATH=/usr/share/nodejs" + string(os.PathListSeparator) + os.Getenv("NODE_PATH")}
	look := exec.Command(node, "-e", `require("ws")`)
	look.Env = append(os.Environ(), environ...)
	if look.Run() != nil {
		t.Skip("needs node-ws")
	}
	takeAlong(t, directory, "node_app.js")
	p := launch(t, directory, environ, node, "node_app.js")
	require.True(t, p.log.wait(nodePort.MatchString, p.exited, startLimit), "%s", p.log)
	port := nodePort.FindStringSubmatch(p.log.String())[1]
	return []string{t.TempDir(), "/node=http://127.0.0.1:" + port}, "/node/"
}
