package exercise

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lines returns a text of lines.
func lines(all ...string) string { return strings.Join(all, "\n") + "\n" }

// TestPatch ensures that a patch makes of files what it was made for.
func TestPatch(t *testing.T) {
	before := Files{"same.go": "same\n", "main.go": lines("1", "2", "3", "4", "5", "6", "7", "8", "9", "10"), "gone.go": "gone\n"}
	after := Files{"same.go": "same\n", "main.go": lines("one", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"), "new.go": lines("new", "file")}
	patch := MakePatch(before, after)
	got, err := Apply(patch, before)
	require.NoError(t, err, patch)
	assert.Equal(t, after, got)
	got, err = Apply(strings.ReplaceAll(patch, "\n", "\r\n"), before)
	require.NoError(t, err, "a patch from a Windows checkout")
	assert.Equal(t, after, got)
	assert.Empty(t, MakePatch(before, before))
	assert.Len(t, before, 3, "what a patch is applied to must not change")
}

// TestPatchForm ensures that a patch is written as git writes it.
func TestPatchForm(t *testing.T) {
	assert.Equal(t, lines("diff --git a/a.go b/a.go", "--- a/a.go", "+++ b/a.go", "@@ -1,1 +1,1 @@", "-1", "+2",
		"diff --git a/b.go b/b.go", "new file mode 100644", "--- /dev/null", "+++ b/b.go", "@@ -0,0 +1,1 @@", "+3"),
		MakePatch(Files{"a.go": "1\n"}, Files{"a.go": "2\n", "b.go": "3\n"}))
}

// TestPatchMoved ensures that a patch finds its lines where they have moved, the
// nearest of several, and that it fails where they have changed.
func TestPatchMoved(t *testing.T) {
	block := []string{"{", "a", "b", "c", "}"}
	text := func(parts ...[]string) string {
		var all []string
		for _, part := range parts {
			all = append(all, part...)
		}
		return lines(all...)
	}
	patch := MakePatch(Files{"a": text(block)}, Files{"a": text([]string{"{", "a", "B", "c", "}"})})
	tests := map[string]struct{ before, want string }{
		"down":               {text([]string{"0", "0"}, block), text([]string{"0", "0"}, []string{"{", "a", "B", "c", "}"})},
		"the nearest of two": {text([]string{"0"}, block, []string{"1"}, block), text([]string{"0", "{", "a", "B", "c", "}", "1"}, block)},
		"changed":            {text([]string{"{", "a", "b", "d", "}"}), ""},
		"gone":               {text([]string{"0"}), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Apply(patch, Files{"a": test.before})
			if test.want == "" {
				assert.ErrorContains(t, err, "a: the lines that the patch changes at line 1 are not there any more")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.want, got["a"])
		})
	}
}

// TestPatchWrong ensures that what is no patch of these files is an error.
func TestPatchWrong(t *testing.T) {
	for _, patch := range []string{"", "nonsense\n", MakePatch(Files{"b": "1\n"}, Files{"b": "2\n"})} {
		_, err := Apply(patch, Files{"a": "1\n"})
		assert.Error(t, err, patch)
	}
}
