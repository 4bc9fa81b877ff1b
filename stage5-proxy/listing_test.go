package main

import (
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestListingLimit ensures that a listing shows at most listingLimit entries,
// and says so.
func TestListingLimit(t *testing.T) {
	tests := []struct{ files, want int }{
		{listingLimit, listingLimit},
		{listingLimit + 1, listingLimit},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.files), func(t *testing.T) {
			files := fstest.MapFS{}
			for i := range test.files {
				files[fmt.Sprint(i)] = &fstest.MapFile{}
			}
			directory, err := files.Open(".")
			require.NoError(t, err)
			response, err := newServer(t).listing(Request{}, directory.(fs.ReadDirFile), ".")
			require.NoError(t, err)
			page, err := io.ReadAll(response.Content)
			require.NoError(t, err)
			assert.Equal(t, test.want, strings.Count(string(page), "<li>"))
			assert.Equal(t, test.files > test.want, strings.Contains(string(page), "There are more files"))
			assert.Equal(t, int64(len(page)), response.Length)
		})
	}
}
