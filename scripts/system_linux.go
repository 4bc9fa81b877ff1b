package scripts

import "golang.org/x/sys/unix"

// limitFiles limits how many files a process may have open.
func limitFiles(pid int, n uint64) error {
	return unix.Prlimit(pid, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: n, Max: n}, nil)
}
