package scripts

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// smallSections is a page of the sections about a small world.
const smallSections = `
## RFC 9112

| section | about | what the book enforces | stage | code | scripts |
| --- | --- | --- | --- | --- | --- |
| [2.1](https://www.rfc-editor.org/rfc/rfc9112#section-2.1) | heads | a | 1 | [main.go](../../stage1-a/main.go), [fields.go](../../stage2-b/fields.go) (2) | [close](../stage1-a/close.txtar), [head](../stage2-b/head.txtar) and [1 more](#more-scripts) |
| [3.x](https://www.rfc-editor.org/rfc/rfc9112#section-3) | lines | b | 2 | [line.go](../../stage2-b/line.go), [star.go](../../stage2-b/star.go)\* | [head](../stage2-b/head.txtar) |

## Other documents

| [RFC 3875](https://www.rfc-editor.org/rfc/rfc3875) | CGI | c | 2 | [line.go](../../stage2-b/line.go) | [names](../stage2-b/names.txtar) |

## Knowingly left out

| RFC 9112, [4](https://www.rfc-editor.org/rfc/rfc9112#section-4) | TLS | no | [left](../stage2-b/left.txtar) |

## Nothing to enforce

| RFC 9112 | 1.x, 2 | words |

## More scripts

| [RFC 9112, 2.1](https://www.rfc-editor.org/rfc/rfc9112#section-2.1) | [names](../stage2-b/names.txtar) |

## Scripts about our own decisions

| The log | ours | [log](../stage2-b/log.txtar) |
`

// smallWorld is a world that agrees with it.
func smallWorld() world {
	cites := func(number string) []citation { return []citation{{"9112", number}} }
	var contents []citation
	for _, number := range []string{"1", "1.1", "2", "2.1", "3", "3.1", "4"} {
		contents = append(contents, citation{"9112", number})
	}
	return world{
		contents: contents,
		code: []map[string][]citation{
			{"main.go": cites("2.1"), "same.go": nil},
			{"main.go": cites("2.1"), "fields.go": cites("2.1"), "line.go": {{"9112", "3.1"}, {"3875", ""}}, "star.go": nil, "same.go": nil},
		},
		scripts: map[string][]citation{
			"stage1-a/close": nil, "stage2-b/head": cites("3"), "stage2-b/names": cites("2.1"), "stage2-b/left": nil, "stage2-b/log": nil,
		},
		isNew: func(_ int, file string) bool { return file != "same.go" },
	}
}

// sectionFaults are changes of the small page, and what has to be said to them.
var sectionFaults = []struct{ old, new, want string }{
	{"", "", ""},
	// The sections.
	{"1.x, 2 ", "1.x ", "RFC 9112, 2 has 0 places"},
	{"1.x, 2 ", "1.x, 2, 4 ", "RFC 9112, 4 has 2 places"},
	{"1.x, 2 ", "1.x, 2, 3.1 ", "RFC 9112, 3.1 has 2 places"},
	{"1.x, 2 ", "1.x, 2, 7.7 ", "the page has RFC 9112, 7.7, and there is no such section"},
	{"#section-4)", "#section-3)", "this link says another thing than where it leads: [4]"},
	{"[4](https://www.rfc-editor.org/", "[4](https://example.com/", "this leads to no section"},
	{"| heads | a |", "| heads |", "this is no row of a section"},
	{"## RFC 9112\n", "## RFC 9110\n", "RFC 9112, 2.1 does not belong under"},
	{"[3.x](https://www.rfc-editor.org/rfc/rfc9112#section-3)", "[2](https://www.rfc-editor.org/rfc/rfc9112#section-2)", "RFC 9112, 2 does not belong after RFC 9112, 2.1"},
	// The code.
	{"[RFC 3875](https://www.rfc-editor.org/rfc/rfc3875)", "[RFC 3986](https://www.rfc-editor.org/rfc/rfc3986)", "line.go of stage 2 cites RFC 3875, which has no row"},
	{", [fields.go](../../stage2-b/fields.go) (2)", "", "RFC 9112, 2.1: fields.go of stage 2 cites it, and is missing"},
	{"(2) | [close]", "(3) | [close]", "this link says another thing than where it leads: [fields.go]"},
	{"[main.go](", "[main](", "this link says another thing than where it leads: [main]"},
	{"| 1 | [main.go](../../stage1-a/main.go)", "| 2 | [main.go](../../stage2-b/main.go)", "main.go cites it first in stage 1, and not 2"},
	{"| a | 1 | [main.go](../../stage1-a/main.go)", "| a | 2 | [main.go](../../stage1-a/main.go) (1)", "the first stage of its files is 1, and not 2"},
	{"[line.go](../../stage2-b/line.go), ", `[line.go](../../stage2-b/line.go)\*, `, "line.go has a star, but cites it since stage 2"},
	{`star.go)\*`, "star.go)", "star.go does not cite it; give it a star"},
	{"[star.go](../../stage2-b/star.go)", "[gone.go](../../stage2-b/gone.go)", "stage 2 has no file gone.go"},
	{"[star.go](../../stage2-b/star.go)", "[same.go](../../stage2-b/same.go)", "same.go is the same in the stage before"},
	// The scripts.
	{"[1 more]", "[2 more]", "the row says that there are 2 more scripts, and there are 1"},
	{" and [1 more](#more-scripts)", "", "the row says that there are 0 more scripts, and there are 1"},
	{"| [head](../stage2-b/head.txtar) |\n", "| [names](../stage2-b/names.txtar) |\n", "RFC 9112, 3.x: the script stage2-b/head cites it, and is missing"},
	{"| [head](../stage2-b/head.txtar) |\n", "| [head](../stage2-b/head.txtar), [close](../stage1-a/close.txtar) |\n", "the script stage1-a/close is of stage 1, before the first stage"},
	{"[left](../stage2-b/left.txtar)", "", "the script stage2-b/left is nowhere on the page"},
	{"[log](../stage2-b/log.txtar)", "", "the script stage2-b/log is nowhere on the page"},
	{"| [log](", "| [left](../stage2-b/left.txtar), [log](", "the script stage2-b/left has a row"},
	{"| [log](../stage2-b/log.txtar)", "| [log](../stage1-a/log.txtar)", "there is no script stage1-a/log"},
	{"[log](", "[logs](", "this link says another thing than where it leads: [logs]"},
	{"[RFC 9112, 2.1](https://www.rfc-editor.org/rfc/rfc9112#section-2.1)", "[RFC 9112, 4](https://www.rfc-editor.org/rfc/rfc9112#section-4)", "RFC 9112, 4 has more scripts, but no row"},
}

// TestSectionsFail ensures that whatever is wrong on the page of the sections is
// found.
func TestSectionsFail(t *testing.T) {
	for _, fault := range sectionFaults {
		t.Run(fault.want, func(t *testing.T) {
			assert.Contains(t, smallSections, fault.old)
			page, problems := parseSections(strings.Replace(smallSections, fault.old, fault.new, 1))
			problems = append(problems, smallWorld().check(page)...)
			if fault.want == "" {
				assert.Empty(t, problems)
				return
			}
			assert.Contains(t, strings.Join(problems, "\n"), fault.want)
		})
	}
}
