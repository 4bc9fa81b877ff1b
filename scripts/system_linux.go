package scripts

import (
	"os"
	"os/exec"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

// limitFiles limits how many files a process may have open. The limit can be
// raised again.
func limitFiles(pid int, n uint64) error {
	var limit unix.Rlimit
	if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &limit); err != nil {
		return err
	}
	limit.Cur = min(n, limit.Max)
	return unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil)
}

// startModest starts a program for which the modes of files hold. For one that
// root starts, they do not, unless two of its rights are taken away before: then
// it sees the files as the server of any other user does.
func startModest(cmd *exec.Cmd) error {
	if os.Geteuid() != 0 {
		return cmd.Start()
	}
	started := make(chan error)
	go func() {
		dropRights()
		started <- cmd.Start()
	}()
	return <-started
}

// dropRights takes the rights to overlook modes away from the thread of the
// goroutine that calls it, and so from what it starts. The thread ends with the
// goroutine.
func dropRights() error {
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_CAPBSET_DROP, unix.CAP_DAC_OVERRIDE, 0, 0, 0); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_CAPBSET_DROP, unix.CAP_DAC_READ_SEARCH, 0, 0, 0)
}

// modesHold reports whether the mode of a file can keep a server from reading
// it that a script starts.
var modesHold = sync.OnceValue(func() bool {
	if os.Geteuid() != 0 {
		return true
	}
	dropped := make(chan error)
	go func() { dropped <- dropRights() }()
	return <-dropped == nil
})
