package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestWeightOf ensures the example of RFC 9110, 12.5.1, and what follows from
// its rules.
func TestWeightOf(t *testing.T) {
	const rfc = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5"
	const firefox = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
	tests := []struct {
		accept, mediaType string
		want              int
	}{
		{rfc, "text/plain;format=flowed", 1000},
		{rfc, "text/plain", 700},
		{rfc, "text/html", 300},
		{rfc, "image/jpeg", 500},
		{rfc, "text/plain;format=fixed", 400},
		{rfc, "text/html;level=3", 300},
		{firefox, "text/html; charset=utf-8", 1000},
		{firefox, "application/json", 800},
		{"", "text/html", 1000},
		{"*/*", "text/html", 1000},
		{"*/*;q=0", "text/html", 0},
		{"text/*", "text/html", 1000},
		{"text/*", "image/png", 0},
		{"text/*;q=0, */*", "text/html", 0},
		{"*/*, text/*;q=0", "text/html", 0},
		{"text/html", "text/html; charset=utf-8", 1000},
		{"TEXT/HTML", "text/html", 1000},
		{"text/html;charset=UTF-8", "text/html; charset=utf-8", 1000},
		{`text/html;Charset="utf-8"`, "text/html; charset=utf-8", 1000},
		{"text/html;charset=latin1", "text/html; charset=utf-8", 0},
		{"text/html;charset=latin1", "text/html", 0},
		{"text/html;q=0.5, text/html;charset=utf-8", "text/html; charset=utf-8", 1000},
		{"text/html;charset=utf-8;q=0.2, text/html", "text/html; charset=utf-8", 200},
		{"text/html;q=0.5, text/html;q=0.7", "text/html", 500},
		{"text/html;q=0.5;charset=latin1", "text/html", 500},
		{"text/html;q=0.001", "text/html", 1},
		{"text/html;q=2, */*;q=0.1", "text/html", 100},
		{"text/htm", "text/html", 0},
		{"text/htmlx", "text/html", 0},
		{"text/", "text/html", 1000},
		{"text", "text/html", 1000},
		{"*", "text/html", 1000},
		{"*/html", "text/html", 1000},
		{"a b/c", "text/html", 1000},
		{"text;q=0, image/png", "text/html", 0},
		{"image/png;q=x", "text/html", 1000},
		{", ,", "text/html", 1000},
	}
	for _, test := range tests {
		t.Run(test.accept+" for "+test.mediaType, func(t *testing.T) {
			assert.Equal(t, test.want, weightOf(test.mediaType, preferences([]string{test.accept})))
		})
	}
}

// TestPreferences ensures that what is malformed says nothing, and that the rest
// counts.
func TestPreferences(t *testing.T) {
	tests := map[string][]preference{
		"":                            nil,
		"gzip":                        {{"gzip", nil, 1000}},
		"GZIP;Q=0.5":                  {{"gzip", nil, 500}},
		"gzip ; q=0.5 , br":           {{"gzip", nil, 500}, {"br", nil, 1000}},
		"gzip;q=0":                    {{"gzip", nil, 0}},
		"gzip;q=5, br":                {{"br", nil, 1000}},
		"gzip;q, br":                  {{"br", nil, 1000}},
		"gzip;q=, br":                 {{"br", nil, 1000}},
		`gzip;q="0.5", br`:            {{"gzip", nil, 500}, {"br", nil, 1000}},
		"a/b;c=d;q=0.3;e=f":           {{"a/b", []parameter{{"c", "d"}}, 300}},
		"a/b;c=d":                     {{"a/b", []parameter{{"c", "d"}}, 1000}},
		`a/b;c="d,e;f";q=0.3, g/h`:    {{"a/b", []parameter{{"c", "d,e;f"}}, 300}, {"g/h", nil, 1000}},
		"a/b;c d;q=0.3, g/h":          {{"g/h", nil, 1000}},
		"a/b;q=0.3;q=0.4":             {{"a/b", nil, 300}},
		"text/html, image/gif;q=0.20": {{"text/html", nil, 1000}, {"image/gif", nil, 200}},
	}
	for value, want := range tests {
		t.Run(value, func(t *testing.T) {
			assert.Equal(t, want, preferences([]string{value}))
		})
	}
	assert.Equal(t, preferences([]string{"a/b, c/d;q=0"}), preferences([]string{"a/b", "", "c/d;q=0"}), "over several lines")
}

// TestQvalue ensures which numbers are weights (RFC 9110, 12.4.2).
func TestQvalue(t *testing.T) {
	tests := map[string]int{
		"0": 0, "0.": 0, "0.0": 0, "0.000": 0, "0.1": 100, "0.12": 120, "0.123": 123, "0.001": 1, "0.999": 999,
		"1": 1000, "1.": 1000, "1.0": 1000, "1.000": 1000,
		"": -1, ".": -1, ".5": -1, "0.1234": -1, "1.0000": -1, "1.1": -1, "1.001": -1, "2": -1, "-0": -1, "+1": -1, "00": -1, "01": -1,
		"0,5": -1, "0.5.5": -1, "0.x": -1, "0.-1": -1, "0.+1": -1, "0. 5": -1, "1e0": -1, "0x0": -1, "0._1": -1, "0.٣": -1, "10": -1,
	}
	for s, want := range tests {
		t.Run(s, func(t *testing.T) {
			got, ok := qvalue(s)
			assert.Equal(t, want >= 0, ok)
			assert.True(t, !ok || got == want, "%d", got)
		})
	}
}

// TestIsMediaRange ensures what can stand in Accept.
func TestIsMediaRange(t *testing.T) {
	tests := map[string]bool{
		"text/html": true, "text/*": true, "*/*": true, "image/svg+xml": true,
		"": false, "*": false, "text": false, "/": false, "text/": false, "/html": false, "*/html": false, "a/b/c": false, "te xt/html": false, "text /html": false,
	}
	for s, want := range tests {
		t.Run(s, func(t *testing.T) {
			assert.Equal(t, want, isMediaRange(s))
		})
	}
}

// TestChoose ensures that the best one wins, the first of those as good, and
// none where none is taken.
func TestChoose(t *testing.T) {
	types := []string{"text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"}
	tests := map[string]int{
		"": 0, "*/*": 0, "text/*": 0, "application/json": 1, "text/plain": 2, "application/json, text/plain": 1,
		"text/plain, application/json": 1, "text/html;q=0.5, text/plain;q=0.6": 2, "text/html;q=0, */*": 1, "text/*;q=0, */*;q=0.001": 1,
		"text/html;q=0.9, */*;q=0.8": 0, "image/png": -1, "*/*;q=0": -1, "text/*;q=0": -1, "nonsense": 0, "text/html;q=nonsense": 0,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": 0,
	}
	for accept, want := range tests {
		t.Run(accept, func(t *testing.T) {
			assert.Equal(t, want, choose(types, preferences([]string{accept})))
		})
	}
	assert.Equal(t, -1, choose(nil, nil))
}

// FuzzAccept ensures that whatever a client says of what it takes, each weight
// is one, and that what is chosen is there, and is liked best.
func FuzzAccept(f *testing.F) {
	for _, accept := range []string{
		"", "*/*", "text/html;q=0.5, */*;q=0", `text/*;a="b,c";q=0.123`, ";q=1", "a/b;q=1.000;q=0", "text/html;q=\x00", "gzip, *;q=0", "text/plain;charset=utf-8",
	} {
		f.Add(accept, "application/json")
	}
	f.Fuzz(func(t *testing.T, accept, another string) {
		accepted := preferences([]string{accept})
		for _, p := range accepted {
			assert.True(t, 0 <= p.weight && p.weight <= 1000, "%v", p)
		}
		gzip, identity := codingWeights(accepted)
		assert.True(t, 0 <= gzip && gzip <= 1000 && 0 <= identity && identity <= 1000)
		types := []string{"text/html; charset=utf-8", another, "text/plain; charset=utf-8"}
		best := choose(types, accepted)
		for i, mediaType := range types {
			weight := weightOf(mediaType, accepted)
			assert.True(t, 0 <= weight && weight <= 1000, "%d", weight)
			switch {
			case best < 0:
				assert.Zero(t, weight)
			case i < best:
				assert.Less(t, weight, weightOf(types[best], accepted))
			default:
				assert.LessOrEqual(t, weight, weightOf(types[best], accepted))
			}
		}
		assert.Less(t, best, len(types))
	})
}
