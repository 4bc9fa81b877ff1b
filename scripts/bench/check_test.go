package bench

import (
	"errors"
	"fmt"
	"net/http"
)

// checks is how many replies of each server are checked completely.
const checks = 3

// plan returns how the server at an address is asked, and what comes, after a
// few replies have been checked completely.
func (s scenario) plan(address string, files site) (plan, error) {
	requests := s.requests()
	if s.conditional {
		field, err := s.condition(address)
		if err != nil {
			return plan{}, err
		}
		requests = s.requests(field)
	}
	p := plan{
		address:  address,
		requests: []byte(requests),
		together: len(s.targets),
		status:   fmt.Sprintf("HTTP/1.1 %d", s.status),
		closes:   s.closes,
		timed:    s.timed,
	}
	sizes, err := s.converse(p, files)
	if err != nil {
		return plan{}, err
	}
	p.size = sizes[0]
	for _, size := range sizes {
		if size != p.size {
			p.size = 0 // The length must be found out each time.
		}
	}
	return p, nil
}

// converse asks the server a few times, checks its replies, and returns how
// long each was.
func (s scenario) converse(p plan, files site) ([]int, error) {
	var c *conversation
	var sizes []int
	for range checks {
		if c == nil {
			var err error
			if c, err = dial(p.address); err != nil {
				return nil, err
			}
			defer c.conn.Close()
		}
		replies, err := c.ask(p.requests, p.together)
		if err != nil {
			return nil, err
		}
		for i, r := range replies {
			if err := s.check(r, files.content[s.targets[i]]); err != nil {
				return nil, fmt.Errorf("%s %s: %w", s.method(), s.targets[i], err)
			}
			sizes = append(sizes, r.size)
		}
		if s.closes {
			if err := c.closed(); err != nil {
				return nil, err
			}
			c = nil // The next request has a connection of its own.
		}
	}
	return sizes, nil
}

// condition returns the field line that makes a request conditional, with the
// validator that the server itself has given: its entity tag, if it has one.
func (s scenario) condition(address string) (string, error) {
	c, err := dial(address)
	if err != nil {
		return "", err
	}
	defer c.conn.Close()
	replies, err := c.ask([]byte(s.requests()), 1)
	if err != nil {
		return "", err
	}
	header := replies[0].head.Header
	if tag := header.Get("ETag"); tag != "" {
		return "If-None-Match: " + tag, nil
	}
	if date := header.Get("Last-Modified"); date != "" {
		return "If-Modified-Since: " + date, nil
	}
	return "", fmt.Errorf("GET %s: the reply has no validator", s.targets[0])
}

// check returns what is wrong with a reply, if anything is. The file is what
// should come where all is well.
func (s scenario) check(r reply, file string) error {
	h := r.head
	switch {
	case h.StatusCode != s.status:
		return fmt.Errorf("the status is %s, and not %d", h.Status, s.status)
	case h.Proto != "HTTP/1.1":
		return fmt.Errorf("the version is %s, and not HTTP/1.1", h.Proto)
	case s.status == http.StatusNotModified && r.content != "":
		return fmt.Errorf("a file that is not modified came with %d bytes of content", len(r.content))
	case h.Close && !s.closes:
		return errors.New("the reply says that the connection closes")
	case !h.Close && s.closes:
		return errors.New("the reply does not say that the connection closes")
	case s.status != http.StatusOK:
		return nil // The content is the server's own.
	}
	content, err := s.decode(r)
	if err == nil && content != file {
		err = fmt.Errorf("the content is not that of the file: %d bytes came, of %d", len(content), len(file))
	}
	return err
}
