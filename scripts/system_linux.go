package scripts

import "golang.org/x/sys/unix"

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
