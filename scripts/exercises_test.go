package scripts

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/exercise"
)

// mute is a server that hangs up without a word.
const mute = `package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	listener, err := net.Listen("tcp", "localhost:"+os.Args[1])
	if err != nil {
		panic(err)
	}
	fmt.Printf("serving on http://%s/\n", listener.Addr())
	for {
		if conn, err := listener.Accept(); err == nil {
			conn.Close()
		}
	}
}
`

// TestCatches ensures that a learner's script must pass with the right server,
// which is the pretender here, and fail with a wrong one.
func TestCatches(t *testing.T) {
	wrong, err := exercise.Build(filepath.Join(top, "stage1-hello"), exercise.Files{"main.go": mute}, t.TempDir())
	require.NoError(t, err)
	tests := map[string]struct{ text, says string }{
		"catches it":          {"serve site\nwire wire", ""},
		"fails with both":     {"serve site\nwire other-wire", "script.txtar: it must pass with the right server, which is that of the stage, but fails there:\n"},
		"passes with both":    {"serve site\nidle 1", "script.txtar: it passes with the right server, as it should, but with the wrong one, too"},
		"skips itself":        {"skip 'too hard'", "script.txtar: it skips itself, so it catches nothing\n"},
		"no command at all":   {"# Nothing.", "has no command"},
		"a command, misspelt": {"serve site\nwier wire", `there is no command "wier"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := play{stage: 2, takes: 1, file: writeScript(t, test.text+files), patience: newPatience()}
			why := p.catches(wrong)
			if test.says == "" {
				assert.Empty(t, why)
			} else {
				assert.Contains(t, why, "FAIL: ")
				assert.Contains(t, why, test.says)
			}
		})
	}
	right, err := exercise.Build(filepath.Join(top, "stage1-hello"), nil, t.TempDir())
	require.NoError(t, err)
	file := writeScript(t, "serve\nwire page\n-- page --\n> GET / HTTP/1.1\\r\\n\n> \\r\\n\n< HTTP/1.1 200 OK\\r\\n\n< ...\n")
	assert.Empty(t, Catches(file, 1, right, wrong))
	assert.NotEmpty(t, Catches(file, 1, right, right))
}

// TestPlayProgram ensures that a script is played whole and byte by byte, and with the
// arguments that the program's own stage takes.
func TestPlayProgram(t *testing.T) {
	program, err := exercise.Build(filepath.Join(top, "stage1-hello"), nil, t.TempDir())
	require.NoError(t, err)
	tests := map[string]struct {
		text   string
		failed bool
	}{
		"passes":          {"[stage<2] exits 3\nserve site\nidle 1", false},
		"fails":           {"serve\nclosed $ADDR", true},
		"is the program":  {"exits 2 too many arguments\nstderr '^usage: '", false},
		"no such command": {"wier", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outcome := Play(writeScript(t, test.text+"\n"), 2, program, 1)
			assert.Equal(t, test.failed, outcome.Failed, outcome.Log)
			assert.False(t, outcome.Skipped)
		})
	}
	outcome := Play(writeScript(t, "skip 'not here'\n"), 1, program, 1)
	assert.True(t, outcome.Skipped)
	assert.False(t, outcome.Failed)
}

// TestTakes ensures how many arguments each stage takes after its port.
func TestTakes(t *testing.T) {
	for stage, want := range map[int]int{1: 0, 2: 1, 3: 1, 4: 1, 5: 20} {
		assert.Equal(t, want, takes(stage))
	}
}
