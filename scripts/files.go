package scripts

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
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

// gzip makes a compressed file beside another one, as the program gzip does with
// its option -k.
func (p *play) gzip(ts *testscript.TestScript, args []string) {
	name := ts.MkAbs(args[0])
	info, err := os.Stat(name)
	ts.Check(err)
	content, err := os.ReadFile(name)
	ts.Check(err)
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err = writer.Write(content)
	ts.Check(errors.Join(err, writer.Close()))
	ts.Check(os.WriteFile(name+".gz", packed.Bytes(), 0o666))
	ts.Check(os.Chtimes(name+".gz", info.ModTime(), info.ModTime()))
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
	_, reply, conn := p.requestWith(ts, target, remark, "")
	return reply, conn
}

// requestWith is request with more field lines. It returns also the head.
func (p *play) requestWith(ts *testscript.TestScript, target, remark, fields string) (string, *bufio.Reader, net.Conn) {
	conn, err := reach(addressOf(ts), p.patience.now())
	if err != nil {
		ts.Fatalf("cannot connect to the server: %v%s", err, p.fateAfter(err))
	}
	conn.SetDeadline(time.Now().Add(scriptLimit))
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n", target, fields)
	reply := bufio.NewReader(conn)
	status, err := reply.ReadString('\n')
	if err != nil || statusOf(status) != "200" {
		conn.Close()
		ts.Fatalf("GET %s was answered with %q; a status of 200 was wanted%s", target, status, remark)
	}
	var head strings.Builder
	for line := ""; line != "\r\n"; head.WriteString(line) {
		if line, err = reply.ReadString('\n'); err != nil {
			conn.Close()
			ts.Fatalf("GET %s was answered with a head that has no end (an empty line, \\r\\n)", target)
		}
	}
	return head.String(), reply, conn
}

// gzipField is the field of a response whose content is in the coding gzip.
var gzipField = regexp.MustCompile(`(?im)^Content-Encoding:[ \t]*gzip[ \t]*\r$`)

// unpack asks for a target in the coding gzip, and returns the content that was
// packed.
func (p *play) unpack(ts *testscript.TestScript, target string) []byte {
	head, reply, conn := p.requestWith(ts, target, "", "Accept-Encoding: gzip\r\n")
	defer conn.Close()
	if !gzipField.MatchString(head) {
		ts.Fatalf("GET %s with Accept-Encoding: gzip was answered without Content-Encoding: gzip:\n%s", target, indent(strings.ReplaceAll(head, "\r", "")))
	}
	var content []byte
	packed, err := gzip.NewReader(reply)
	if err == nil {
		content, err = io.ReadAll(io.LimitReader(packed, replyLimit))
	}
	if err != nil {
		ts.Fatalf("Content-Encoding says that the content of %s is in the coding gzip (RFC 1952), but it cannot be unpacked; after %s: %v", target, count(len(content), "byte"), err)
	}
	return content
}

// get compares the content of a reply with a file.
func (p *play) get(ts *testscript.TestScript, args []string) {
	isPacked := args[0] == "-gzip"
	if isPacked {
		args = args[1:]
	}
	if len(args) != 2 {
		ts.Fatalf("get needs a target and a file, and nothing else but -gzip before them")
	}
	file, err := os.Open(ts.MkAbs(args[1]))
	ts.Check(err)
	defer file.Close()
	if isPacked {
		compareContent(ts, args, bytes.NewReader(p.unpack(ts, args[0])), file)
		return
	}
	reply, conn := p.request(ts, args[0], "")
	defer conn.Close()
	compareContent(ts, args, reply, file)
}

// compareContent compares the content of the target args[0], which is read from
// reply, with that of the file args[1].
func compareContent(ts *testscript.TestScript, args []string, reply, file io.Reader) {
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
