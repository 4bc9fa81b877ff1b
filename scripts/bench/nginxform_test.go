package bench

import (
	"os/exec"
	"strings"
)

// nginxForm is the configuration of nginx, with words in capital letters for
// what is another each time. It should be as fast as nginx can be.
const nginxForm = `
USER
daemon off;
pid "OWN/nginx.pid";
error_log /dev/null crit;
worker_processes WORKERS;
worker_rlimit_nofile 4096;
events { worker_connections 4096; }
http {
	access_log off;
	client_body_temp_path "OWN/body";
	TEMPORARY
	types { text/plain txt; }
	default_type application/octet-stream;
	sendfile on;
	tcp_nopush on;
	etag on;
	keepalive_timeout 600s;
	keepalive_requests 1000000000;
	server {
		listen ADDRESS backlog=4096;
		root "ROOT";
		location = ` + textFile + ` {
			gzip on;
			gzip_types text/plain;
		}
		location ` + pipelinedFolder + `/ {
			tcp_nopush off; # With it, the last of several replies waits for 40 ms.
		}
	}
}
`

// nginxSays returns what nginx prints about itself with a flag.
func nginxSays(program, flag string) string {
	output, err := exec.Command(program, flag).CombinedOutput()
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(output))
}
