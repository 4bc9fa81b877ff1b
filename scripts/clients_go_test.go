package scripts

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// askGo asks with Go's own client.
func askGo(t *testing.T, address string, wishes []wish) []answer {
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: clientLimit}
	var answers []answer
	for _, w := range wishes {
		a, err := askGoOnce(t, client, address, w)
		if err != nil {
			a = answer{Error: err.Error()}
		}
		answers = append(answers, a)
	}
	return answers
}

// askGoOnce makes one request. Where Accept-Encoding was set by us, Go leaves
// the decoding to us, too.
func askGoOnce(t *testing.T, client *http.Client, address string, w wish) (a answer, err error) {
	var content io.Reader
	if w.Content != "" {
		content = strings.NewReader(w.Content)
	}
	if w.Chunked {
		content = io.MultiReader(content) // Its length is not known: it goes in chunks.
	}
	request, err := http.NewRequestWithContext(t.Context(), w.Method, "http://"+address+w.Target, content)
	require.NoError(t, err)
	if w.Field != "" {
		request.Header.Set(w.Field, w.Value)
	}
	response, err := client.Do(request)
	if err != nil {
		return a, err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		return a, err
	}
	a.Status = response.StatusCode
	if response.Request.URL.Path != request.URL.Path {
		a.Moved = response.Request.URL.Path
	}
	if a.Unpacked = w.Value == "gzip" && response.Header.Get("Content-Encoding") == "gzip"; a.Unpacked {
		got, err = unpack(got)
	}
	a.take(got)
	return a, err
}

// unpack decodes the coding gzip.
func unpack(packed []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}
