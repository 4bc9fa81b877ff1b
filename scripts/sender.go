package scripts

import "sync"

// sendAtOnce is how much is sent before a script goes on. More may have to wait
// until somebody reads it whose turn comes later in the script.
const sendAtOnce = 16 << 10

// A sender keeps in order what happens at the sending side of a connection,
// where a script goes on before all of it has happened. The zero sender is
// ready.
type sender struct {
	mu    sync.Mutex
	queue []func()
	busy  bool
}

// do does something at once, after what is in the queue. If it is long, the
// caller does not wait for it.
func (s *sender) do(long bool, something func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.busy:
		s.queue = append(s.queue, something)
	case long:
		s.busy, s.queue = true, append(s.queue, something)
		go s.work()
	default:
		something()
	}
}

// work does what is in the queue, one after the other.
func (s *sender) work() {
	for {
		s.mu.Lock()
		if len(s.queue) == 0 {
			s.busy = false
			s.mu.Unlock()
			return
		}
		next := s.queue[0]
		s.queue = s.queue[1:]
		s.mu.Unlock()
		next()
	}
}
