package scripts

import (
	"encoding/json"
	"go/version"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
)

// A devContainer describes the machine that an editor makes for the workbook.
type devContainer struct {
	Image             string
	PostCreateCommand string
	ForwardPorts      []int
	PortsAttributes   map[string]struct{ Label string }
}

// readDevContainer reads the description.
func readDevContainer(t *testing.T) devContainer {
	data, err := os.ReadFile(filepath.Join(top, ".devcontainer", "devcontainer.json"))
	require.NoError(t, err)
	var d devContainer
	require.NoError(t, json.Unmarshal(data, &d))
	return d
}

// imageForm is the name of an image with Go; its tag is the release.
var imageForm = regexp.MustCompile(`^mcr\.microsoft\.com/devcontainers/go:(\d+\.\d+)$`)

// TestDevContainerGo ensures that the machine has a Go that is new enough.
func TestDevContainerGo(t *testing.T) {
	image := imageForm.FindStringSubmatch(readDevContainer(t).Image)
	require.NotNil(t, image)
	data, err := os.ReadFile(filepath.Join(top, "go.work"))
	require.NoError(t, err)
	work, err := modfile.ParseWork("go.work", data, nil)
	require.NoError(t, err)
	// The image has the last release of its line, such as 1.25.4 for 1.25.
	assert.GreaterOrEqual(t, version.Compare("go"+image[1], version.Lang("go"+work.Go.Version)), 0, "%s is older than Go %s", image[0], work.Go.Version)
}

// portForm is a port in the commands that start the servers of the book.
var portForm = regexp.MustCompile(`go run (?:\./stage\d-[\w-]+(?:/exercises/[\w-]+)?(?: -quiet)?|\./scripts/app|\./scripts/workbook tap) (\d+)`)

// TestDevContainerPorts ensures that a reader in a container reaches the servers
// of the book, and sees which is which.
func TestDevContainerPorts(t *testing.T) {
	d := readDevContainer(t)
	found := 0
	for _, file := range pages(t) {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, parts := range portForm.FindAllStringSubmatch(string(data), -1) {
			port, err := strconv.Atoi(parts[1])
			require.NoError(t, err)
			assert.Contains(t, d.ForwardPorts, port, "%s says %s", file, parts[0])
			if strings.Contains(parts[0], " tap ") {
				assert.Contains(t, d.ForwardPorts, port+1, "%s says %s, which has a page", file, parts[0])
			}
			found++
		}
	}
	assert.Greater(t, found, 20)
	for _, port := range d.ForwardPorts {
		assert.NotEmpty(t, d.PortsAttributes[strconv.Itoa(port)].Label, "port %d", port)
	}
	assert.Len(t, d.PortsAttributes, len(d.ForwardPorts))
}
