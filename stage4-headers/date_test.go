package main

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestParseDate ensures the three forms of a date, and that nothing else is one
// (RFC 9110, 5.6.7).
func TestParseDate(t *testing.T) {
	const want = "1994-11-06T08:49:37Z"
	tests := map[string]string{
		"Sun, 06 Nov 1994 08:49:37 GMT":    want,
		"Sunday, 06-Nov-94 08:49:37 GMT":   want,
		"Sun Nov  6 08:49:37 1994":         want,
		"Wed Nov 16 08:49:37 1994":         "1994-11-16T08:49:37Z",
		"Thu, 29 Feb 2024 23:59:59 GMT":    "2024-02-29T23:59:59Z",
		"Thu, 01 Jan 1970 00:00:00 GMT":    "1970-01-01T00:00:00Z",
		"":                                 "",
		"now":                              "",
		"0":                                "",
		"784111777":                        "",
		"1994-11-06T08:49:37Z":             "",
		"Sun, 06 Nov 1994 08:49:37":        "",
		"Sun, 06 Nov 1994 08:49:37 UTC":    "",
		"Sun, 06 Nov 1994 08:49:37 +0000":  "",
		"Sun, 06 Nov 1994 08:49:37 CET":    "",
		"Sun, 06 Nov 94 08:49:37 GMT":      "",
		"Sun, 6 Nov 1994 08:49:37 GMT":     "",
		"Sun, 06 Nov 1994 08:49 GMT":       "",
		"Sun, 06 Nov 1994 24:00:00 GMT":    "",
		"Sun, 32 Nov 1994 08:49:37 GMT":    "",
		"Wed, 29 Feb 2023 08:49:37 GMT":    "",
		"06 Nov 1994 08:49:37 GMT":         "",
		"Sun, 06 Nov 1994 08:49:37 GMT x":  "",
		"Sun, 06-Nov-1994 08:49:37 GMT":    "",
		`"Sun, 06 Nov 1994 08:49:37 GMT"`:  "",
		"Sun Nov 06 08:49:37 1994":         want,
		"Sat, 31 Dec 2016 23:59:60 GMT":    "2016-12-31T23:59:59Z",
		"Saturday, 31-Dec-16 23:59:60 GMT": "2016-12-31T23:59:59Z",
		"Sat Dec 31 23:59:60 2016":         "2016-12-31T23:59:59Z",
		"Sat, 31 Dec 2016 23:59:61 GMT":    "",
		"Sun, 06 Nov 1994 8:49:37 GMT":     "",
		"Sun, 06 Nov 1994 08:49:37.5 GMT":  "",
		"Sun, 06 Nov 1994 08:49:37,5 GMT":  "",
		"sun, 06 Nov 1994 08:49:37 GMT":    "",
		"Sun, 06 nov 1994 08:49:37 GMT":    "",
		"Sun, 06 Nov 1994 08:49:37 gmt":    "",
		"Mon, 06 Nov 1994 08:49:37 GMT":    "",
		"Sunday, 06-Nov-94 8:49:37 GMT":    "",
		"sunday, 06-Nov-94 08:49:37 GMT":   "",
		"Sunday, 06-NOV-94 08:49:37 GMT":   "",
		"Monday, 06-Nov-94 08:49:37 GMT":   "",
		"Thursday, 29-Feb-00 08:49:37 GMT": "",
		"Sun Nov 6 08:49:37 1994":          "",
		"Sun Nov  6 8:49:37 1994":          "",
		"Sun Nov  6 08:49:37.5 1994":       "",
		"SUN Nov  6 08:49:37 1994":         "",
	}
	for s, want := range tests {
		t.Run(s, func(t *testing.T) {
			got, ok := parseDate(s, old)
			assert.Equal(t, want != "", ok)
			if ok {
				assert.Equal(t, want, got.Format(time.RFC3339))
			}
		})
	}
}

// TestParseDateCentury ensures in which century a year of two digits is: what
// appears to be more than 50 years in the future is in the past (RFC 9110,
// 5.6.7).
func TestParseDateCentury(t *testing.T) {
	tests := map[string]struct {
		now  int
		year string
		want int
	}{
		"this year":                   {2026, "26", 2026},
		"last year":                   {2026, "25", 2025},
		"next year":                   {2026, "27", 2027},
		"fifty years on":              {2026, "76", 2076},
		"more than that":              {2026, "77", 1977},
		"the last of the last":        {2026, "99", 1999},
		"the first of this century":   {2026, "00", 2000},
		"where Go has its border":     {2026, "68", 2068},
		"and beyond it":               {2026, "69", 2069},
		"in the last century":         {1994, "94", 1994},
		"as people knew it":           {1994, "44", 1944},
		"and what was the future":     {1994, "00", 1900},
		"late in this century":        {2090, "10", 2010},
		"late, and what is not far":   {2090, "99", 2099},
		"in the next century":         {2101, "51", 2151},
		"in the next, and long since": {2101, "52", 2052},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			now := time.Date(test.now, 11, 6, 8, 49, 37, 0, time.UTC)
			weekday := time.Date(test.want, 11, 6, 0, 0, 0, 0, time.UTC).Weekday()
			got, ok := parseDate(weekday.String()+", 06-Nov-"+test.year+" 08:49:37 GMT", now)
			assert.True(t, ok)
			assert.Equal(t, test.want, got.Year())
			assert.Equal(t, "Nov 6 08:49:37", got.Format("Jan 2 15:04:05"))
		})
	}
	later, _ := parseDate("Saturday, 06-Nov-76 08:49:38 GMT", time.Date(2026, 11, 6, 8, 49, 37, 0, time.UTC))
	assert.Equal(t, 1976, later.Year(), "a second more than 50 years")
}

// TestFormatDate ensures that a date is in GMT, wherever the server is.
func TestFormatDate(t *testing.T) {
	zone := time.FixedZone("", -3*60*60)
	assert.Equal(t, "Sun, 06 Nov 1994 08:49:37 GMT", formatDate(time.Date(1994, 11, 6, 5, 49, 37, 999, zone)))
	assert.Equal(t, "Sat, 01 Jan 2000 00:00:00 GMT", formatDate(time.Date(1999, 12, 31, 21, 0, 0, 0, zone)))
}

// TestClock ensures that a date is right in every second, and is written once
// in each.
func TestClock(t *testing.T) {
	var c clock
	for second := range 3 {
		now := old.Add(time.Duration(second) * time.Second)
		want := formatDate(now)
		assert.Equal(t, want, c.date(now))
		written := c.last.Load()
		assert.Equal(t, want, c.date(now.Add(time.Second-1)))
		assert.Same(t, written, c.last.Load())
	}
	assert.Equal(t, formatDate(old), c.date(old), "the clock was put back")
}

// TestClockShared ensures that many can ask at once.
func TestClockShared(t *testing.T) {
	var c clock
	var running sync.WaitGroup
	for i := range 8 {
		running.Go(func() {
			for j := range 200 {
				now := old.Add(time.Duration(i*j) * 100 * time.Millisecond)
				assert.Equal(t, formatDate(now), c.date(now))
			}
		})
	}
	running.Wait()
}

// FuzzParseDate ensures that whatever is a date is the same when it is written
// and read again, in a year that is not far from here.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{
		"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Thu, 29 Feb 2024 23:59:59 GMT",
		"Thursday, 29-Feb-24 23:59:60 GMT", "Thu, 01 Jan 0000 00:00:00 GMT", "Fri Dec 31 23:59:59 9999", "now",
	} {
		f.Add(s, int64(1792000000))
	}
	f.Fuzz(func(t *testing.T, s string, unix int64) {
		now := time.Unix(unix%(1<<33), 0).UTC()
		got, ok := parseDate(s, now)
		if ok {
			again, ok := parseDate(formatDate(got), now)
			assert.True(t, ok, "%v", got)
			assert.Equal(t, got.Truncate(time.Second), again)
			assert.False(t, s[len(s)-4] == ' ' && s[len(s)-3:] == "GMT" && s[3] != ',' && got.After(now.AddDate(50, 0, 0)), "%v", got)
		}
		same, ok := parseDate(formatDate(now), now)
		assert.True(t, ok || now.Year() < 0)
		assert.True(t, !ok || same.Equal(now), "%v became %v", now, same)
	})
}
