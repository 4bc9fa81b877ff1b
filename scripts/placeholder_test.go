package scripts

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// placeholderCases are wanted lines, and what they do and do not match.
var placeholderCases = []struct {
	text, got string
	ok        bool
}{
	{`< <IMF-fixdate>\r\n`, "Sun, 06 Nov 1994 08:49:37 GMT\r\n", true},
	{`< <IMF-fixdate>\r\n`, "Sunday, 06-Nov-94 08:49:37 GMT\r\n", false},
	{`< <IMF-fixdate>\r\n`, "Sun Nov  6 08:49:37 1994\r\n", false},
	{`< <IMF-fixdate>\r\n`, "Sun, 6 Nov 1994 08:49:37 GMT\r\n", false},
	{`< <IMF-fixdate>\r\n`, "Sun, 06 Nov 1994 08:49:37 UTC\r\n", false},
	{`< <IMF-fixdate>\r\n`, "<IMF-fixdate>\r\n", false},
	{`< <entity-tag>\r\n`, "\"abc\"\r\n", true},
	{`< <entity-tag>\r\n`, "W/\"abc\"\r\n", true},
	{`< <entity-tag>\r\n`, "\"\"\r\n", true},
	{`< <entity-tag>\r\n`, "w/\"abc\"\r\n", false},
	{`< <entity-tag>\r\n`, "abc\r\n", false},
	{`< <entity-tag>\r\n`, "abc\"\r\n", false},
	{`< <entity-tag>\r\n`, "\"a b\"\r\n", false},
	{`< <entity-tag>\r\n`, "\"a\"b\"\r\n", false},
	{`< <opaque-tag>\r\n`, "\"abc\"\r\n", true},
	{`< <opaque-tag>\r\n`, "W/\"abc\"\r\n", false},
	{`< W/<opaque-tag>\r\n`, "W/\"abc\"\r\n", true},
	{`< W/<opaque-tag>\r\n`, "\"abc\"\r\n", false},
	{`< <boundary>\r\n`, "a'()+_,-./:=? Z0\r\n", true},
	{`< <boundary>\r\n`, strings.Repeat("a", 70) + "\r\n", true},
	{`< <boundary>\r\n`, strings.Repeat("a", 71) + "\r\n", false},
	{`< <boundary>\r\n`, "\r\n", false},
	{`< <boundary>\r\n`, "a \r\n", false},
	{`< <boundary>\r\n`, "\"a\"\r\n", false},
	{`< <1*DIGIT>\r\n`, "0\r\n", true},
	{`< <1*DIGIT>\r\n`, "1234567890\r\n", true},
	{`< <1*DIGIT>\r\n`, "\r\n", false},
	{`< <1*DIGIT>\r\n`, "-1\r\n", false},
	{`< <1*DIGIT>\r\n`, "1a\r\n", false},
	{`< a <1*DIGIT>/<1*DIGIT> z\n`, "a 12/345 z\n", true},
	{`< a <1*DIGIT>/<1*DIGIT> z\n`, "a 12/x z\n", false},
	{`<x2 <1*DIGIT>,\`, "1,22,", true},
	{`<x2 <1*DIGIT>,\`, "1,", false},
	{`< <1*DIGIT>\`, "7", true},
	{`< <unknown>\r\n`, "<unknown>\r\n", true},
	{`< <unknown>\r\n`, "anything\r\n", false},
	{`< \x3centity-tag>\r\n`, "<entity-tag>\r\n", true},
	{`< \x3centity-tag>\r\n`, "\"abc\"\r\n", false},
	{`< \x3c1*DIGIT><1*DIGIT>\r\n`, "<1*DIGIT>7\r\n", true},
	{`< \x3c1*DIGIT><1*DIGIT>\r\n`, "77\r\n", false},
	{`< \\<1*DIGIT>\\\`, `\7\`, true},
}

// TestPlaceholders ensures what each placeholder allows, and that it allows
// nothing else.
func TestPlaceholders(t *testing.T) {
	for _, test := range placeholderCases {
		l := parseOne(t, test.text)
		n, _, ok := (&matcher{}).matchLine(&l, []byte(test.got), true)
		assert.Equal(t, test.ok, ok, "%s for %q", test.text, test.got)
		if ok {
			assert.Equal(t, len(test.got), n, "%s for %q", test.text, test.got)
		}
	}
}
