package tap

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzSplit ensures that whatever two sides say, in pieces of any size, nothing
// fails, and that what is shown and what is left out is what has passed.
func FuzzSplit(f *testing.F) {
	for _, test := range splitCases {
		var spoken strings.Builder
		for _, turn := range test.turns {
			spoken.WriteString(turn + "\x00")
		}
		f.Add([]byte(spoken.String()), uint8(7))
	}
	f.Fuzz(func(t *testing.T, spoken []byte, size uint8) {
		r := silentRecord(t)
		c := r.newConversation()
		passed := map[side]string{}
		for turn := range strings.SplitSeq(string(spoken), "\x00") {
			if len(turn) < 2 {
				continue
			}
			s := client
			if turn[0] == '<' {
				s = server
			}
			passed[s] += turn[1:]
			for rest := turn[1:]; rest != ""; {
				n := min(len(rest), int(size)+1)
				c.feed(s, []byte(rest[:n]))
				rest = rest[n:]
			}
		}
		c.ends(client, closed)
		c.ends(server, reset)
		c.done("")
		checkNothingLost(t, r, passed)
	})
}

// checkNothingLost ensures that what is shown of each side, and what is left out,
// is what has passed: on the page, and in the transcript.
func checkNothingLost(t *testing.T, r *record, passed map[side]string) {
	shown, written, left := map[side]string{}, map[side]string{}, map[side]int{}
	for _, e := range r.exchanges {
		require.LessOrEqual(t, len(e.messages), messagesKept)
		if e.unkept > 0 || e.lost > 0 || r.gone > 0 {
			return
		}
		for _, m := range e.messages {
			for _, p := range m.pieces {
				shown[m.side] += string(p.data)
			}
			left[m.side] += int(m.left)
		}
		r.viewOf(e)
	}
	for _, l := range strings.Split(strings.TrimSpace(literal(r)), "\n") {
		if s := side(l[0]); (s == client || s == server) && l != "< ..." {
			written[s] += unquote(t, l[2:])
		}
	}
	for s, all := range passed {
		require.Equal(t, len(all), len(shown[s])+left[s])
		if left[s] == 0 {
			require.Equal(t, all, shown[s])
		}
		if !strings.Contains(literal(r), "\n< --<boundary>") {
			require.Equal(t, len(all), len(written[s])+left[s], "the transcript:\n%s", literal(r))
		}
	}
}

// literal returns the transcript of all exchanges, with what the placeholders
// stand for: that is in the remark before.
func literal(r *record) string {
	lines := strings.Split(script(r.exchanges), "\n")
	for i := 1; i < len(lines); i++ {
		name, value, found := strings.Cut(lines[i-1], ": ")
		if !found || !strings.HasPrefix(name, "# ") || lines[i] == "" || lines[i][0] != '>' && lines[i][0] != '<' {
			continue
		}
		for _, p := range []string{"<IMF-fixdate>", "<1*DIGIT>", "<entity-tag>", "<boundary>"} {
			if at := strings.Index(lines[i], p); at >= 0 {
				start := lines[i][:strings.Index(lines[i], ":")+1]
				rest := strings.TrimPrefix(lines[i], start)
				blank := rest[:len(rest)-len(strings.TrimLeft(rest, " \\t"))]
				end := lines[i][len(strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(lines[i], `\n`), `\r`), " ")):]
				lines[i] = start + blank + value + end
				break
			}
		}
	}
	return strings.Join(lines, "\n")
}

// unquote returns the bytes that a line of a transcript stands for.
func unquote(t *testing.T, text string) string {
	if (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1 {
		text = text[:len(text)-1]
	}
	var out []byte
	for text != "" {
		r, multibyte, tail, err := strconv.UnquoteChar(text, 0)
		require.NoError(t, err, text)
		if multibyte {
			out = append(out, string(r)...)
		} else {
			out = append(out, byte(r))
		}
		text = tail
	}
	return string(out)
}
