package proof

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts"
	"example.com/webserver/scripts/exercise"
)

// holdsBefore is the line with which a script says why it passes on the stage
// before its own, too.
var holdsBefore = regexp.MustCompile(`(?m)^# It holds in the stage before: .`)

// TestScriptsBite ensures that every script fails on the stage before its own;
// else it could not tell whether its stage does what it says. A script that does
// not says why. Before the first stage there is the listener of the zoo.
func TestScriptsBite(t *testing.T) {
	t.Parallel()
	b := newPrograms(t)
	stages, err := exercise.Stages(top)
	require.NoError(t, err)
	for _, name := range scripts.Names(len(stages)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stage := stageOf(name)
			var program string
			if stage == 1 {
				program = readAnimal(t, "listener").program(t, b)
			} else {
				program = b.stage(t, stages[stage-2])
			}
			text, err := os.ReadFile(scriptFile(name))
			require.NoError(t, err)
			outcome := scripts.Play(scriptFile(name), stage, program, max(stage-1, 1))
			switch holds := holdsBefore.Match(text); {
			case outcome.Skipped:
				t.Skip(outcome.Log)
			case holds:
				assert.False(t, outcome.Failed, "the script says that it holds in the stage before, but there it fails:\n%s", outcome.Log)
			default:
				assert.True(t, outcome.Failed, "the script passes on the stage before. If that is right, a line in it says why: # It holds in the stage before: …")
			}
		})
	}
}

// TestTidy ensures that what is another each time is not part of a report.
func TestTidy(t *testing.T) {
	report := strings.Join([]string{
		"# A file. (0.012s)", "> serve", "FAIL: " + filepath.Join("..", "stage1-hello", "a.txtar") + ":3: b, line 4: No reply came.",
		"  serving site on http://localhost:34567/", "  2026/11/22 16:18:58 GET / 200 6 312µs", "", ""}, "\n")
	assert.Equal(t, "  2026/01/02 15:04:05 GET /app 200 6 1ms http://localhost:8080 1ms\n",
		tidy("  2026/11/22 16:18:58 GET /app 200 6 1.312s http://127.0.0.1:12345 312µs\n  2026/11/22 16:18:58 GET /app: 400: the client left\n  2026/11/22 16:18:58 GET /app 400 165 5.1s http://127.0.0.1:1 5.1s\n"))
	assert.Equal(t, "  * pause 30ms\n", tidy("  * pause 30ms\n"), "what a script says stays")
	now := time.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
	assert.Equal(t, "  < Date: Fri, 02 Jan 2026 15:04:05 GMT\\r\\n\n  < Last-Modified: Sat, 02 Jan 2021 15:04:05 GMT\\r\\n\n  < ETag: W/\"6-c88riwpgjtvk-dn503k511nlc-gzip\"\\r\\n\n",
		tidy("  < Date: "+now+"\\r\\n\n  < Last-Modified: Sat, 02 Jan 2021 15:04:05 GMT\\r\\n\n  < ETag: W/\"6-dn50408rtkzt-dn50408rtkzt-5yu7q-gzip\"\\r\\n\n"))
	aged := "  < ETag: \"6-dn50408rtkzt-dn50408rtkzt-5yu7q\"\\r\\n\n  < Last-Modified: "
	shown := "  < ETag: \"6-c88riwpgjtvk-dn503k511nlc\"\\r\\n\n  < Last-Modified: "
	assert.Equal(t, strings.Replace(shown, "\"", "W/\"", 1)+"Fri, 02 Jan 2026 15:04:05 GMT\\r\\n\n", tidy(aged+now+"\\r\\n\n"))
	assert.Equal(t, shown+"Sat, 02 Jan 2021 15:04:05 GMT\\r\\n\n", tidy(aged+"Sat, 02 Jan 2021 15:04:05 GMT\\r\\n\n"))
	assert.Equal(t, "  < --ABCDEFGHIJKLMNOPQRSTUVWXYZ--\\r\\n\n", tidy("  < --ZW5ARRIIFHYIJ7ZQ72T3HAVIQM--\\r\\n\n"))
	crash := strings.Join([]string{"  goroutine 23 [running]:", "  main.(*server).handle(0x11ca8539e2f0, {0x66e438, 0x11ca85388118})",
		"  \t" + filepath.ToSlash(filepath.Join(t.TempDir(), "stage2-files", "main.go")) + ":105 +0xbf", ""}, "\n")
	assert.Equal(t, "  goroutine 1 [running]:\n  main.(*server).handle(...)\n  \tmain.go:105\n", tidy(crash))
	assert.Equal(t, "# A file.\n> serve\nFAIL: a.txtar:3: b, line 4: No reply came.\n"+
		"  serving site on http://localhost:8080/\n  2026/01/02 15:04:05 GET / 200 6 1ms\n", tidy(report))
}
