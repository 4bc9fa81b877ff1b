package watch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// settled is for how long nothing may change until a save is over: editors
	// save in bursts, and take a file away before they put it back.
	settled = 100 * time.Millisecond

	// settleLimit is how often it is looked whether a save is over.
	settleLimit = 20

	// pollEvery is how often the files are looked at where the system does not
	// tell of changes.
	pollEvery = 500 * time.Millisecond

	// safetyEvery is how often they are looked at where it does, to see whether
	// that is true.
	safetyEvery = 2 * time.Second

	// lateness is how late the system may tell of a change.
	lateness = time.Second
)

// A notifier is how the system tells of changes.
type notifier struct {
	add    func(folder string) error
	close  func() error
	events <-chan fsnotify.Event
	errors <-chan error
}

// notify asks the system to tell of changes.
func notify() (*notifier, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	return &notifier{add: w.Add, close: w.Close, events: w.Events, errors: w.Errors}, nil
}

// eyes see what changes in a place. That the system tells of a change is a
// reason to look, no more: what has changed is what differs between two looks.
type eyes struct {
	// look is how they look at the place, given what they saw before.
	look func(scan) scan

	// say tells the learner something about how they see.
	say func(sentence string)

	// system is nil where the files are looked at again and again.
	system *notifier

	// told are the folders of whose changes the system tells.
	told map[string]bool

	last scan
}

// newEyes returns eyes that have had a first look. With open, they ask the
// system to tell of changes; it is nil for those that look again and again.
func newEyes(p place, say func(string), open func() (*notifier, error)) *eyes {
	e := &eyes{look: p.look, say: say, told: map[string]bool{}}
	if open != nil {
		var err error
		if e.system, err = open(); err != nil {
			e.system = nil
			e.say(fmt.Sprintf("The system cannot tell of changes (%v), so the files are looked at twice a second.", err))
		}
	}
	e.last = e.look(scan{})
	e.listen()
	e.last = e.look(e.last)
	return e
}

// listen asks the system to tell of changes in the folders that are new, and
// reports whether there were any: what has happened there before is not told.
func (e *eyes) listen() (asked bool) {
	there := map[string]bool{}
	for _, folder := range e.last.folders {
		there[folder] = true
		if e.system == nil || e.told[folder] {
			continue
		}
		if err := e.system.add(folder); err != nil {
			e.poll(fmt.Sprintf("The system cannot tell of changes in all folders (%v), so the files are looked at twice a second.", err))
			return false
		}
		e.told[folder], asked = true, true
	}
	for folder := range e.told {
		if !there[folder] {
			delete(e.told, folder)
		}
	}
	return asked
}

// poll gives the system up, says why, and looks again and again from now on.
func (e *eyes) poll(why string) {
	e.close()
	e.say(why)
}

// close lets the system tell no more.
func (e *eyes) close() {
	if e.system != nil {
		e.system.close()
		e.system = nil
	}
}

// watch sends what has changed, save by save, until the context ends. Then it
// closes the channel.
func (e *eyes) watch(ctx context.Context, changes chan<- []string) {
	defer close(changes)
	defer e.close()
	for {
		told, ok := e.wait(ctx)
		if !ok {
			return
		}
		names := e.settle(ctx)
		if len(names) > 0 && !told && e.system != nil && !e.isTold(ctx, lateness) {
			e.poll("The system does not tell of changes in this folder, as with some network drives and containers, so the files are looked at twice a second.")
		}
		for e.listen() {
			names = append(names, e.settle(ctx)...)
		}
		if len(names) == 0 {
			continue
		}
		select {
		case changes <- names:
		case <-ctx.Done():
			return
		}
	}
}

// wait waits until there is a reason to look, and reports whether the system has
// told of it. It reports false for ok when the context has ended.
func (e *eyes) wait(ctx context.Context) (told, ok bool) {
	every := safetyEvery
	if e.system == nil {
		every = pollEvery
	}
	return e.isTold(ctx, every), ctx.Err() == nil
}

// isTold waits for the system to tell of a change, for so long, and reports
// whether it has.
func (e *eyes) isTold(ctx context.Context, limit time.Duration) bool {
	var system notifier
	if e.system != nil {
		system = *e.system
	}
	select {
	case event := <-system.events:
		if event.Has(fsnotify.Remove) || event.Has(fsnotify.Rename) {
			delete(e.told, event.Name) // If it was a folder, it must be asked for again.
		}
		return true
	case err := <-system.errors:
		if err != nil && !errors.Is(err, fsnotify.ErrEventOverflow) {
			e.poll(fmt.Sprintf("The system tells of changes no more (%v), so the files are looked at twice a second.", err))
		}
		return true
	case <-time.After(limit):
	case <-ctx.Done():
	}
	return false
}

// settle looks until nothing changes any more, and returns what has changed
// since the last time it did.
func (e *eyes) settle(ctx context.Context) []string {
	before := e.last
	now := e.look(before)
	for range settleLimit {
		if len(changed(before, now)) == 0 {
			break // Nothing has happened that matters.
		}
		select {
		case <-time.After(settled):
		case <-ctx.Done():
			return nil
		}
		next := e.look(now)
		same := len(changed(now, next)) == 0
		if now = next; same {
			break
		}
	}
	e.last = now
	return changed(before, now)
}
