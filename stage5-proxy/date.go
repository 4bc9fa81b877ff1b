package main

import (
	"sync/atomic"
	"time"
)

// imfFixdate is how a date is written: Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110,
// 5.6.7).
const imfFixdate = "Mon, 02 Jan 2006 15:04:05 GMT"

// obsoleteForms are two more ways to write it, which nobody should use any more
// and everybody has to understand. The first has a year of two digits.
var obsoleteForms = []string{
	"Monday, 02-Jan-06 15:04:05 GMT", // RFC 850
	"Mon Jan _2 15:04:05 2006",       // asctime, a function of C
}

// formatDate writes a time as a date.
func formatDate(t time.Time) string { return t.UTC().Format(imfFixdate) }

// parseDate reads a date in any of the three forms. It reports whether it is
// one; now decides about the century of a year with two digits.
//
//	HTTP-date = IMF-fixdate / obs-date (RFC 9110, 5.6.7)
func parseDate(s string, now time.Time) (time.Time, bool) {
	if t, err := time.Parse(imfFixdate, s); err == nil {
		return t, true
	}
	if t, err := time.Parse(obsoleteForms[1], s); err == nil {
		return t, true
	}
	t, err := time.Parse(obsoleteForms[0], s)
	if err != nil {
		return time.Time{}, false
	}
	// What appears to be more than 50 years in the future is in the past.
	years := now.UTC().Year()/100*100 - t.Year()/100*100
	if t = t.AddDate(years, 0, 0); t.After(now.AddDate(50, 0, 0)) {
		t = t.AddDate(-100, 0, 0)
	}
	return t, true
}

// A clock tells the date as it is written. It writes each second only once,
// however many responses are made in it.
type clock struct{ last atomic.Pointer[tick] }

// A tick is a second, and how it is written.
type tick struct {
	unix int64
	date string
}

// date returns the date of a time that is now.
func (c *clock) date(now time.Time) string {
	last := c.last.Load()
	if last == nil || last.unix != now.Unix() {
		last = &tick{now.Unix(), formatDate(now)}
		c.last.Store(last)
	}
	return last.date
}
