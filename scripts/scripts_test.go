package scripts

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// writeScript writes a script, and returns the name of its file.
func writeScript(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script.txtar")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
	return file
}

// TestCheckCommands ensures that every command there is passes, with whatever
// conditions before it, and that remarks and files are not taken for commands.
func TestCheckCommands(t *testing.T) {
	text := "# a remark\n\n[unix] serve\n[!stage>=3] [exec:curl] ! exec curl\n! [unix] grep a b\n"
	for name := range commands {
		text += name + " a\n"
	}
	for _, name := range builtins {
		text += name + " a\n"
	}
	assert.NoError(t, checkCommands(writeScript(t, text+"-- file --\nnonsense\n")))
	assert.Error(t, checkCommands(filepath.Join(t.TempDir(), "missing.txtar")))
}

// TestCheckCommandsUnknown ensures that a command that is none is named with
// its line, and that the reader is told which there are.
func TestCheckCommandsUnknown(t *testing.T) {
	for _, text := range []string{"wier hello", "  wier hello", "[unix] wier hello", "! wier hello", "[unix] ! wier hello"} {
		file := writeScript(t, "# one\nserve\n"+text+"\nwire hello\n")
		err := checkCommands(file)
		require.Error(t, err, text)
		assert.True(t, strings.HasPrefix(err.Error(), file+`:3: there is no command "wier"; write one of`), err.Error())
		for _, c := range commands {
			assert.Contains(t, err.Error(), "\t"+c.usage+"\n")
		}
		assert.Contains(t, err.Error(), "\nor one of testscript's: cd, chmod, cmp")
	}
}

// TestCommandUsages ensures that the usage of a command begins with its name.
func TestCommandUsages(t *testing.T) {
	for name, c := range commands {
		usage, meaning, _ := strings.Cut(c.usage, ": ")
		assert.Equal(t, name, strings.Fields(usage)[0])
		assert.NotEmpty(t, meaning, name)
		assert.GreaterOrEqual(t, c.most, c.least, name)
	}
}

// TestCondition ensures which conditions hold for a stage and for another
// program, and that one that is misspelt is an error.
func TestCondition(t *testing.T) {
	second := play{stage: 2}
	foreign := play{stage: 2, foreign: []string{"server"}}
	tests := []struct {
		play play
		text string
		want bool
	}{
		{second, "stage>=1", true},
		{second, "stage>=2", true},
		{second, "stage>=3", false},
		{second, "stage<1", false},
		{second, "stage<2", false},
		{second, "stage<3", true},
		{second, "foreign", false},
		{foreign, "foreign", true},
		{foreign, "stage>=2", true},
		{second, "drip", false},
		{play{stage: 2, drip: true}, "drip", true},
		{second, "slow", false},
		{second, "modes", modesHold()},
	}
	for _, test := range tests {
		got, err := test.play.condition(test.text)
		require.NoError(t, err, test.text)
		assert.Equal(t, test.want, got, test.text)
	}
	for _, text := range []string{"", "stage", "stage>2", "stage=2", "stage>=", "stage>=12", "stage <3", "Foreign", "linus"} {
		got, err := second.condition(text)
		assert.False(t, got, text)
		assert.ErrorContains(t, err, "it is not known; write [stage>=3], [stage<3], [foreign]", text)
	}
}

// TestCurrentStage ensures that a stage is known by the folder of its test, and
// that a test anywhere else is told so.
func TestCurrentStage(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "stage4-speed")
	require.NoError(t, os.Mkdir(folder, 0o777))
	t.Chdir(folder)
	stage, err := currentStage()
	require.NoError(t, err)
	assert.Equal(t, 4, stage)
	t.Chdir("..")
	_, err = currentStage()
	assert.ErrorContains(t, err, "is not the folder of a stage")
}

// TestParseSize ensures which sizes there are, and what is said of others.
func TestParseSize(t *testing.T) {
	tests := []struct {
		text string
		want int64
	}{
		{"0", 0},
		{"1000", 1000},
		{"64KiB", 65536},
		{"5MiB", 5 * 1024 * 1024},
		{"5GiB", 5 * 1024 * 1024 * 1024},
		{"999999GiB", 999999 << 30},
	}
	for _, test := range tests {
		got, err := parseSize(test.text)
		require.NoError(t, err, test.text)
		assert.Equal(t, test.want, got, test.text)
	}
	for _, text := range []string{"", "KiB", "-1", "1.5MiB", "5MB", "5 MiB", "5mib", "1000000", "5TiB"} {
		_, err := parseSize(text)
		assert.EqualError(t, err, text+" is not a size such as 1000, 64KiB, 5MiB or 1GiB")
	}
}

// TestScriptNames ensures that a stage plays its own scripts, those of all stages
// before it, and no others.
func TestScriptNames(t *testing.T) {
	assert.Empty(t, Names(0))
	first, second := Names(1), Names(2)
	assert.Contains(t, first, "stage1-hello/hello")
	assert.Contains(t, second, "stage1-hello/hello")
	assert.Contains(t, second, "stage2-files/file")
	assert.NotContains(t, first, "stage2-files/file")
	all, err := filepath.Glob("stage[12]-*/*.txtar")
	require.NoError(t, err)
	assert.Len(t, second, len(all))
}

// badName is what a file cannot be called on Windows. An archive is unpacked
// before its script can skip anything.
var badName = regexp.MustCompile(`[<>:"|?*]|[. ](/|$)|(?i)(^|/)(con|prn|aux|nul|com\d|lpt\d)(\.|/|$)`)

// TestNames ensures that the files of every script can be made on every system.
func TestNames(t *testing.T) {
	for _, name := range Names(9) {
		archive, err := txtar.ParseFile(name + ".txtar")
		require.NoError(t, err)
		for _, f := range archive.Files {
			assert.NotRegexp(t, badName, f.Name, "in %s", name)
		}
	}
}

// TestEveryTranscriptIsPlayed ensures that no script holds a transcript that
// none of its commands names.
func TestEveryTranscriptIsPlayed(t *testing.T) {
	for _, name := range Names(9) {
		archive, err := txtar.ParseFile(name + ".txtar")
		require.NoError(t, err)
		for _, f := range archive.Files {
			if strings.HasPrefix(string(f.Data), "> ") {
				assert.Regexp(t, `(?m)^[^#]*\b`+regexp.QuoteMeta(f.Name)+`\b`, string(archive.Comment), "in %s", name)
			}
		}
	}
}

// TestEmptyScript ensures that a script that does nothing is no script.
func TestEmptyScript(t *testing.T) {
	file := filepath.Join(t.TempDir(), "empty.txtar")
	require.NoError(t, os.WriteFile(file, []byte("# Nothing.\n\n-- a --\n"), 0o666))
	assert.ErrorContains(t, checkCommands(file), "has no command")
}
