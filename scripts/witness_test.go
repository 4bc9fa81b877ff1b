package scripts

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

// A witness takes what testscript does to a test, and does it to none.
type witness struct {
	log             strings.Builder
	failed, skipped bool
}

// Log notes what a script says.
func (w *witness) Log(args ...any) { fmt.Fprintln(&w.log, args...) }

// FailNow notes that the script failed, and ends it.
func (w *witness) FailNow() {
	w.failed = true
	runtime.Goexit()
}

// Fatal notes why the script failed, and ends it.
func (w *witness) Fatal(args ...any) {
	w.Log(args...)
	w.FailNow()
}

// Skip notes that the script was skipped, and ends it.
func (w *witness) Skip(args ...any) {
	w.Log(args...)
	w.skipped = true
	runtime.Goexit()
}

// Run runs the script.
func (w *witness) Run(_ string, f func(testscript.T)) { f(w) }

// Parallel does nothing.
func (w *witness) Parallel() {}

// Verbose asks for a short log.
func (w *witness) Verbose() bool { return false }

// witnessed plays a script, with the pretender as the stage.
func witnessed(t *testing.T, p play, text string) *witness {
	t.Helper()
	w := &witness{}
	if p.patience == nil {
		p.patience = newPatience()
	}
	file := writeScript(t, text)
	require.NoError(t, checkCommands(file))
	done := make(chan struct{})
	go func() { // FailNow ends the goroutine in which it is called.
		defer close(done)
		testscript.RunT(w, testscript.Params{
			Files:               []string{file},
			Cmds:                p.commands(),
			Condition:           p.condition,
			RequireExplicitExec: true,
			RequireUniqueNames:  true,
			Deadline:            time.Now().Add(scriptLimit),
		})
	}()
	<-done
	return w
}
