package scripts

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// trimmed stands in for what makes reports tidy.
func trimmed(report string) string { return strings.TrimRight(report, "\n") + "\n" }

// TestKnownReport ensures what a report tells that is known, and that one which
// is not known makes nobody wait.
func TestKnownReport(t *testing.T) {
	k := &KnownReport{Tidy: trimmed, Text: "  got:\n    hello\n  No.\nFAIL: a/b.txtar:4: talk, line 12: No.\n" +
		sayGone[1:] + "exit status 2. Why?\nThe server printed:\n  serving\n  GET\n"}
	assert.True(t, k.tells("  got:\n    hello\n  No.\n"))
	assert.False(t, k.tells("  got:\n    hell\n"))
	assert.True(t, k.tellsWhole("The server printed:\n  serving\n  GET"))
	assert.False(t, k.tellsWhole("The server printed:\n  serving"))
	assert.Equal(t, 12, k.failsAt("talk"))
	assert.Equal(t, 0, k.failsAt("walk"))
	assert.Equal(t, stopLimit, k.fatePause())
	none := (*KnownReport)(nil)
	assert.True(t, none.tells("anything") && none.tellsWhole("anything"))
	assert.Equal(t, 0, none.failsAt("talk"))
	assert.Equal(t, fatePause(), none.fatePause())
	assert.Equal(t, fatePause(), (&KnownReport{Text: "No."}).fatePause())
}

// TestKnownIsWaitedFor ensures that a report shows what is known to come, however
// late that is: here, long after the pauses.
func TestKnownIsWaitedFor(t *testing.T) {
	tests := map[string]string{
		"> a\\r\\n\n< b\\r\\n\n":            "got:\n  < a\\r\\n\n    ^\n  < late\\r\\n\nThe bytes differ from here on.\nReading stopped because the server closed the connection.\n",
		"> a\\r\\n\n< a\\r\\n\n":            "got:\n  < late\\r\\n\n    ^\n6 bytes came after the end",
		"> a\\r\\n\n< a\\r\\n\n* pause 1ms": "got:\n  < late\\r\\n\n    ^\nThe server spoke during the pause",
	}
	for text, ending := range tests {
		lines, err := parseTranscript("talk", text)
		require.NoError(t, err)
		client, server := net.Pipe()
		go func() {
			defer server.Close()
			io.ReadFull(server, make([]byte, 3))
			io.WriteString(server, "a\r\n")
			time.Sleep(300 * time.Millisecond)
			io.WriteString(server, "late\r\n")
		}()
		failing := lines[len(lines)-1].number
		if lines[len(lines)-1].kind != '*' {
			failing = 1 // After the last line, something comes.
		}
		p := player{conn: client, patience: func() time.Duration { return 30 * time.Second }, quietPause: time.Millisecond,
			known: &KnownReport{Tidy: trimmed, Text: indent(ending) + "\n"}, failing: failing}
		f := p.play(lines)
		require.NotNil(t, f, text)
		assert.Contains(t, f.ending(), ending, text)
	}
}

// TestPauseReadLate ensures that a server which speaks again after a pause is not
// blamed where a busy machine has read both parts of a reply together, and that
// one is which makes no pause.
func TestPauseReadLate(t *testing.T) {
	for wait, passes := range map[string]bool{"100ms": true, "1h": false} {
		lines, err := parseTranscript("talk", "> a\\r\\n\n< 1\\r\\n\n* pause 100ms\n< 2\\r\\n\n")
		require.NoError(t, err)
		lines[2].words[1] = wait
		client, server := net.Pipe()
		go func() {
			defer server.Close()
			io.ReadFull(server, make([]byte, 3))
			time.Sleep(150 * time.Millisecond)
			io.WriteString(server, "1\r\n2\r\n")
		}()
		p := player{conn: client, patience: func() time.Duration { return 30 * time.Second }}
		f := p.play(lines)
		assert.Equal(t, passes, f == nil, wait)
	}
}
