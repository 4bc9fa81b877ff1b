package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// readFastCGI reads a request: whether the connection is to be kept, what it says
// of the request, and the content.
func readFastCGI(in *bufio.Reader) (keep bool, parameters, content string, err error) {
	for {
		var header [8]byte
		if _, err := io.ReadFull(in, header[:]); err != nil {
			return false, "", "", err
		}
		body := make([]byte, binary.BigEndian.Uint16(header[4:]))
		if _, err := io.ReadFull(in, body); err != nil {
			return false, "", "", err
		}
		in.Discard(int(header[6]))
		switch header[1] {
		case beginRequest:
			keep = string(body[:3]) == "\x00\x01\x01"
		case params:
			parameters += string(body)
		case stdin:
			if len(body) == 0 {
				return keep, parameters, content, nil
			}
			content += string(body)
		}
	}
}

// speakFastCGI is an application that answers every request with some records.
// It counts connections and requests.
func speakFastCGI(t *testing.T, answer func(parameters, content string) string, connections, requests *atomic.Int32) string {
	return listenFor(t, func(conn net.Conn) {
		connections.Add(1)
		in := bufio.NewReader(conn)
		for {
			keep, parameters, content, err := readFastCGI(in)
			if err != nil {
				return
			}
			requests.Add(1)
			io.WriteString(conn, answer(parameters, content))
			if !keep {
				return
			}
		}
	})
}

// TestFastCGI ensures that an application gets the request, with its content,
// whatever the framing, and that its connection is kept.
func TestFastCGI(t *testing.T) {
	var connections, requests atomic.Int32
	address := speakFastCGI(t, func(parameters, content string) string {
		said := fmt.Sprintf("Content-Type: a/b\r\n\r\n%v %s", strings.Contains(parameters, "\x0e\x04REQUEST_METHODPOST"), content)
		var records strings.Builder
		out := bufio.NewWriter(&records)
		writeRecord(out, stdout, []byte(said))
		out.Flush()
		return records.String() + ended
	}, &connections, &requests)
	s := newRouted(t, "/app=fastcgi://"+address)
	long := strings.Repeat("0123456789", 20000)
	for sent, want := range map[string]string{
		"Content-Length: 5\r\n\r\nhello":                                     "true hello",
		"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n": "true hello",
		"Content-Length: 0\r\n\r\n":                                          "true ",
		"Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc":               "true abc",
	} {
		got := converseFrom(s, "POST /app HTTP/1.1\r\nHost: a\r\n"+sent)
		assert.Equal(t, "200", statusesIn(got))
		content, _, err := readChunks(strings.NewReader(got[strings.Index(got, "\r\n\r\n")+4:]), lineLimit)
		assert.NoError(t, err)
		assert.Equal(t, want, content)
	}
	got := converseFrom(s, "POST /app HTTP/1.0\r\nContent-Length: 200000\r\n\r\n"+long)
	assert.True(t, strings.HasSuffix(got, "\r\n\r\ntrue "+long))
	assert.Equal(t, int32(5), requests.Load())
	assert.Equal(t, int32(1), connections.Load())
}

// TestFastCGIEnds ensures what the client is told of each way in which an
// application can end a request, how often it gets that, and whether its
// connection can be used again.
func TestFastCGIEnds(t *testing.T) {
	const head = "Content-Type: a/b\r\n\r\n"
	end := func(status string) string { return record(endRequest, "\x00\x00\x00\x00"+status+"\x00\x00\x00", 0) }
	tests := map[string]struct {
		answer      string
		want        string
		whole, kept bool
	}{
		"well":                   {record(stdout, head+"hello", 0) + ended, "200", true, true},
		"with words for the log": {record(stderr, "oh\n", 0) + record(stdout, head+"hello", 0) + record(stderr, "no", 0) + ended, "200", true, true},
		"a status of its own":    {record(stdout, "Status: 500 Oh\r\n\r\nhello", 0) + ended, "500", true, true},
		"a length":               {record(stdout, "Content-Length: 5\r\n"+head+"hello", 0) + ended, "200", true, true},
		"more than its length":   {record(stdout, "Content-Length: 5\r\n"+head+"hello, and on", 0) + ended, "200", true, true},
		"much more":              {record(stdout, "Content-Length: 5\r\n"+head+"hello"+strings.Repeat("a", 60000), 0) + strings.Repeat(record(stdout, strings.Repeat("a", 60000), 0), 3) + ended, "200", true, false},
		"less than its length":   {record(stdout, "Content-Length: 9\r\n"+head+"hello", 0) + ended, "200", false, false},
		"without a word":         {ended, "502", false, false},
		"with half a head":       {record(stdout, "Content-Type: a", 0) + ended, "502", false, false},
		"overloaded":             {end("\x02"), "503", false, false},
		"one at a time":          {end("\x01"), "502", false, false},
		"overloaded, too late":   {record(stdout, head+"hello", 0) + end("\x02"), "200", false, false},
		"no record":              {record(stdout, head+"hello", 0) + "HTTP/1.1 200 OK\r\n\r\n", "200", false, false},
		"something behind":       {record(stdout, head+"hello", 0) + ended + "more", "200", true, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var connections, requests atomic.Int32
			address := speakFastCGI(t, func(parameters, _ string) string {
				if strings.Contains(parameters, "QUERY_STRINGwell") {
					return record(stdout, head+"hello", 0) + ended
				}
				return test.answer
			}, &connections, &requests)
			s := newRouted(t, "/app=fastcgi://"+address)
			assert.Equal(t, "200", statusesIn(converseFrom(s, "GET /app?well HTTP/1.1\r\nHost: a\r\n\r\n")))
			var got string
			printed := logged(t, func() { got = converseFrom(s, "GET /app HTTP/1.1\r\nHost: a\r\n\r\n") })
			assert.Equal(t, test.want, statusesIn(got))
			_, content, _ := strings.Cut(got, "\r\n\r\n")
			if test.whole {
				assert.True(t, content == "hello" || content == "5\r\nhello\r\n0\r\n\r\n", "%.100q", content)
			} else {
				assert.False(t, strings.HasSuffix(content, "0\r\n\r\n"))
			}
			assert.Equal(t, int32(2), requests.Load(), "it was asked once")
			assert.Equal(t, name == "with words for the log", strings.Contains(printed, ": oh\n") && strings.Contains(printed, ": no\n"))
			p := s.routes[0].upstreams.all[0].means.(*fastCGI).pool
			assert.Equal(t, test.kept, len(p.kept) == 1)
			assert.Empty(t, p.inside)
		})
	}
}

// TestFastCGITimes ensures that an application has one limit for the head of its
// response, whatever it says before, and one for each piece of what follows.
func TestFastCGITimes(t *testing.T) {
	tests := map[string]struct {
		app  []step
		took time.Duration
		want int
	}{
		"a head that dribbles": {dribble(100, record(stdout, "a", 0)), replyLimit, 504},
		"words for the log":    {dribble(100, record(stderr, "a\n", 0)), replyLimit, 504},
		"slow content":         {[]step{{29 * time.Second, record(stdout, "Status: 200\n\n", 0)}, {59 * time.Second, record(stdout, "a", 0)}, {59 * time.Second, ended}}, 147 * time.Second, 200},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := handoverOf(t, "GET /app HTTP/1.1\r\nHost: a\r\n\r\n")
			logged(t, func() {
				synctest.Test(t, func(t *testing.T) {
					client, conn := net.Pipe()
					defer client.Close()
					h.Client = new(server).newConnection(conn)
					ours, theirs := net.Pipe()
					defer ours.Close()
					go drain(theirs)
					var running sync.WaitGroup
					defer running.Wait()
					running.Go(func() {
						for _, step := range test.app {
							time.Sleep(step.pause)
							io.WriteString(theirs, step.say)
						}
					})
					m := &fastCGI{"", newPool("", "")}
					assert.NoError(t, m.pool.enter())
					start := time.Now()
					response, err := m.ask(h, newLeg(ours), nil)
					if test.want == 200 && assert.NoError(t, err) {
						content, err := io.ReadAll(response.Content)
						assert.NoError(t, err)
						assert.Equal(t, "a", string(content))
						response.close()
					} else {
						assert.Equal(t, test.want, statusOfError(err))
					}
					assert.Equal(t, test.took, time.Since(start))
				})
			})
		})
	}
}

// TestFastCGIAuthorization ensures that an application of this kind gets the
// credentials of a client, and no process does.
func TestFastCGIAuthorization(t *testing.T) {
	got := make(chan string, 1)
	var connections, requests atomic.Int32
	address := speakFastCGI(t, func(parameters, _ string) string {
		got <- parameters
		return record(stdout, "Status: 204\n\n", 0) + ended
	}, &connections, &requests)
	s := newRouted(t, "/app=fastcgi://"+address)
	converseFrom(s, "GET /app HTTP/1.1\r\nHost: a\r\nAuthorization: Basic x\r\nProxy: evil\r\n\r\n")
	parameters := <-got
	assert.Contains(t, parameters, "HTTP_AUTHORIZATIONBasic x")
	assert.NotContains(t, parameters, "HTTP_PROXY")
}

// TestFastCGIDies ensures what becomes of a request whose connection ends before
// there is an answer: one that was kept may have ended before.
func TestFastCGIDies(t *testing.T) {
	var connections atomic.Int32
	address := listenFor(t, func(conn net.Conn) {
		in := bufio.NewReader(conn)
		first := connections.Add(1) == 1
		for range 2 {
			if _, _, _, err := readFastCGI(in); err != nil {
				return
			}
			io.WriteString(conn, record(stdout, "Content-Type: a/b\n\nhello", 0)+ended)
			if first {
				readFastCGI(in) // It dies over the second.
				return
			}
		}
	})
	s := newRouted(t, "/app=fastcgi://"+address)
	conn := func(method string) string {
		return statusesIn(converseFrom(s, method+" /app HTTP/1.1\r\nHost: a\r\n\r\n"))
	}
	assert.Equal(t, "200", conn("GET"))
	assert.Equal(t, "200", conn("GET"), "it was repeated")
	assert.Equal(t, int32(2), connections.Load())
	listener := time.Now()
	assert.Equal(t, "200", conn("POST"))
	assert.Less(t, time.Since(listener), time.Minute)
}
