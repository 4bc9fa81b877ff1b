package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// nginxRole makes the test binary the keeper of nginx that serves files, and
// nginxProxyRole that of nginx as a proxy.
const (
	nginxRole      = "nginx"
	nginxProxyRole = "nginx proxy"
)

// keepNginx is the keeper of nginx that serves files, and keepNginxProxy that of
// nginx as a proxy.
var (
	keepNginx      = keeper{nginxConfig(nginxFiles), nginxArguments}
	keepNginxProxy = keeper{nginxConfig(nginxProxying), nginxArguments}
)

// installed returns where a program is installed, or "" where it is not. Only
// root has /usr/sbin on its path everywhere. On Windows, nginx is another
// program, by its makers' own words no fast one, and HAProxy does not exist.
func installed(name string) string {
	if runtime.GOOS == "windows" {
		return ""
	}
	for _, name := range []string{name, "/usr/sbin/" + name} {
		if program, err := exec.LookPath(name); err == nil {
			return program
		}
	}
	return ""
}

// nginxServer is nginx with a configuration of its own, as a server of files.
func nginxServer(t testing.TB, root string) server {
	return nginxAs(t, nginxRole, root)
}

// nginxProxy is nginx before an upstream.
func nginxProxy(t testing.TB, upstream string) server {
	return nginxAs(t, nginxProxyRole, upstream)
}

// nginxAs is nginx in a role.
func nginxAs(t testing.TB, role, behind string) server {
	program := installed("nginx")
	s := keptServer(t, "nginx", role, program, behind)
	if !s.missing {
		s.version = strings.TrimPrefix(says(program, "-v"), "nginx version: ")
	}
	return s
}

// nginxArguments are those before the file with the configuration.
func nginxArguments(own string) []string { return []string{"-p", own, "-c"} }

// nginxConfig returns a function that makes a configuration which is fast and
// keeps to a directory of its own. Each kind of temporary files must be named,
// but only if the program has the module for it.
func nginxConfig(work string) func(program, address, own, behind string) string {
	return func(program, address, own, behind string) string {
		var user, temporary string
		if os.Geteuid() == 0 {
			user = "user root;" // Its workers must be able to read the files.
		}
		built := says(program, "-V")
		for _, module := range []string{"proxy", "fastcgi", "uwsgi", "scgi"} {
			if !strings.Contains(built, "--without-http_"+module+"_module") {
				temporary += fmt.Sprintf("%s_temp_path %q;\n", module, filepath.Join(own, module))
			}
		}
		return strings.NewReplacer(
			"USER", user, "WORKERS", strconv.Itoa(runtime.NumCPU()), "ADDRESS", address,
			"OWN", own, "BEHIND", behind, "TEMPORARY", temporary,
		).Replace(strings.Replace(nginxForm, "WORK;", work, 1))
	}
}
