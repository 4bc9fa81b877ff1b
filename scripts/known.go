package scripts

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A KnownReport is the report with which a script is to fail, as it was kept when
// somebody read it. A report shows what comes within a moment, and a machine may
// be too busy for that moment. So what the kept one shows is waited for.
type KnownReport struct {
	// Text is the report, tidy.
	Text string

	// Tidy takes from a report what is another each time.
	Tidy func(report string) string
}

// tells reports whether the report has a part of another one. Nobody waits for
// an unknown report: it tells everything.
func (k *KnownReport) tells(part string) bool {
	return k == nil || strings.Contains(k.Text, k.Tidy(part))
}

// tellsWhole reports whether the report has all that the server has printed: what
// follows is not indented any more.
func (k *KnownReport) tellsWhole(printed string) bool {
	if k == nil {
		return true
	}
	for _, after := range strings.Split(k.Text, k.Tidy(printed))[1:] {
		if !strings.HasPrefix(after, " ") {
			return true
		}
	}
	return false
}

// failedLine finds the transcript and the line of it in which a script failed.
var failedLine = regexp.MustCompile(`(?m)^FAIL: \S+: (\S+), line (\d+): `)

// failsAt returns the line in which a transcript fails, 0 where that is not known.
func (k *KnownReport) failsAt(transcript string) int {
	if k == nil {
		return 0
	}
	parts := failedLine.FindStringSubmatch(k.Text)
	if parts == nil || parts[1] != transcript {
		return 0
	}
	number, _ := strconv.Atoi(parts[2])
	return number
}

// sayGone begins the sentence that tells that the server has ended.
const sayGone = "\nThe server is not running any more: "

// fatePause returns how long the end of the server is waited for: where it is
// known to end, however long that takes.
func (k *KnownReport) fatePause() time.Duration {
	if k != nil && strings.Contains(k.Text, sayGone) {
		return stopLimit
	}
	return fatePause()
}

// settled makes the failure for what is wrong, after reading on for a moment so
// that the report shows the whole reply, or all that is known to come.
func (p *player) settled(wrong func() *failure) *failure {
	for deadline := time.Now().Add(p.patience()); ; {
		p.readOn()
		f := wrong()
		if p.ended != nil || p.known.tells(indent(f.ending())) || !time.Now().Before(deadline) {
			return f
		}
	}
}

// moment returns how long to wait in a line of the transcript for what should not
// come: where it is known to come, as long as for what should.
func (p *player) moment(number int, short time.Duration) time.Duration {
	if p.known != nil && p.failing == number {
		return p.patience()
	}
	return short
}
