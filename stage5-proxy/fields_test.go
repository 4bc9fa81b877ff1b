package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestParseField ensures the name and the value of a field line.
func TestParseField(t *testing.T) {
	tests := map[string]Field{
		"Host: localhost":  {"Host", "localhost"},
		"host:localhost":   {"host", "localhost"},
		"A: \t b c \t ":    {"A", "b c"},
		"A:":               {"A", ""},
		"A: \t":            {"A", ""},
		"A: b: c":          {"A", "b: c"},
		"A: gr\xc3\xbcn":   {"A", "grün"},
		"!#$%&'*+-.^`|~:1": {"!#$%&'*+-.^`|~", "1"},
	}
	for line, want := range tests {
		t.Run(line, func(t *testing.T) {
			got, err := parseField(line)
			assert.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
}

// TestParseFieldMalformed ensures which lines are none (RFC 9112, 5).
func TestParseFieldMalformed(t *testing.T) {
	tests := map[string]string{
		"no colon":                "Host localhost",
		"no name":                 ": localhost",
		"a space before a colon":  "Host : localhost",
		"a tab before a colon":    "Host\t: localhost",
		"a space first":           " Host: localhost",
		"a tab first":             "\tlocalhost",
		"a space in a name":       "My Host: localhost",
		"a slash in a name":       "a/b: c",
		"a quote in a name":       `"a": c`,
		"a letter beyond ASCII":   "Größe: 1",
		"a byte that is no UTF-8": "a\xff: b",
	}
	for name, line := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := parseField(line)
			assert.Equal(t, 400, statusOf(err), "%v", err)
		})
	}
}

// TestValues ensures that the case of a name does not matter.
func TestValues(t *testing.T) {
	fields := []Field{{"A", "1"}, {"B", "2"}, {"a", "3"}, {"A-B", "4"}}
	assert.Equal(t, []string{"1", "3"}, values(fields, "a"))
	assert.Empty(t, values(fields, "C"))
}

// TestSingle ensures that what stands twice counts as if it were not there.
func TestSingle(t *testing.T) {
	fields := []Field{{"A", "1"}, {"B", "2"}, {"a", "1"}, {"C", ""}}
	tests := map[string]struct {
		want string
		ok   bool
	}{"A": {"", false}, "b": {"2", true}, "C": {"", true}, "D": {"", false}}
	for name, test := range tests {
		got, ok := single(fields, name)
		assert.Equal(t, test.want, got, name)
		assert.Equal(t, test.ok, ok, name)
	}
}

// TestHasControl ensures which characters no line may have.
func TestHasControl(t *testing.T) {
	for c := range 256 {
		assert.Equal(t, c < ' ' && c != '\t' || c == 0x7f, hasControl("a"+string([]byte{byte(c)})+"b"), "%q", c)
	}
}
