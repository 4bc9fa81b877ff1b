package scripts

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// What goes wrong at an upstream is told here, and what the upstreams have to do
// with what goes wrong at the client.

// after returns the failure of an upstream with what the transcript has played
// before, and with its name in the sentence.
func (f *failure) after(sent []line) *failure {
	f.sent, f.difference.says = sent, f.sayWhere()
	return f
}

// sayWhere returns the sentence of a failure, which at an upstream has its name.
func (f *failure) sayWhere() string {
	says, at := f.difference.says, "At "+f.of+": "
	if f.of == "" || strings.Contains(says, " to "+f.of) || strings.HasPrefix(says, at) {
		return says
	}
	return at + says
}

// sayAnswered tells why an upstream waits no longer.
func (u *upstream) sayAnswered() string {
	first, _, _ := strings.Cut(string(u.client.got), "\r\n")
	if first == "" {
		return "the connection of the client had ended by then"
	}
	return fmt.Sprintf("the client had been answered by then: %.80s", first)
}

// noConnection makes the failure for a connection that did not come. What came
// instead, on the one before, is shown.
func (u *upstream) noConnection(wanted []line, stopped string) *failure {
	if u.talk == nil {
		return u.failure(wanted, fmt.Sprintf("The server opened no connection to %s.", u.name), stopped)
	}
	f := u.failure(wanted, fmt.Sprintf("The server opened no further connection to %s.", u.name), stopped)
	if u.talk.readOn(); len(u.talk.got) > 0 {
		f.got = u.talk.got
		f.difference.says += " This came on the one before."
	}
	return f
}

// failure makes the failure of an upstream that has no connection.
func (u *upstream) failure(wanted []line, says, stopped string) *failure {
	return &failure{of: u.name, wanted: wanted, difference: &difference{line: &wanted[0], says: says}, stopped: stopped, drip: u.client.drip}
}

// lookAround notes what waits at the upstreams, but for the one that is at fault,
// while nobody there wants it.
func (f *failure) lookAround(upstreams map[string]*upstream) {
	f.meanwhile = map[string][]byte{}
	for _, name := range slices.Sorted(maps.Keys(upstreams)) {
		if name == f.of {
			continue
		}
		if f.meanwhile[name] = upstreams[name].waiting(); len(f.meanwhile[name]) > 0 {
			f.difference.says += fmt.Sprintf(" Meanwhile, something came to %s that the script does not want there.", name)
		}
	}
}

// showMeanwhile writes what waits at the upstreams while the client waits.
func (f *failure) showMeanwhile() string {
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(f.meanwhile)) {
		if got := f.meanwhile[name]; len(got) > 0 {
			lines, _, _ := encode(got, -1)
			from, to := window(len(lines), 0)
			shown := name + "< " + strings.Join(lines[from:to], "\n"+name+"< ") + "\n"
			fmt.Fprintf(&out, "meanwhile, %s got:\n%s\n", name, indent(around(shown, from, len(lines)-to)))
		}
	}
	return out.String()
}
