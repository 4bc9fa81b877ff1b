// Package bench measures a stage of the workbook side by side with Go's own
// file server and, where it is installed, with nginx:
//
//	go test -bench . ./scripts/bench
//
// It then measures the stage as a proxy: before the same application as Go's
// httputil.ReverseProxy and, where they are installed, nginx and HAProxy.
//
// The servers take turns, a round each, so that whatever else the machine does
// meets all of them. Every kind of reply is checked before anything is measured,
// and its length and status code while it is. After the package, -round and
// -rounds say how long and how often each server is measured, -only which
// scenarios (those of proxies begin with proxy-), and -stage which stage.
//
// The load is made on the same machine and takes a part of it, and so does the
// application behind a proxy. So requests a second say less about a server than
// the processor time of one request, which counts only what the server itself
// has used.
//
// The files, in reading order: main_test.go (the command line),
// scenarios_test.go and proxied_test.go (what is asked), site_test.go (which
// files there are), servers_test.go (who is asked), stage_test.go,
// fileserver_test.go, reverseproxy_test.go, nginx_test.go, nginxform_test.go and
// haproxy_test.go (each of them), upstream_test.go (the application behind the
// proxies), server_test.go (a server as a process), keeper_test.go (one that
// knows nothing of us), check_test.go and reply_test.go (is the reply right),
// plan_test.go, client_test.go and round_test.go (the load), cpu_linux_test.go
// and cpu_other_test.go (what a server has used), bench_test.go (the turns),
// numbers_test.go and table_test.go (what is told in the end). The others check
// the bench itself: smoke_test.go with the servers, bite_test.go with wrong
// replies, upstreamsays_test.go with wrong requests, and told_test.go what it
// tells.
package bench
