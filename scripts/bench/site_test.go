package bench

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The targets of the files that are asked for.
const (
	smallFile  = "/small.txt"
	deepFile   = "/one/two/three/four/small.txt"
	mediumFile = "/medium.txt"
	textFile   = "/text.txt"
	largeFile  = "/large.bin"
)

// pipelinedFolder is where the files are that are asked for together.
const pipelinedFolder = "/pipelined"

// pipelinedFiles returns the targets of those files.
func pipelinedFiles() []string {
	var targets []string
	for n := range 16 {
		targets = append(targets, fmt.Sprintf("%s/%02d.txt", pipelinedFolder, n))
	}
	return targets
}

// modified is when all files were last modified: so long ago that a server can
// trust the date.
var modified = time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)

// A site is a directory that is served, and what is in its files, by target.
type site struct {
	root    string
	content map[string]string
}

// newSite writes the files into a new directory.
func newSite(t testing.TB) site {
	s := site{root: t.TempDir(), content: map[string]string{}}
	text := english(100 << 10)
	s.add(t, textFile, text)
	s.add(t, smallFile, text[:1<<10])
	s.add(t, deepFile, text[:1<<10])
	s.add(t, mediumFile, text[:64<<10])
	s.add(t, largeFile, strings.Repeat(text, 164)[:16<<20])
	for n, target := range pipelinedFiles() {
		s.add(t, target, text[n<<10:][:1<<10]) // Each another, so that their order shows.
	}
	return s
}

// add writes a file.
func (s site) add(t testing.TB, target, content string) {
	s.content[target] = content
	file := filepath.Join(s.root, filepath.FromSlash(target))
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
	require.NoError(t, os.WriteFile(file, []byte(content), 0o666))
	require.NoError(t, os.Chtimes(file, modified, modified))
}

// Words are made of these. Little words stand between them, as in English.
var (
	littleWords = strings.Fields("the of and to a in is that it for was on are with as be at this by from or not")
	beginnings  = strings.Fields("read writ serv client connect request respon field head direct path name length " +
		"value cod count open clos wait send byt line number part limit order form sign mark kind place time work " +
		"strong quick simpl plain early late large small other found lost held kept made taught wander gather bright")
	endings = strings.Fields("s ed er ing ly ness able ion ment ful less al ive ance ward")
)

// english makes a text that compresses about as English does. It is the same
// text each time.
func english(size int) string {
	r := rand.New(rand.NewPCG(1, 2))
	var text strings.Builder
	for n := 1; text.Len() < size; n++ {
		if r.IntN(5) < 2 {
			text.WriteString(littleWords[r.IntN(1+r.IntN(len(littleWords)))])
		} else {
			text.WriteString(beginnings[r.IntN(len(beginnings))] + endings[r.IntN(len(endings))])
		}
		switch {
		case n%12 == 0:
			text.WriteString(".\n")
		default:
			text.WriteString(" ")
		}
	}
	return text.String()[:size]
}
