// Package bench measures a stage of the workbook side by side with Go's own
// file server and, where it is installed, with nginx:
//
//	go test -bench . ./scripts/bench
//
// The servers take turns, a round each, so that whatever else the machine does
// meets all of them. Every reply is checked before anything is measured, and
// its length and status code while it is. After the package, -round and -rounds
// say how long and how often each server is measured, -only which scenarios,
// and -stage which stage.
//
// The load is made on the same machine and takes a part of it. So requests a
// second say less about a server than the processor time of one request, which
// counts only what the server itself has used.
//
// The files, in reading order: main_test.go (the command line),
// scenarios_test.go (what is asked), site_test.go (which files there are),
// stage_test.go, fileserver_test.go, nginx_test.go and nginxform_test.go (who is
// asked), server_test.go (a server as a process), check_test.go and
// reply_test.go (is the reply right), plan_test.go, client_test.go and
// round_test.go (the load), cpu_linux_test.go and cpu_other_test.go (what a
// server has used), bench_test.go (the turns), numbers_test.go and table_test.go
// (what is told in the end). The others check the bench itself: smoke_test.go
// with the servers, bite_test.go with wrong replies, and told_test.go what it
// tells.
package bench
