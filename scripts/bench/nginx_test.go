package bench

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nginxRole makes the test binary the keeper of nginx, which knows nothing of a
// leash.
const nginxRole = "nginx"

// nginxProgram returns where nginx is installed, or "" where it is not. Only
// root has /usr/sbin on its path everywhere. On Windows, nginx is another
// program, by its makers' own words no fast one.
func nginxProgram() string {
	if runtime.GOOS == "windows" {
		return ""
	}
	for _, name := range []string{"nginx", "/usr/sbin/nginx"} {
		if program, err := exec.LookPath(name); err == nil {
			return program
		}
	}
	return ""
}

// nginxServer is nginx with a configuration of its own.
func nginxServer(t testing.TB) server {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return server{
		name:    "nginx",
		role:    nginxRole,
		command: []string{self, nginxProgram(), t.TempDir()},
		lacks: func(scenario) string {
			if nginxProgram() == "" {
				return "it is not installed"
			}
			return ""
		},
	}
}

// keepNginx runs nginx until standard input ends. In args are the program, a
// directory for its own files, and the directory to serve.
func keepNginx(args []string) error {
	program, own, root := args[0], args[1], args[2]
	address, err := freeAddress()
	if err != nil {
		return err
	}
	file := filepath.Join(own, "nginx.conf")
	if err := os.WriteFile(file, []byte(nginxConfig(program, address, own, root)), 0o666); err != nil {
		return err
	}
	cmd := exec.Command(program, "-p", own, "-c", file)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	if err := waitFor(address, exited); err != nil {
		return errors.Join(err, cmd.Process.Signal(syscall.SIGTERM))
	}
	fmt.Fprintf(os.Stderr, "serving %s on http://%s/ as process %d\n", root, address, cmd.Process.Pid)
	io.Copy(io.Discard, os.Stdin)
	return endNginx(cmd.Process, exited)
}

// endNginx ends nginx, kindly first: then it ends its workers, too.
func endNginx(process *os.Process, exited chan error) error {
	if err := process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case err := <-exited:
		return err
	case <-time.After(stopLimit / 2):
		return process.Kill()
	}
}

// waitFor waits until something accepts connections at an address.
func waitFor(address string, exited chan error) error {
	late := time.After(startLimit / 2)
	for {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			return conn.Close()
		}
		select {
		case err := <-exited:
			return fmt.Errorf("nginx has ended: %v", err)
		case <-late:
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// freeAddress returns an address of this machine that nobody uses at the moment.
// Its port is below those that a system picks by itself, so that nobody else
// gets it soon.
func freeAddress() (string, error) {
	for range 100 {
		address := "127.0.0.1:" + strconv.Itoa(10_000+rand.IntN(20_000))
		if listener, err := net.Listen("tcp", address); err == nil {
			return address, listener.Close()
		}
	}
	return "", errors.New("found no free port between 10000 and 30000")
}

// nginxConfig returns a configuration that is fast and keeps to a directory of
// its own. Each kind of temporary files must be named, but only if the program
// has the module for it.
func nginxConfig(program, address, own, root string) string {
	var user, temporary string
	if os.Geteuid() == 0 {
		user = "user root;" // Its workers must be able to read the files.
	}
	built := nginxSays(program, "-V")
	for _, module := range []string{"proxy", "fastcgi", "uwsgi", "scgi"} {
		if !strings.Contains(built, "--without-http_"+module+"_module") {
			temporary += fmt.Sprintf("%s_temp_path %q;\n", module, filepath.Join(own, module))
		}
	}
	return strings.NewReplacer(
		"USER", user, "WORKERS", strconv.Itoa(runtime.NumCPU()), "ADDRESS", address,
		"OWN", own, "ROOT", root, "TEMPORARY", temporary,
	).Replace(nginxForm)
}
