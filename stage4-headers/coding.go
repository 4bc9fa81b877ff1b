package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	// What is shorter than gzipLeast is hardly any smaller afterwards. What is
	// longer than gzipMost takes too long, and too much memory.
	gzipLeast = 1 << 10
	gzipMost  = 4 << 20

	// codedLimit is how many bytes of compressed content may be on their way to
	// clients. A client that takes its time keeps them in memory meanwhile.
	codedLimit = 64 << 20
)

// encoded returns the response in the coding that the client likes best: gzip,
// where that is worth it and there is room, or the content as it is. Where the
// client takes neither, it is a 406. A part of a file is a part of the file as it
// is.
func (s *server) encoded(request Request, response *Response) (*Response, error) {
	accept := values(request.Fields, "Accept-Encoding")
	if accept == nil || response.Status != 200 {
		return response, nil
	}
	gzipWeight, identityWeight := codingWeights(preferences(accept))
	_, isPart := partsFor(request, response)
	isWorth := isText(values(response.Header, "Content-Type")[0]) && response.Length >= gzipLeast &&
		response.Length <= gzipMost && !isPart
	switch {
	case isWorth && gzipWeight > 0 && gzipWeight >= identityWeight && s.memory.take(response.Length):
		return s.gzipped(response)
	case identityWeight > 0:
		return response, nil
	case gzipWeight > 0 && response.Length <= gzipMost && s.memory.take(response.Length):
		return s.gzipped(response)
	}
	defer response.close()
	return nil, &statusError{status: 406, header: []Field{{"Vary", vary}}, cause: fmt.Errorf("Accept-Encoding %q", accept)}
}

// codingWeights returns how much a client likes gzip, and the content as it is.
// That is called identity, and it is always welcome, if least of all, unless the
// client says otherwise.
//
//	Accept-Encoding = #( codings [ weight ] )               (RFC 9110, 12.5.3)
//	codings         = content-coding / "identity" / "*"
func codingWeights(accepted []preference) (gzip, identity int) {
	weights := map[string]int{}
	for _, p := range accepted {
		weights[p.name] = p.weight
	}
	others, hasOthers := weights["*"]
	gzip, identity = others, 1
	if hasOthers {
		identity = others
	}
	for _, name := range []string{"x-gzip", "gzip"} {
		if weight, ok := weights[name]; ok {
			gzip = weight
		}
	}
	if weight, ok := weights["identity"]; ok {
		identity = weight
	}
	return gzip, identity
}

// isText reports whether a media type is one whose content repeats itself, as
// texts do. Pictures, films and archives are compressed already.
func isText(mediaType string) bool {
	name, _, _ := strings.Cut(mediaType, ";")
	return strings.HasPrefix(name, "text/") || strings.HasSuffix(name, "+xml") || strings.HasSuffix(name, "+json") ||
		slices.Contains([]string{"application/json", "application/xml", "application/javascript", "application/wasm"}, name)
}

// gzipped returns a response with its content in the coding gzip. That is a
// representation of its own, with a tag of its own (RFC 9110, 8.8.3.3). Room for
// the content was taken; now it is known how much it needs.
func (s *server) gzipped(response *Response) (*Response, error) {
	defer response.close()
	content, err := s.compress(response)
	s.memory.onTheirWay.Add(int64(len(content)) - response.Length)
	if err != nil {
		return nil, refuse(500, "%w", err)
	}
	coded := response.distinguish("gzip")
	coded.Header = append(coded.Header, Field{"Content-Encoding", "gzip"})
	coded.Content = codedContent{bytes.NewReader(content), &s.memory}
	coded.Length = int64(len(content))
	return coded, nil
}

// compress returns the content of a response, compressed: from memory where it
// is known, by its tag, which is another one for another content. To compress is
// the hardest work of this server. It does it for one at a time, so that nobody
// who asks for many files can keep it from everything else.
func (s *server) compress(response *Response) ([]byte, error) {
	key := response.Name + " " + response.Tag
	if content, ok := s.memory.coded.get(key); ok {
		return content, nil
	}
	s.memory.compressing.Lock()
	defer s.memory.compressing.Unlock()
	if content, ok := s.memory.coded.get(key); ok {
		return content, nil
	}
	var compressed bytes.Buffer
	writer := gzip.NewWriter(&compressed)
	if _, err := io.CopyN(writer, response.Content, response.Length); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	content := bytes.Clone(compressed.Bytes()) // The buffer may be twice as long.
	if !isWeak(response.Tag) {
		s.memory.coded.put(key, content, len(content))
	}
	return content, nil
}

// take takes room for content that is to be compressed. It reports whether there
// is some.
func (m *memory) take(length int64) bool {
	if m.onTheirWay.Add(length) > codedLimit {
		m.onTheirWay.Add(-length)
		return false
	}
	return true
}

// codedContent is compressed content on its way to a client.
type codedContent struct {
	*bytes.Reader
	memory *memory
}

// Close gives the room back.
func (c codedContent) Close() error {
	c.memory.onTheirWay.Add(-c.Size())
	return nil
}

// inMemory returns the bytes of a content that lies in memory. It reports whether
// it does.
func inMemory(content io.Reader) (*bytes.Reader, bool) {
	if coded, ok := content.(codedContent); ok {
		return coded.Reader, true
	}
	memory, ok := content.(*bytes.Reader)
	return memory, ok
}
