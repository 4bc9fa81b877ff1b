package main

import (
	"strings"
	"sync/atomic"
	"time"
)

// imfFixdate is how a date is written: Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110,
// 5.6.7).
const imfFixdate = "Mon, 02 Jan 2006 15:04:05 GMT"

// rfc850 is how RFC 850 writes it, with a year of two digits. Nobody should do
// so any more, and everybody has to understand it.
const rfc850 = "Monday, 02-Jan-06 15:04:05 GMT"

// dateForms are all ways to write it. The last two are those of asctime, a
// function of C, and nobody should use them either.
var dateForms = []string{imfFixdate, rfc850, "Mon Jan _2 15:04:05 2006", "Mon Jan 02 15:04:05 2006"}

// formatDate writes a time as a date.
func formatDate(t time.Time) string { return t.UTC().Format(imfFixdate) }

// parseDate reads a date in any of its forms. It reports whether it is one; now
// decides about the century of a year with two digits. Parse also takes small
// letters, half a second, and a day of the week that is another one. So only
// what is written again as it was is a date.
//
//	HTTP-date = IMF-fixdate / obs-date (RFC 9110, 5.6.7)
func parseDate(s string, now time.Time) (time.Time, bool) {
	s = strings.Replace(s, ":60 ", ":59 ", 1) // A leap second, which Go does not know.
	for _, form := range dateForms {
		t, err := time.Parse(form, s)
		if form == rfc850 {
			t = inCentury(t, now)
		}
		if err == nil && t.Format(form) == s {
			return t, true
		}
	}
	return time.Time{}, false
}

// inCentury returns the time with a year of the century that is meant by two
// digits: what appears to be more than 50 years in the future is in the past.
func inCentury(t, now time.Time) time.Time {
	years := now.UTC().Year()/100*100 - t.Year()/100*100
	if t = t.AddDate(years, 0, 0); t.After(now.AddDate(50, 0, 0)) {
		t = t.AddDate(-100, 0, 0)
	}
	return t
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
