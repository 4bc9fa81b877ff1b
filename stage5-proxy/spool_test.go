package main

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMeasured ensures that content has a length afterwards, and the same bytes;
// and that nothing is left of it in the end.
func TestMeasured(t *testing.T) {
	directory := t.TempDir()
	t.Setenv("TMPDIR", directory)
	t.Setenv("TMP", directory)
	long := strings.Repeat("0123456789", 1e5)
	tests := map[string]struct {
		sent, want string
		stored     bool
		status     int
	}{
		"none":            {"\r\n", "", false, 0},
		"a length":        {"Content-Length: 5\r\n\r\nhello", "hello", false, 0},
		"chunks":          {"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\nA: b\r\n\r\n", "hello", true, 0},
		"no chunk":        {"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "", true, 0},
		"many":            {"Transfer-Encoding: chunked\r\n\r\nf4240\r\n" + long + "\r\n0\r\n\r\n", long, true, 0},
		"too few":         {"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n", "", false, 400},
		"a malformed one": {"Transfer-Encoding: chunked\r\n\r\n2\r\nhex\r\n", "", false, 400},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := handoverOf(t, "PUT / HTTP/1.1\r\nHost: a\r\n"+test.sent)
			sent := h.Content
			content, err := h.measured()
			// Where an open file needs no name, nobody can see it.
			wantFiles := map[bool]int{true: 1}[test.stored && runtime.GOOS == "windows"]
			if assert.Len(t, storedIn(directory), wantFiles); test.status != 0 {
				assert.Equal(t, test.status, statusOfError(err))
				return
			}
			require.NoError(t, err)
			if name == "none" {
				assert.Nil(t, content)
			} else {
				assert.Equal(t, int64(len(test.want)), content.length)
				assert.Equal(t, test.stored, !sent.unread(), "what is stored was read")
				got, err := io.ReadAll(content)
				assert.NoError(t, err)
				assert.True(t, test.want == string(got))
				assert.False(t, content.unread())
			}
			content.remove()
			assert.Empty(t, storedIn(directory))
			if test.stored {
				assert.ErrorIs(t, content.file.Close(), os.ErrClosed)
			}
		})
	}
}

// storedIn returns the files in which content is stored.
func storedIn(directory string) []string {
	names, _ := filepath.Glob(filepath.Join(directory, "webserver-*"))
	return names
}

// TestMeasuredLimit ensures that content in chunks has an end, before the disk is
// full.
func TestMeasuredLimit(t *testing.T) {
	directory := t.TempDir()
	t.Setenv("TMPDIR", directory)
	t.Setenv("TMP", directory)
	for over, want := range []int{0, 413} {
		content := zeros(0)
		content.length, content.bytes = inChunks, io.LimitReader(endlessZeros{}, spoolLimit+int64(over))
		h := &handover{Request: Request{Content: content}}
		stored, err := h.measured()
		if want == 0 {
			assert.NoError(t, err)
			assert.Equal(t, int64(spoolLimit), stored.length)
			stored.remove()
		} else {
			assert.Equal(t, want, statusOfError(err))
		}
		assert.Empty(t, storedIn(directory))
	}
}

// TestMeasuredInvites ensures that a client which waits for a word gets it.
func TestMeasuredInvites(t *testing.T) {
	for sent, want := range map[string]bool{"Content-Length: 5\r\n\r\n": true, "Content-Length: 5\r\n\r\nh": false, "Transfer-Encoding: chunked\r\n\r\n": true} {
		h := handoverOf(t, "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"+sent)
		h.measured()
		h.Client.out.Flush()
		assert.Equal(t, want, statusesIn(h.Client.conn.(placed).Conn.(*fakeConn).out.String()) == "100", sent)
	}
}
