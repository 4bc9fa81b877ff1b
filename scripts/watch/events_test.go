package watch

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the wanted reports in testdata anew")

// shown reads the events of a run, and returns the failures as they are shown.
func shown(events string) string {
	r := newReading("/workbook", "stage1-hello")
	var err error
	for _, line := range strings.Split(strings.TrimSpace(events), "\n") {
		if e := r.take(line); e.Action == "fail" && e.Test == compiles {
			err = errors.New("exit status 1")
		}
	}
	r.end(err)
	var out strings.Builder
	for _, f := range r.failures {
		fmt.Fprintf(&out, "== %s: %q\n%s\n", f.subject(), f.test, f.report)
	}
	for _, test := range r.skipped {
		fmt.Fprintf(&out, "== skipped: %q\n", test)
	}
	return out.String()
}

// TestReading ensures what a learner gets to read of what go test says. Every
// file in testdata is a run that took place, with the paths of its machine
// replaced; go test ./scripts/watch -update writes anew what is read of it.
func TestReading(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			require.Len(t, archive.Files, 2)
			got := shown(string(archive.Files[0].Data))
			if *update {
				archive.Files[1].Data = []byte(got)
				require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o666))
			}
			assert.Equal(t, strings.ReplaceAll(string(archive.Files[1].Data), "\r\n", "\n"), got)
		})
	}
}

// TestTrim ensures that a long report loses its end, but no caret and not the
// line that says what failed.
func TestTrim(t *testing.T) {
	long := strings.Repeat("    line\n", 100)
	tests := map[string]struct{ output, want string }{
		"short":           {"    a_test.go:1: one\n        two\n", "a_test.go:1: one\n    two"},
		"long":            {long, strings.Repeat("line\n", reportLimit) + "(40 more lines)"},
		"one more":        {strings.Repeat("    line\n", reportLimit+1), strings.Repeat("line\n", reportLimit) + "line"},
		"a late caret":    {long + "         ^\n" + long, strings.Repeat("line\n", 100) + "     ^\n(100 more lines)"},
		"a late sentence": {"    play.go:90: # A.\n" + strings.ReplaceAll(long, "line", "    more") + "        FAIL: a.txtar:1: b\n" + long, "# A.\n" + strings.Repeat("more\n", 100) + "FAIL: a.txtar:1: b\n(100 more lines)"},
		"a talking server": {"    play.go:90: # A.\n        FAIL: a.txtar:1: b\n        The server printed:\n" + strings.Repeat("          said\n", 20),
			"# A.\nFAIL: a.txtar:1: b\nThe server printed:\n" + strings.Repeat("  said\n", saidLimit) + "  (12 more lines)"},
		"what went well before": {"    play.go:90: WORK=$WORK\n        CR=\r\n        \n        # One. (0.1s)\n        > serve\n        # Two. (0.1s)\n        > wire\n          ^\n        FAIL: a.txtar:1: b\n",
			"# One. (0.1s)\n# Two. (0.1s)\n> wire\n  ^\nFAIL: a.txtar:1: b"},
		"without a sentence": {"    play.go:90: WORK=$WORK\n        CR=\r\n        \n        > serve\n        FAIL: a.txtar:1: b\n", "> serve\nFAIL: a.txtar:1: b"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, test.want, trim(test.output, "/workbook")) })
	}
}
