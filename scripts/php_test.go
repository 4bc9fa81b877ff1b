package scripts

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// phpConfig is a configuration of php-fpm that serves four requests at a time,
// streams, and takes long uploads.
const phpConfig = `[global]
daemonize = no
error_log = /dev/stderr
[www]
%s
listen = %s
pm = static
pm.max_children = 4
php_admin_flag[display_errors] = off
php_admin_flag[log_errors] = on
php_admin_value[output_buffering] = 0
php_admin_value[max_execution_time] = 0
php_admin_value[post_max_size] = 128M
php_admin_value[upload_max_filesize] = 128M
php_admin_value[upload_tmp_dir] = %[3]s
php_admin_value[sys_temp_dir] = %[3]s
`

// startPHP starts php-fpm, and makes a document root with scripts and files.
func startPHP(scheme string) func(*testing.T) ([]string, string) {
	return func(t *testing.T) ([]string, string) {
		program := findPHP(t)
		root, own := t.TempDir(), t.TempDir()
		takeAlong(t, root, "php/app.php")
		require.NoError(t, os.Mkdir(filepath.Join(root, "shop"), 0o777))
		takeAlong(t, filepath.Join(root, "shop"), "php/shop/index.php")
		require.NoError(t, os.WriteFile(filepath.Join(root, "picture.jpg"), []byte(picture), 0o666))
		network, address := newAddress(t, scheme)
		config, user := filepath.Join(own, "php-fpm.conf"), ""
		args := []string{program, "-n", "-F", "-y", config}
		if os.Geteuid() == 0 {
			args, user = append(args, "-R"), "user = root\ngroup = root"
		}
		require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, phpConfig, user, address, own), 0o666))
		listens(t, launch(t, own, nil, args...), network, address)
		return []string{root, ".php=" + scheme + address}, "/app.php/"
	}
}

// findPHP returns php-fpm, whose name on Debian holds its version.
func findPHP(t *testing.T) string {
	names := []string{"php-fpm"}
	for minor := 9; minor >= 0; minor-- {
		names = append(names, fmt.Sprintf("php-fpm8.%d", minor))
	}
	return find(t, names...)
}
