package bench

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
	keepalive_timeout 600s;
	keepalive_requests 1000000000;
	WORK;
}
`

// nginxFiles is what stands in it for a server of files.
const nginxFiles = `
	types { text/plain txt; }
	default_type application/octet-stream;
	sendfile on;
	tcp_nopush on;
	etag on;
	server {
		listen ADDRESS backlog=4096;
		root "BEHIND";
		location = ` + textFile + ` {
			gzip on;
			gzip_types text/plain;
		}
		location ` + pipelinedFolder + `/ {
			tcp_nopush off; # With it, the last of several replies waits for 40 ms.
		}
	}
`

// nginxProxying is what stands in it for a proxy.
const nginxProxying = `
	upstream application {
		server BEHIND;
		keepalive 1000;
		keepalive_timeout 600s;
		keepalive_requests 1000000000;
	}
	server {
		listen ADDRESS backlog=4096;
		location / {
			proxy_pass http://application;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
			proxy_set_header Host $http_host;
			proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
			proxy_set_header X-Forwarded-Host $http_host;
			proxy_set_header X-Forwarded-Proto $scheme;
			proxy_request_buffering off;
			client_body_buffer_size 64k;
			proxy_buffer_size 16k;
			proxy_buffers 8 64k;
			proxy_busy_buffers_size 128k;
			proxy_max_temp_file_size 0;
		}
	}
`
