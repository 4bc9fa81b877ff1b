package proof

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

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

// TestSortLog ensures that it does not matter in which order the lines of an
// access log stand in a report, nor how often; and that of other lines it does.
func TestSortLog(t *testing.T) {
	one, other := logged+"GET /a 200 6 1ms", logged+"GET /b 404 77 1ms"
	report := func(lines ...string) string { return sortLog(strings.Join(lines, "\n")) }
	assert.Equal(t, report("b", "a", one, other, "c"), report("b", "a", other, one, other, "c"))
	assert.Equal(t, report("b", one, "", one), report("b", one, one, "", one))
	assert.NotEqual(t, report("b", "a", one), report("a", "b", one))
	assert.NotEqual(t, report(one, "a", other), report(other, "a", one))
	assert.Equal(t, "b\na\n", sortLog("b\na\n"))
}
