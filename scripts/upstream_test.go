package scripts

import (
	"cmp"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A forwarder is a server of one client that has an upstream at an address.
type forwarder func(conn *net.TCPConn, upstream string)

// dialled returns a connection to an upstream.
func dialled(upstream string) *net.TCPConn {
	conn, err := net.Dial("tcp", upstream)
	if err != nil {
		panic(err)
	}
	return conn.(*net.TCPConn)
}

// tunnels is the forwarder that copies all bytes, both ways, and both ends.
func tunnels(conn *net.TCPConn, upstream string) {
	up := dialled(upstream)
	defer up.Close()
	go func() {
		io.Copy(up, conn)
		up.CloseWrite()
	}()
	io.Copy(conn, up)
	conn.CloseWrite()
	io.Copy(io.Discard, up)
}

// changesHead is the forwarder that changes each head that it forwards, and then
// copies all bytes.
func changesHead(change func(string) string) forwarder {
	return func(conn *net.TCPConn, upstream string) {
		up := dialled(upstream)
		defer up.Close()
		io.WriteString(up, change(readHead(conn)))
		go io.Copy(up, conn)
		io.Copy(conn, up)
	}
}

// answersItself is the forwarder that forwards nothing.
func answersItself(conn *net.TCPConn, _ string) {
	says("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").stays()(conn)
}

// sendsTwice is the forwarder that sends each request on two connections.
func sendsTwice(conn *net.TCPConn, upstream string) {
	head := readHead(conn)
	for range 2 {
		up := dialled(upstream)
		defer up.Close()
		io.WriteString(up, head)
		defer io.Copy(conn, up)
	}
	io.Copy(io.Discard, conn)
}

// connectsAgain is the forwarder that has a connection for each request.
func connectsAgain(conn *net.TCPConn, upstream string) {
	for {
		head := readHead(conn)
		if !strings.HasSuffix(head, "\r\n\r\n") {
			return
		}
		up := dialled(upstream)
		defer up.Close()
		io.WriteString(up, head)
		io.WriteString(conn, readHead(up))
	}
}

// rechunks is the forwarder that cuts content in chunks after each byte.
func rechunks(conn *net.TCPConn, upstream string) {
	up := dialled(upstream)
	defer up.Close()
	io.WriteString(up, readHead(conn))
	io.WriteString(conn, readHead(up))
	chunks, _ := io.ReadAll(io.LimitReader(up, int64(len(chunkedHello))))
	for _, b := range unchunk(chunks).data {
		io.WriteString(conn, "1\r\n"+string(b)+"\r\n")
	}
	io.WriteString(conn, "0\r\nSum: 1\r\n\r\n")
}

// chunkedHello is content in chunks.
const chunkedHello = "5\r\nhello\r\n6\r\n world\r\n0\r\nSum: 1\r\n\r\n"

// The transcripts of these tests are made of a request, which goes to the
// upstream as it came, and an answer.
const (
	asks     = "> GET /app HTTP/1.1\\r\\n\n> Host: localhost\\r\\n\n> \\r\\n\n"
	gets     = "app< GET /app HTTP/1.1\\r\\n\napp< Host: localhost\\r\\n\napp< \\r\\n\n"
	answers  = "app> HTTP/1.1 200 OK\\r\\n\napp> Content-Length: 0\\r\\n\napp> \\r\\n\n"
	answered = "< HTTP/1.1 200 OK\\r\\n\n< Content-Length: 0\\r\\n\n< \\r\\n\n"
	whole    = asks + gets + answers + answered
	inChunks = asks + gets + "app> HTTP/1.1 200 OK\\r\\n\napp> Transfer-Encoding: chunked\\r\\n\napp> \\r\\n\napp> 5\\r\\n\napp> hello\\r\\n\napp> 6\\r\\n\napp>  world\\r\\n\napp> 0\\r\\n\napp> Sum: 1\\r\\n\napp> \\r\\n\n"
	chunked  = "< HTTP/1.1 200 OK\\r\\n\n< Transfer-Encoding: chunked\\r\\n\n< \\r\\n\n"
)

// stories are transcripts in which an upstream speaks, too, and that go as they
// are written.
var stories = []struct {
	name, text string
	server     forwarder
}{
	{"whole", whole, tunnels},
	{"two on one connection", whole + whole, tunnels},
	{"two connections", whole + asks + "app* connection\n" + gets + answers + answered, connectsAgain},
	{"two connections, the first closed", whole + "app* close\n" + asks + gets + answers + answered, connectsAgain},
	{"two connections, the first reset", whole + "app* reset\n" + asks + gets + answers + answered, connectsAgain},
	{"none", asks + gets + "app* none\n" + answers + answered + "app* none\n", tunnels},
	{"nothing at all", asks + "< HTTP/1.1 404 Not Found\\r\\n\n< Content-Length: 0\\r\\n\n< \\r\\n\n", answersItself},
	{"the upstream ends", asks + gets + "app> a\\\napp* close\n< a\\\n* closed\n", tunnels},
	{"the upstream crashes", asks + gets + "app* reset\n* cut\n", tunnels},
	{"the upstream half-closes", asks + gets + "app> a\\\napp* half-close\n< a\\\n* closed\napp* closed\n", tunnels},
	{"the upstream ends when the server does", asks + gets + "* half-close\napp* closed\n* closed\n", tunnels},
	{"the client leaves", asks + gets + "app* pause 5ms\n* leave\napp* closed\n", tunnels},
	{"the client crashes", asks + gets + "* reset\napp* cut\n", tunnels},
	{"fields in another order", asks + "app< GET /app HTTP/1.1\\r\\n\napp< X: 1\\r\\n\napp< ...\napp< \\r\\n\n" + answers + answered, changesHead(func(head string) string { return strings.Replace(head, "\r\n\r\n", "\r\nx:1\r\n\r\n", 1) })},
	{"both ways", "> a\\\napp< a\\\napp> b\\\n< b\\\n> c\\\napp> d\\\napp< c\\\n< d\\\n", tunnels},
	{"much up", ">x30000000 a\\\n> b\\\n* pause 20ms\napp<x30000000 a\\\napp< b\\\n", tunnels},
	{"much down, and an end", "> a\\\napp< a\\\napp>x30000000 a\\\napp> b\\\napp* half-close\n<x30000000 a\\\n< b\\\n* closed\n", tunnels},
	{"content that does not come to its end", "> POST /app HTTP/1.1\\r\\n\n> Content-Length: 5\\r\\n\n> \\r\\n\n> ab\\\napp< POST /app HTTP/1.1\\r\\n\napp< Content-Length: 5\\r\\n\napp< \\r\\n\napp< ab\\\n* leave\napp* closed\n", tunnels},
	{"whatever", asks + "app< GET\\\napp* whatever\n* leave\n", tunnels},
	{"chunks", inChunks + chunked + "< 5\\r\\n\n< hello\\r\\n\n< 6\\r\\n\n<  world\\r\\n\n< 0\\r\\n\n< Sum: 1\\r\\n\n< \\r\\n\n", rechunks},
	{"chunks, cut in another way", inChunks + chunked + "< 9\\r\\n\n< hello wor\\r\\n\n< 2\\r\\n\n< ld\\r\\n\n< 0\\r\\n\n< Sum: 1\\r\\n\n< \\r\\n\n", tunnels},
	{"chunks in pieces", asks + gets + "app> HTTP/1.1 200 OK\\r\\n\napp> Transfer-Encoding: chunked\\r\\n\napp> \\r\\n\napp> 5\\r\\n\napp> hello\\r\\n\n" + chunked +
		"< 5\\r\\n\n< hello\\r\\n\napp> 1\\r\\n\napp> !\\r\\n\napp> 0\\r\\n\napp> \\r\\n\n< 1\\r\\n\n< !\\r\\n\n< 0\\r\\n\n< \\r\\n\n", tunnels},
	{"the rest of chunks", inChunks + chunked + "< 5\\r\\n\n< hello\\r\\n\n< ...\n", rechunks},
	{"what came at the upstream is sent back", "> ETag: \"x\"\\n\napp< ETag: <entity-tag>\\n\napp> <entity-tag>\\n\n< \"x\"\\n\n", tunnels},
}

// tell plays a transcript with an upstream called app.
func (k *talk) tell(t *testing.T, server forwarder) *failure {
	t.Helper()
	app := &upstream{name: "app", network: "tcp"}
	require.NoError(t, app.listen())
	t.Cleanup(app.remove)
	patience := k.patience
	if patience == 0 {
		patience = 5 * time.Minute // Much goes through some of these.
	}
	p := player{
		conn:       connect(t, func(conn *net.TCPConn) { server(conn, app.address) }),
		patience:   func() time.Duration { return patience },
		gaveUp:     func() { k.gaveUp++; patience = time.Hour },
		drip:       k.drip,
		extraPause: k.extraPause,
		quietPause: cmp.Or(k.quietPause, time.Second), // The connection of an upstream stays open.
		upstreams:  map[string]*upstream{"app": app},
	}
	f := p.play(k.lines(t))
	app.stop() // The server ends with its upstream.
	return f
}

// TestStories ensures that transcripts with an upstream are played, whole and
// byte by byte.
func TestStories(t *testing.T) {
	for _, test := range stories {
		for _, drip := range []bool{false, true} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				k := talk{text: test.text, drip: drip}
				if f := k.tell(t, test.server); f != nil {
					t.Errorf("drip %t:\n%s", drip, f.report())
				}
			})
		}
	}
}

// TestUpstreamDrip ensures that an upstream, too, lets the server see the first
// byte of a write on its own, when a script is played byte by byte.
func TestUpstreamDrip(t *testing.T) {
	for _, drip := range []bool{false, true} {
		app := &upstream{name: "app", network: "tcp"}
		require.NoError(t, app.listen())
		t.Cleanup(app.remove)
		app.client = &player{
			conn:      connect(t, silent),
			patience:  func() time.Duration { return 10 * time.Second },
			drip:      drip,
			dripPause: time.Minute,
			came:      memory{},
		}
		lines, err := parseTranscript("talk", "app> abc\\\n")
		require.NoError(t, err)
		first := make(chan int)
		conn := dialled(app.address)
		go func() {
			n, _ := conn.Read(make([]byte, 100))
			conn.Close()
			first <- n
		}()
		require.Nil(t, app.step(lines))
		assert.Equal(t, map[bool]int{false: 3, true: 1}[drip], <-first)
	}
}

// TestUpstreamSocket ensures that the path of a Unix socket is short enough, that
// the socket is gone when the upstream refuses connections, and its folder in the
// end.
func TestUpstreamSocket(t *testing.T) {
	app := &upstream{name: "app", network: "unix"}
	require.NoError(t, app.listen())
	folder := filepath.Dir(app.address)
	assert.FileExists(t, app.address)
	address := app.address
	app.stop()
	assert.NoFileExists(t, address)
	require.NoError(t, app.listen())
	assert.Equal(t, address, app.address)
	assert.Less(t, len(address), 104, "no path can be longer on macOS")
	app.remove()
	assert.NoDirExists(t, folder)
}

// keeps is the forwarder that does not close its connection.
func keeps(conn *net.TCPConn, upstream string) {
	up := dialled(upstream)
	defer up.Close()
	io.WriteString(up, readHead(conn))
	io.Copy(io.Discard, up)
}

// resetsUpstream is the forwarder that resets its connection.
func resetsUpstream(conn *net.TCPConn, upstream string) {
	up := dialled(upstream)
	defer up.Close()
	io.WriteString(up, readHead(conn))
	up.SetLinger(0)
}

// answersInChunks is the forwarder that answers so, whatever the upstream says.
func answersInChunks(content string) forwarder {
	return func(conn *net.TCPConn, upstream string) {
		up := dialled(upstream)
		defer up.Close()
		io.WriteString(up, readHead(conn))
		io.WriteString(conn, readHead(up)+content)
	}
}

// wantChunks wants the content that chunkedHello is.
const wantChunks = chunked + "< b\\r\\n\n< hello world\\r\\n\n< 0\\r\\n\n< Sum: 1\\r\\n\n< \\r\\n\n"

// forwardingMistakes are those of servers with an upstream.
var forwardingMistakes = []mistake{
	{name: "upstream-nothing-came", talk: talk{text: whole, patience: late}, server: answersItself},
	{name: "upstream-nothing-came-nor-answered", talk: talk{text: whole, patience: soon}, server: func(conn *net.TCPConn, _ string) { silent(conn) }},
	{name: "upstream-nothing-came-and-closed", talk: talk{text: whole, patience: late}, server: func(*net.TCPConn, string) {}},
	{name: "upstream-missing-field", talk: talk{text: strings.Replace(whole, "app< \\r", "app< Via: 1.1 webserver\\r\\n\napp< \\r", 1)}, server: connectsAgain},
	{name: "upstream-missing-field-byte-by-byte", talk: talk{drip: true, text: strings.Replace(whole, "app< \\r", "app< Via: 1.1 webserver\\r\\n\napp< \\r", 1)}, server: connectsAgain},
	{name: "upstream-unexpected-field", talk: talk{text: whole}, server: changesHead(func(head string) string { return strings.Replace(head, "\r\n\r\n", "\r\nTE: gzip\r\n\r\n", 1) })},
	{name: "upstream-wrong-value", talk: talk{text: whole}, server: changesHead(func(head string) string { return strings.Replace(head, "localhost", "localhosts", 1) })},
	{name: "upstream-wrong-target", talk: talk{text: whole}, server: changesHead(func(head string) string { return strings.Replace(head, "/app", "/", 1) })},
	{name: "upstream-bare-lf", talk: talk{text: whole}, server: changesHead(func(head string) string { return strings.ReplaceAll(head, "\r\n", "\n") })},
	{name: "upstream-twice", talk: talk{text: whole, patience: late}, server: sendsTwice},
	{name: "upstream-twice-before-the-answer", talk: talk{text: asks + gets + "app* none\n" + answers, extraPause: time.Minute, quietPause: late}, server: sendsTwice},
	{name: "upstream-one-more-request", talk: talk{text: asks + asks + gets}, server: tunnels},
	{name: "upstream-one-more-byte", talk: talk{text: asks + "> a\\\n" + gets}, server: tunnels},
	{name: "upstream-not-ended", talk: talk{text: asks + gets + "* leave\napp* cut\n", patience: late}, server: keeps},
	{name: "upstream-not-closed", talk: talk{text: asks + gets + "* leave\napp* closed\n", patience: late}, server: keeps},
	{name: "upstream-reset", talk: talk{text: asks + gets + "* leave\napp* closed\n"}, server: resetsUpstream},
	{name: "upstream-pause-but-ended", talk: talk{text: asks + gets + "app* pause 1s\n"}, server: resetsUpstream},
	{name: "upstream-pause-but-more", talk: talk{text: asks + "app< GET\\\napp* pause 1s\n"}, server: tunnels},
	{name: "upstream-no-further-connection", talk: talk{text: whole + asks + "app* connection\n" + gets, patience: late}, server: tunnels},
	{name: "upstream-no-request-on-the-same", talk: talk{text: whole + asks + gets, patience: late, extraPause: time.Minute}, server: connectsAgain},
	{name: "upstream-half-a-head", talk: talk{text: asks + gets, patience: late}, server: changesHead(func(head string) string { return head[:20] })},
	{name: "client-waits-meanwhile", talk: talk{text: asks + answered, patience: late}, server: tunnels},
	{name: "chunks-differ", talk: talk{text: inChunks + wantChunks, quietPause: late}, server: answersInChunks(strings.Replace(chunkedHello, "wor", "Wor", 1))},
	{name: "chunks-more", talk: talk{text: inChunks + wantChunks, quietPause: late}, server: answersInChunks(strings.Replace(chunkedHello, "0\r", "1\r\n!\r\n0\r", 1))},
	{name: "chunks-end-early", talk: talk{text: inChunks + wantChunks, quietPause: late}, server: answersInChunks(chunkedHello[:10] + "0\r\n\r\n")},
	{name: "chunks-are-cut", talk: talk{text: inChunks + wantChunks, quietPause: late}, server: answersInChunks(chunkedHello[:15])},
	{name: "chunks-without-the-last", talk: talk{text: inChunks + wantChunks, quietPause: late}, server: answersInChunks(chunkedHello[:21])},
	{name: "chunks-without-trailers", talk: talk{text: inChunks + wantChunks, quietPause: late}, server: answersInChunks(strings.Replace(chunkedHello, "Sum: 1\r\n", "", 1))},
	{name: "chunks-that-are-none", talk: talk{text: inChunks + wantChunks, quietPause: late}, server: answersInChunks("hello world")},
	{name: "chunks-with-a-size-too-small", talk: talk{text: inChunks + wantChunks, quietPause: late}, server: answersInChunks(strings.Replace(chunkedHello, "6", "5", 1))},
}
