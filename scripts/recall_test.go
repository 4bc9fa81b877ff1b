package scripts

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRecall ensures that a tag is sent back as it came, whatever is in it, and
// as often as it is written.
func TestRecall(t *testing.T) {
	for _, tag := range []string{`"abc"`, `W/"abc"`, `""`, `"a\\b\"`, `"<entity-tag>"`, `"<opaque-tag>\x3c"`, `"x!#$%&'"`} {
		for _, drip := range []bool{false, true} {
			shown := strings.ReplaceAll(strings.ReplaceAll(tag, `\`, `\\`), "<", `\x3c`)
			text := strings.Replace(tagTalk, "> If-None-Match: <entity-tag>", "> If-None-Match: <entity-tag>, W/<entity-tag>", 1) +
				`< HTTP/1.1 200 OK\r\n` + "\n< ...\n" + `< \r\n` + "\n< If-None-Match: " + shown + ", W/" + shown + `\r\n` + "\n" + `< \r\n` + "\n* closed\n"
			assert.Nil(t, (&talk{text: text, drip: drip}).play(t, tags(tag)), tag)
		}
	}
}

// TestRecallEarlier ensures that what came in an earlier transcript is sent back,
// and that of what came several times the last is.
func TestRecallEarlier(t *testing.T) {
	came := memory{}
	first := talk{text: strings.Replace(helloTalk, "< ...\n", "< ETag: <opaque-tag>\\r\\n\n< ...\n", 1), came: came}
	require.Nil(t, first.play(t, helloWith("Connection", "ETag: \"one\"\r\nConnection")))
	assert.Equal(t, memory{"<opaque-tag>": `"one"`}, came)
	require.Nil(t, first.play(t, helloWith("Connection", "ETag: \"two\"\r\nConnection")))
	second := talk{text: "> W/<opaque-tag>\\\n* half-close\n< W/\"two\"\\\n* closed\n", came: came}
	assert.Nil(t, second.play(t, echoes))
	third := first
	require.NotNil(t, third.play(t, says("HTTP/1.1 200 OK\r\nETag: \"three\"\r\nConnection: close\r\n\r\n")))
	assert.Equal(t, memory{"<opaque-tag>": `"two"`}, came, "a response that is wrong is not remembered")
}

// TestRecallNothing ensures that a script which sends back what cannot have come
// is told so before it is played.
func TestRecallNothing(t *testing.T) {
	tests := []struct {
		text string
		came memory
		says string
	}{
		{"> a\\n\n> <entity-tag>\\n\n< <entity-tag>\\n\n", nil, "talk, line 2: > <entity-tag>\\n\n\tno <entity-tag> has come yet that could be sent back: an earlier wanted line must have it, such as < ETag: <entity-tag>\\r\\n"},
		{"> a\\n\n< <opaque-tag>\\n\n> <entity-tag>\\n\n", memory{"<opaque-tag>": `""`}, "no <entity-tag> has come yet"},
		{"> a\\n\n< <entity-tag>\\n\n> <entity-tag>\\n\n", nil, ""},
		{"> <entity-tag>\\n\n", memory{"<entity-tag>": `""`}, ""},
	}
	for _, test := range tests {
		if _, err := readTranscript("talk", test.text, test.came); test.says == "" {
			assert.NoError(t, err, test.text)
		} else {
			assert.ErrorContains(t, err, test.says, test.text)
		}
	}
}
