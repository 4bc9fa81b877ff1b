package scripts

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// What is written here can be pasted into a transcript. The tap shows what it
// sees with it, so that there is one notation, and not two.

// Quote writes bytes as a line of a transcript does, without the sign in front
// and without the lone backslash that says that a line has no end. It means
// these very bytes wherever it is pasted: what looks like a placeholder there is
// none.
func Quote(data []byte) string {
	var quoted strings.Builder
	for rest := data; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		quoted.WriteString(escape(r, rest[:size]))
		rest = rest[size:]
	}
	if bytes.IndexByte(data, '<') < 0 {
		return quoted.String() // The tap quotes every byte that it shows, and this is most of its work.
	}
	return placeholderName.ReplaceAllStringFunc(quoted.String(), func(name string) string {
		return strings.Replace(name, "<", `\x3c`, 1)
	})
}

// QuoteLine writes bytes as Quote does, with the lone backslash at the end where
// they do not end in a line feed. There is no other line feed in them.
func QuoteLine(data []byte) string {
	quoted := Quote(data)
	if len(data) == 0 || data[len(data)-1] != '\n' {
		quoted += `\`
	}
	return quoted
}

// StandsFor reports whether a placeholder, such as <IMF-fixdate>, stands for the
// whole of a value.
func StandsFor(placeholder, value string) bool {
	form := placeholders[placeholder]
	return form != nil && len(form.FindString(value)) == len(value) && value != ""
}
