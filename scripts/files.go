package scripts

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/net/html"
)

// touch sets the modification time of a file.
func (p *play) touch(ts *testscript.TestScript, args []string) {
	when, err := time.Parse(time.RFC3339, args[1])
	if err != nil {
		ts.Fatalf("%s is not a time such as 2026-01-02T15:04:05Z", args[1])
	}
	ts.Check(os.Chtimes(ts.MkAbs(args[0]), when, when))
}

// fill makes a file of zero bytes. It takes no room on most disks.
func (p *play) fill(ts *testscript.TestScript, args []string) {
	size, err := parseSize(args[1])
	ts.Check(err)
	file, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(file.Truncate(size))
	ts.Check(file.Close())
}

// pipe makes a named pipe.
func (p *play) pipe(ts *testscript.TestScript, args []string) {
	ts.Check(makePipe(ts.MkAbs(args[0])))
}

// sizeForm is a number of bytes, such as 512KiB.
var sizeForm = regexp.MustCompile(`^(\d{1,6})(|KiB|MiB|GiB)$`)

// parseSize returns the number of bytes that a size such as 512KiB stands for.
func parseSize(text string) (int64, error) {
	parts := sizeForm.FindStringSubmatch(text)
	if parts == nil {
		return 0, fmt.Errorf("%s is not a size such as 1000, 64KiB, 5MiB or 1GiB", text)
	}
	n, _ := strconv.ParseInt(parts[1], 10, 64)
	return n << map[string]int{"": 0, "KiB": 10, "MiB": 20, "GiB": 30}[parts[2]], nil
}

// request asks the last server for a target and returns the reader of the
// content, behind the head, which must be that of a 200. The remark ends the
// sentence that says so where it is not.
func (p *play) request(ts *testscript.TestScript, target, remark string) (*bufio.Reader, net.Conn) {
	conn, err := net.DialTimeout("tcp", addressOf(ts), p.patience.now())
	if err != nil {
		ts.Fatalf("cannot connect to the server: %v%s", err, p.fate())
	}
	conn.SetDeadline(time.Now().Add(scriptLimit))
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", target)
	reply := bufio.NewReader(conn)
	status, err := reply.ReadString('\n')
	if err != nil || statusOf(status) != "200" {
		conn.Close()
		ts.Fatalf("GET %s was answered with %q; a status of 200 was wanted%s", target, status, remark)
	}
	for line := ""; line != "\r\n"; {
		if line, err = reply.ReadString('\n'); err != nil {
			conn.Close()
			ts.Fatalf("GET %s was answered with a head that has no end (an empty line, \\r\\n)", target)
		}
	}
	return reply, conn
}

// get compares the content of a reply with a file.
func (p *play) get(ts *testscript.TestScript, args []string) {
	file, err := os.Open(ts.MkAbs(args[1]))
	ts.Check(err)
	defer file.Close()
	reply, conn := p.request(ts, args[0], "")
	defer conn.Close()
	want := bufio.NewReader(file)
	got, wanted := make([]byte, 64<<10), make([]byte, 64<<10)
	for at := 0; ; {
		n, err := io.ReadFull(reply, got)
		w, _ := io.ReadFull(want, wanted)
		if same := commonPrefix(got[:n], wanted[:w]); same < max(n, w) {
			ts.Fatalf("the content of %s is that of %s up to byte %d; then one has %s, the other %s",
				args[0], args[1], at+same, next(got[same:n]), next(wanted[same:w]))
		}
		if at += n; err != nil {
			return
		}
	}
}

// changes asks for a target until its content is another one.
func (p *play) changes(ts *testscript.TestScript, args []string) {
	content := func() string {
		reply, conn := p.request(ts, args[0], "")
		defer conn.Close()
		data, err := io.ReadAll(io.LimitReader(reply, replyLimit))
		ts.Check(err)
		return string(data)
	}
	first, patience := content(), p.patience.now()
	for late := time.Now().Add(patience); time.Now().Before(late); {
		if content() != first {
			return
		}
	}
	p.patience.lose()
	ts.Fatalf("the content of %s was the same for %v: %s", args[0], patience, strconv.Quote(first))
}

// next names the first byte of data.
func next(data []byte) string {
	if len(data) == 0 {
		return "no more"
	}
	return strconv.Quote(string(data[:1]))
}

// links compares the links of a page with a list. Each must work as well.
func (p *play) links(ts *testscript.TestScript, args []string) {
	reply, conn := p.request(ts, args[0], "")
	var source strings.Builder
	page, err := html.Parse(io.TeeReader(reply, &source))
	conn.Close()
	ts.Check(err)
	base, err := url.Parse(args[0])
	ts.Check(err)
	var got []string
	for node := range page.Descendants() {
		if node.Data != "a" || node.Type != html.ElementNode {
			continue
		}
		link, err := base.Parse(attribute(node, "href"))
		if err != nil {
			ts.Fatalf("the page has a link that is no URL: %v", err)
		}
		got = append(got, strings.Split(link.RequestURI()+" "+strings.TrimSpace(textBelow(node)), "\n")...)
		linked, conn := p.request(ts, link.RequestURI(), "; the page "+args[0]+" has a link to it")
		io.CopyN(io.Discard, linked, replyLimit) // The server is not left in the middle of its reply.
		conn.Close()
	}
	wanted := slices.DeleteFunc(strings.Split(ts.ReadFile(args[1]), "\n"), func(line string) bool { return line == "" })
	for i := range max(len(got), len(wanted)) {
		if i < len(got) && i < len(wanted) && got[i] == wanted[i] {
			continue
		}
		ts.Fatalf("link %d of %s is not the one that the script wants (its target, and the text that a reader sees)\nwanted:\n%s\ngot:\n%s%s",
			i+1, args[0], indent(nthLink(wanted, i)), indent(nthLink(got, i)), inSource(source.String(), i))
	}
}

// nthLink returns a link, or that there are no more.
func nthLink(links []string, n int) string {
	if n >= len(links) {
		return "no more links"
	}
	return links[n]
}

// inSource shows the line with a link of a page.
func inSource(source string, n int) string {
	for line := range strings.SplitSeq(source, "\n") {
		if n -= strings.Count(strings.ToLower(line), "<a "); n < 0 {
			return "\nas the page writes it:\n" + indent(line)
		}
	}
	return ""
}

// attribute returns the value of an attribute, "" where there is none.
func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// textBelow returns the text that a reader sees in a part of a page.
func textBelow(node *html.Node) string {
	var text bytes.Buffer
	for n := range node.Descendants() {
		if n.Type == html.TextNode {
			text.WriteString(n.Data)
		}
	}
	return text.String()
}
