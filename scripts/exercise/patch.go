package exercise

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
	"github.com/rogpeppe/go-internal/diff"
)

// nowhere is the name that a patch gives to a file that is not there.
const nowhere = "/dev/null"

// Files are the texts of files by their names, without a folder. Every line
// ends in "\n" alone, also on Windows.
type Files map[string]string

// MakePatch returns the patch that turns some files into others, as git writes
// it: with a/ and b/ before the names. It is empty where they are the same.
func MakePatch(before, after Files) string {
	names := slices.Collect(maps.Keys(before))
	for name := range after {
		if _, old := before[name]; !old {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var patch strings.Builder
	for _, name := range names {
		old, new, mode := "a/"+name, "b/"+name, ""
		if _, ok := before[name]; !ok {
			old, mode = nowhere, "new file mode 100644\n"
		}
		if _, ok := after[name]; !ok {
			new, mode = nowhere, "deleted file mode 100644\n"
		}
		difference := diff.Diff(old, []byte(before[name]), new, []byte(after[name]))
		if _, lines, found := bytes.Cut(difference, []byte("\n")); found {
			fmt.Fprintf(&patch, "diff --git a/%s b/%s\n%s%s", name, name, mode, lines)
		}
	}
	return patch.String()
}

// Apply returns the files with a patch applied to them. The lines that it
// changes may have moved since it was made, but they and those around them must
// be the same.
func Apply(patch string, files Files) (Files, error) {
	parsed, _, err := gitdiff.Parse(strings.NewReader(strings.ReplaceAll(patch, "\r\n", "\n")))
	if err != nil {
		return nil, err
	}
	if len(parsed) == 0 {
		return nil, fmt.Errorf("the patch changes nothing")
	}
	applied := maps.Clone(files)
	for _, file := range parsed {
		if file.IsDelete {
			delete(applied, file.OldName)
			continue
		}
		text, there := files[file.OldName]
		if !there && !file.IsNew {
			return nil, fmt.Errorf("the patch changes %s, which is not there", file.OldName)
		}
		if !file.IsNew {
			if err := move(file, text); err != nil {
				return nil, err
			}
		}
		var out bytes.Buffer
		if err := gitdiff.Apply(&out, strings.NewReader(text), file); err != nil {
			return nil, fmt.Errorf("%s: %w", file.NewName, err)
		}
		applied[file.NewName] = out.String()
	}
	return applied, nil
}

// move corrects the line numbers of a patch where the lines that it changes
// have moved within the text.
func move(file *gitdiff.File, text string) error {
	lines := strings.SplitAfter(text, "\n")
	from := 0
	for _, fragment := range file.TextFragments {
		var old []string
		for _, line := range fragment.Lines {
			if line.Old() {
				old = append(old, line.Line)
			}
		}
		at := nearest(lines, old, from, int(fragment.OldPosition)-1)
		if at < 0 {
			return fmt.Errorf("%s: the lines that the patch changes at line %d are not there any more", file.OldName, fragment.OldPosition)
		}
		fragment.OldPosition = int64(at) + 1
		from = at + len(old)
	}
	return nil
}

// nearest returns where some lines stand among others, at or after from, as
// near to a place as possible; -1 where they do not.
func nearest(lines, wanted []string, from, place int) int {
	best := -1
	for at := from; at+len(wanted) <= len(lines); at++ {
		if slices.Equal(lines[at:at+len(wanted)], wanted) && (best < 0 || abs(at-place) < abs(best-place)) {
			best = at
		}
	}
	return best
}

// abs returns n without its sign.
func abs(n int) int { return max(n, -n) }
