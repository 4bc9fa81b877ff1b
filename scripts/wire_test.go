package scripts

import (
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/webserver/scripts/exercise"
)

// echoes is the speaker that sends back what it reads, until the client ends.
func echoes(conn *net.TCPConn) {
	all, _ := io.ReadAll(conn)
	conn.Write(all)
}

// inPieces is the speaker that sends its reply one byte at a time, and another
// reply when it is sent one more byte.
func inPieces(conn *net.TCPConn) {
	readHead(conn)
	for i := range len(helloReply) {
		io.WriteString(conn, helloReply[i:i+1])
	}
	conn.Read(make([]byte, 1))
	io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
}

// wantsReset is the speaker that fails the test when its connection ends
// otherwise than in a reset.
func wantsReset(t *testing.T) speaker {
	return func(conn *net.TCPConn) {
		readHead(conn)
		_, err := io.Copy(io.Discard, conn)
		assert.Error(t, err, "a connection that is reset does not end like one that is closed")
	}
}

// fine are conversations that go as the transcript wants.
var fine = []struct {
	name, text string
	speak      func(*testing.T) speaker
}{
	{"closed", helloTalk, always(says(helloReply))},
	{"closed, with no reply", "> \\r\\n\\r\\n\n* closed\n", always(says(""))},
	{"cut by a close", "> \\r\\n\\r\\n\n* cut\n", always(says(""))},
	{"cut by a close, after a reply", "> \\r\\n\\r\\n\n* cut\n", always(says(helloReply))},
	{"cut by a reset", "> \\r\\n\\r\\n\n* cut\n", always(resets)},
	{"dropped", "> \\r\\n\\r\\n\n* dropped\n", always(resets)},
	{"pause", "* pause 5ms\n> GET /hello.txt HTTP/1.1\\r\\n\n* pause 5ms\n> \\r\\n\n< HTTP/1.1 200 OK\\r\\n\n< ...\n* closed\n", always(says(helloReply))},
	{"half-close", "> abc\\n\n* half-close\n< abc\\n\n* closed\n", always(echoes)},
	{"leave", "> GET /hello.txt HTTP/1.1\\r\\n\n* leave\n", always(silent)},
	{"leave a reply", "> \\r\\n\\r\\n\n< HTTP/1.1\\\n* leave\n", always(says(helloReply))},
	{"reset", "> \\r\\n\\r\\n\n* reset\n", wantsReset},
	{"whatever, with more", "> \\r\\n\\r\\n\n< HTTP/1.1\\\n* whatever\n", always(says(helloReply))},
	{"whatever, with silence", "> \\r\\n\\r\\n\n* whatever\n", always(silent)},
	{"reply in pieces", strings.Replace(helloTalk, "* closed", "> x\\\n< HTTP/1.1 204 No Content\\r\\n\n< \\r\\n\n* closed", 1), always(inPieces)},
	{"HEAD", "> HEAD / HTTP/1.1\\r\\n\n> \\r\\n\n< HTTP/1.1 200 OK\\r\\n\n< ...\n* closed\n", always(says("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n"))},
	{"open at the end", "> \\r\\n\\r\\n\n< a\\\n", always(says("a").stays())},
	{"much at a time", ">x100000 a\\r\\n\n* half-close\n<x100000 a\\r\\n\n* closed\n", always(echoes)},
}

// always is a speaker that needs no test.
func always(speak speaker) func(*testing.T) speaker {
	return func(*testing.T) speaker { return speak }
}

// TestPlay ensures that every kind of line is played, whole and byte by byte.
func TestPlay(t *testing.T) {
	for _, test := range fine {
		for _, drip := range []bool{false, true} {
			k := talk{text: test.text, drip: drip}
			assert.Nil(t, k.play(t, test.speak(t)), "%s, drip %t", test.name, drip)
			assert.Zero(t, k.gaveUp, test.name)
		}
	}
}

// wrongs are conversations that do not go as the transcript wants.
var wrongs = []struct {
	name, text string
	speak      speaker
	says       string
	stopped    string
	gaveUp     int
}{
	{"closed, but reset", "> \\r\\n\\r\\n\n* closed\n", resets, "The connection was reset, not closed.", "the connection was reset", 0},
	{"closed, but open", "> \\r\\n\\r\\n\n* closed\n", silent, "did not close the connection.", "was still open after 500ms", 1},
	{"closed, but more", "> \\r\\n\\r\\n\n* closed\n", says("abc"), "3 bytes came after the end", "the server closed the connection", 0},
	{"cut, but open", "> \\r\\n\\r\\n\n* cut\n", says("abc").stays(), "did not end the connection.", "was still open after 500ms", 1},
	{"cut, but endless", "> \\r\\n\\r\\n\n* cut\n", endless(64 << 10), "did not end the connection.", "was still open after 500ms", 1},
	{"dropped, but closed", "> \\r\\n\\r\\n\n* dropped\n", says(""), "The connection was closed, as if all had come.", "the server closed the connection", 0},
	{"dropped, but open", "> \\r\\n\\r\\n\n* dropped\n", silent, "did not end the connection.", "was still open after 500ms", 1},
	{"pause, but more", "> \\r\\n\\r\\n\n* pause 1s\n", says("abc"), "The server spoke during the pause", "the server closed the connection", 0},
	{"pause, but closed", "> \\r\\n\\r\\n\n* pause 1s\n", says(""), "The server ended the connection", "the server closed the connection", 0},
	{"pause, but reset", "> \\r\\n\\r\\n\n* pause 1s\n", resets, "The server ended the connection", "the connection was reset", 0},
	{"nothing wanted, but more", "> \\r\\n\\r\\n\n< a\\\n", says("abc"), "2 bytes came after the end", "the server closed the connection", 0},
	{"nothing wanted, but a reply", "> \\r\\n\\r\\n\n< a\\\n", says("a" + helloReply), "One more reply came", "the server closed the connection", 0},
	{"no reply wanted, but one came", "> \\r\\n\\r\\n\n* closed\n", says(helloReply), "A reply came, and the script wants none.", "the server closed the connection", 0},
	{"reply, but reset", "> \\r\\n\\r\\n\n< a\\\n", resets, "The script wants more than came.", "the connection was reset", 0},
	{"reply, but silence", "> \\r\\n\\r\\n\n< a\\\n", silent, "The script wants more than came.", "had not come after 500ms", 1},
	{"reply, but without an end", "> \\r\\n\\r\\n\n< ...\n", endless(1), "it was not closed", "had not come after 500ms", 1},
	{"reply, but wrong without an end", "> \\r\\n\\r\\n\n< b\\\n", endless(50), "The bytes differ from here on.", "what came was wrong already", 0},
	{"patience, but silence", "* patience 30ms\n> \\r\\n\\r\\n\n< a\\\n", silent, "The script wants more than came.", "had not come after 30ms", 1},
	{"closed, but not all was read", "> \\r\\n\\r\\n\n< a\\\n>x50000000 b\\\n* closed\n", leavesUnread, "The connection was reset, not closed.", "the connection was reset", 0},
	{"half-close, but not answered", "> a\\\n* half-close\n< b\\\n", echoes, "The bytes differ", "the server closed the connection", 0},
}

// endless is the speaker that never stops, and writes so many bytes at a time.
func endless(size int) speaker {
	return func(conn *net.TCPConn) {
		readHead(conn)
		for {
			if _, err := io.WriteString(conn, strings.Repeat("a", size)); err != nil {
				return
			}
		}
	}
}

// TestPlayFails ensures that what goes wrong is noticed, in time, and that the
// player gives up exactly where its patience was not enough.
func TestPlayFails(t *testing.T) {
	for _, test := range wrongs {
		for _, drip := range []bool{false, true} {
			name := test.name
			if drip {
				name += ", byte by byte"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				k := talk{text: test.text, drip: drip}
				if test.gaveUp > 0 {
					k.patience = soon
				}
				failure := k.play(t, test.speak)
				require.NotNil(t, failure)
				assert.Contains(t, failure.difference.says, test.says)
				assert.Contains(t, failure.stopped, test.stopped)
				assert.Equal(t, test.gaveUp, k.gaveUp)
				assert.Equal(t, drip, failure.drip)
			})
		}
	}
}

// TestDrip ensures that a drip lets a server see the first byte of a write on
// its own: a server that takes one read for one request is caught.
func TestDrip(t *testing.T) {
	assert.Nil(t, (&talk{text: helloTalk}).play(t, readsOnce))
	failure := (&talk{text: helloTalk, drip: true, dripPause: time.Minute}).play(t, readsOnce)
	require.NotNil(t, failure)
	assert.Contains(t, failure.difference.says, "The status is 400")

}

// TestCalls ensures that consecutive lines are one write; that in a drip every
// byte is one, except in lines with a count, with a moment for the server after
// the first and before the last; and that after the end the player looks once
// more whether something comes.
func TestCalls(t *testing.T) {
	text := "> abcd\\\n>x3 e\\\n< 1\\\n> f\\\n"
	answers := func(conn *net.TCPConn) {
		io.ReadFull(conn, make([]byte, len("abcdeee")))
		io.WriteString(conn, "1")
		io.Copy(io.Discard, conn)
	}
	k := talk{text: text}
	require.Nil(t, k.play(t, answers))
	assert.Equal(t, []string{"abcdeee", "read", "f", "read"}, k.calls)
	k = talk{text: text, drip: true}
	require.Nil(t, k.play(t, answers))
	assert.Equal(t, []string{"a", "read", "b", "c", "read", "d", "eee", "read", "read", "f", "read"}, k.calls)
}

// TestFillOverdue ensures that when the time is over nothing is read, even if
// something is there: otherwise a server that never stops would never be late.
func TestFillOverdue(t *testing.T) {
	written := make(chan struct{})
	p := player{conn: connect(t, func(conn *net.TCPConn) {
		io.WriteString(conn, "a")
		close(written)
		io.Copy(io.Discard, conn)
	})}
	<-written
	assert.ErrorIs(t, p.fill(-time.Second), os.ErrDeadlineExceeded)
	assert.Empty(t, p.got)
	assert.NoError(t, p.ended)
	require.NoError(t, p.fill(time.Minute))
	assert.Equal(t, "a", string(p.got))
}

// TestReplyLimit ensures that a server which sends without an end does not fill
// the memory of the machine.
func TestReplyLimit(t *testing.T) {
	k := talk{text: "> \\r\\n\\r\\n\n< ...\n", patience: 5 * time.Minute}
	failure := k.play(t, says(strings.Repeat("a", replyLimit+1)).stays())
	require.NotNil(t, failure)
	assert.Equal(t, "16 MiB came, and no end", failure.stopped)
}

// TestPatience ensures that after a first disappointment the run waits less, and
// that a stage which has the race detector is waited for longer.
func TestPatience(t *testing.T) {
	p := newPatience()
	assert.Equal(t, 5*time.Second, p.now())
	p.lose()
	assert.Equal(t, time.Second, p.now())
	p = ownPatience()
	assert.Equal(t, exercise.RaceDetector(), p.now() == 20*time.Second)
	p.lose()
	assert.Equal(t, time.Second, p.now())
}
