package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fieldsOf takes fields apart that are written with a bar between them.
func fieldsOf(said string) []Field {
	fields := []Field{}
	for _, line := range strings.Split(said, "|") {
		if name, value, found := strings.Cut(line, ": "); found {
			fields = append(fields, Field{name, value})
		}
	}
	return fields
}

// TestEndToEnd ensures which fields go on, and which are for this hop only
// (RFC 9110, 7.6.1).
func TestEndToEnd(t *testing.T) {
	tests := map[string]string{
		"":                       "",
		"A: b|Cookie: c|a: d":    "A: b|Cookie: c|a: d",
		"Connection: close|A: b": "A: b",
		"CONNECTION: X-One, x-two|X-ONE: 1|X-Two: ": "",
		"Connection: a|Connection: b|A: 1|B: 2|C: ": "C: ",
		"Connection: a b|a: 1":                      "a: 1",
		"Keep-Alive: timeout=5|Proxy-connection: a": "",
		"TE: trailers|Upgrade: h2c|Trailer: A":      "Trailer: A",
		"Transfer-Encoding: chunked|A: b":           "A: b",
		"content-length: 3|Content-Type: a/b":       "Content-Type: a/b",
		"Connection: ,,|X: y":                       "X: y",
		"Proxy-Authorization: a|Expect: b":          "Proxy-Authorization: a|Expect: b",
		"Kеep-Alive: 1|Ke\u212aep: 2":               "Kеep-Alive: 1|Ke\u212aep: 2",
	}
	for said, want := range tests {
		t.Run(said, func(t *testing.T) {
			fields := fieldsOf(said)
			assert.Equal(t, fieldsOf(want), endToEnd(fields))
			assert.Equal(t, fieldsOf(said), fields, "what came is not changed")
		})
	}
}

// TestUpgrade ensures who wants to switch to another protocol.
func TestUpgrade(t *testing.T) {
	tests := map[string]string{
		"Connection: Upgrade|Upgrade: websocket":                "websocket",
		"Connection: keep-alive, upGRADE|Upgrade: a|Upgrade: b": "a, b",
		"Connection: upgrade":                                   "",
		"Upgrade: websocket":                                    "",
		"Connection: upgraded|Upgrade: websocket":               "",
	}
	for said, want := range tests {
		assert.Equal(t, want, upgrade(fieldsOf(said)), said)
	}
}

// TestTrailersFor ensures which fields do not go on after content (RFC 9110,
// 6.5.1).
func TestTrailersFor(t *testing.T) {
	assert.Equal(t, fieldsOf("Checksum: 1|X-A: b"),
		trailersFor(fieldsOf("Checksum: 1|Content-Length: 3|Transfer-Encoding: chunked|host: a|Set-Cookie: b|X_A: c|X.A: c|X-A: b|AUTHORIZATION: x|"+
			"Connection: close|X-Forwarded-For: 1|Via: 1.1 a|Trailer: A|Content-Type: a/b|Content-Encoding: gzip|Content-Range: x|Cache-Control: y|"+
			"Expect: z|Max-Forwards: 1|Range: 1|Forwarded: for=a|Cookie: a|x-hop: 1"), []string{"close", "X-Hop"}))
	for _, name := range notInTrailers {
		assert.Empty(t, trailersFor([]Field{{strings.ToUpper(name), "x"}}, nil), name)
	}
}

// TestMaxForwards ensures who answers a request that counts its hops, and what
// the next one counts (RFC 9110, 7.6.2).
func TestMaxForwards(t *testing.T) {
	tests := map[string]struct {
		method, fields string
		isLast         bool
		status         int
		want           string
	}{
		"none":               {"OPTIONS", "A: b", false, 0, "A: b"},
		"not for GET":        {"GET", "Max-Forwards: 0", false, 0, "Max-Forwards: 0"},
		"the last":           {"OPTIONS", "Max-Forwards: 0", true, 0, "Max-Forwards: 0"},
		"the last, zeros":    {"OPTIONS", "max-forwards: 00", true, 0, "max-forwards: 00"},
		"the last of TRACE":  {"TRACE", "Max-Forwards: 0", true, 405, "Max-Forwards: 0"},
		"one more":           {"OPTIONS", "Max-Forwards: 1|A: b", false, 0, "A: b|Max-Forwards: 0"},
		"TRACE, and more":    {"TRACE", "Max-Forwards: 11", false, 0, "Max-Forwards: 10"},
		"a minus sign":       {"OPTIONS", "Max-Forwards: -1", false, 400, "Max-Forwards: -1"},
		"no number":          {"OPTIONS", "Max-Forwards: a", false, 400, "Max-Forwards: a"},
		"empty":              {"TRACE", "Max-Forwards: ", false, 400, "Max-Forwards: "},
		"twice":              {"OPTIONS", "Max-Forwards: 0|Max-Forwards: 1", false, 0, "Max-Forwards: 0|Max-Forwards: 1"},
		"not for BREW":       {"BREW", "Max-Forwards: x", false, 0, "Max-Forwards: x"},
		"not for options":    {"options", "Max-Forwards: 0", false, 0, "Max-Forwards: 0"},
		"a number with plus": {"OPTIONS", "Max-Forwards: +1", false, 400, "Max-Forwards: +1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			said := fieldsOf(test.fields)
			h := &handover{Request: Request{Method: test.method, Fields: said}}
			isLast, err := new(server).isLastHop(h)
			assert.Equal(t, test.isLast, isLast)
			if test.status == 0 {
				assert.NoError(t, err)
			} else {
				assert.Equal(t, test.status, statusOf(err))
			}
			assert.Equal(t, fieldsOf(test.want), h.Fields)
			assert.Equal(t, fieldsOf(test.fields), said, "what came is not changed")
		})
	}
}

// TestLastHop ensures that the last hop answers, and nobody behind it hears of
// the request.
func TestLastHop(t *testing.T) {
	s := newServer(t)
	s.routeTo(stubMeans(func(*handover) (*Response, error) {
		t.Error("it was handed over")
		return nil, errBroken
	}))
	got := converse(s, "OPTIONS /app HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\nTRACE /app HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n")
	require.Equal(t, "200 405", statusesIn(got))
	assert.Equal(t, 2, strings.Count(got, "Allow: GET, HEAD, OPTIONS\r\n"))
}

// TestCheckCircle ensures how often a request may come by (RFC 9110, 7.6.3).
func TestCheckCircle(t *testing.T) {
	hop := "1.1 " + product
	tests := map[string]struct {
		via  []string
		want bool
	}{
		"none":               {nil, true},
		"a few":              {[]string{hop, hop + ", " + hop}, true},
		"as often as it may": {[]string{strings.Repeat(hop+",", circleLimit)}, true},
		"once more":          {[]string{strings.Repeat(hop+",", circleLimit+1)}, false},
		"in many lines":      {strings.Split(strings.Repeat(hop+",", circleLimit)+hop, ","), false},
		"in HTTP/1.0":        {[]string{strings.Repeat("1.0 webserver, ", circleLimit+1)}, false},
		"others":             {[]string{strings.Repeat("1.1 other, 1.1 webserver.example, 1.1 mywebserver, ", 20)}, true},
		"others and this":    {[]string{strings.Repeat("1.1 other, "+hop+", ", circleLimit+1)}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var request Request
			for _, value := range test.via {
				request.Fields = append(request.Fields, Field{"via", value})
			}
			if err := checkCircle(request); test.want {
				assert.NoError(t, err)
			} else {
				assert.Equal(t, 502, statusOf(err))
			}
		})
	}
}

// TestVia ensures what this server says of itself.
func TestVia(t *testing.T) {
	assert.Equal(t, "1.1 webserver", via("HTTP/1.1"))
	assert.Equal(t, "1.0 webserver", via("HTTP/1.0"))
}
