// Package tap stands between a client and a server, and shows what goes on
// between them: on the terminal and on a page, in the notation of the wire
// scripts.
//
// The files, in reading order: tap.go (the tap listens), address.go (where),
// pass.go and way.go (bytes are passed on), kind.go, split.go, headlines.go,
// head.go, framing.go and chunks.go (they are taken apart), message.go (how much
// of a message is shown), conversation.go, found.go and end.go (what goes on in a
// connection), transcript.go, contentlines.go and placeholder.go (it is written
// down), terminal.go (and printed), record.go and script.go (and kept), page.go
// and events.go (a page shows it), view.go, parts.go, words.go and fields.go
// (with a name for every part).
package tap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// Options say where a tap stands, and where it prints.
type Options struct {
	// Port is where clients connect, as a stage takes it: a number, for this
	// machine only, or HOST:PORT. PagePort is the same for the page; empty for the
	// next free one.
	Port, PagePort string

	// Target is the address of the server: a port, HOST:PORT, or a URL.
	Target string

	// Out is where the transcripts are printed, and Paint how; nil is for no
	// colors.
	Out   io.Writer
	Paint Paint
}

// A Tap stands between clients and a server.
type Tap struct {
	// Says is the first line to print: where the tap stands.
	Says string

	// URL and PageURL are what to open in a browser.
	URL, PageURL string

	target         string
	listener, page net.Listener
	record         *record
	terminal       *terminal

	// open tells that the page can be reached from other machines.
	open bool
}

// Listen takes the ports of a tap. An *UsageError is about the options; every
// other error says what the machine refuses. Whoever calls it has to call Serve,
// which closes the ports.
func Listen(o Options) (*Tap, error) {
	target, err := parseTarget(o.Target)
	if err != nil {
		return nil, err
	}
	t := &Tap{target: target}
	if t.listener, t.URL, err = listen(o.Port); err != nil {
		return nil, err
	}
	if sameAddress(t.listener.Addr(), target) {
		t.listener.Close()
		return nil, &UsageError{fmt.Sprintf("the tap cannot listen at %s and pass on to it; choose another PORT", target)}
	}
	if t.page, t.PageURL, err = t.listenForPage(o); err != nil {
		t.listener.Close()
		return nil, err
	}
	t.open = isOpen(t.page.Addr())
	t.Says = fmt.Sprintf("tapping %s on %s, shown on %s", target, t.URL, t.PageURL)
	paint := o.Paint
	if paint == nil {
		paint = func(_, text string) string { return text }
	}
	t.terminal = newTerminal(o.Out, paint)
	t.record = newRecord(t.terminal)
	return t, nil
}

// Serve passes on what comes, until the context ends. Then it closes all
// connections, and returns when nothing is left of them.
func (t *Tap) Serve(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all sync.WaitGroup
	all.Go(func() { t.servePage(ctx) })
	all.Go(func() {
		<-ctx.Done()
		t.listener.Close()
	})
	said := ""
	for {
		conn, err := t.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			break
		}
		if err != nil {
			// Too many are open, most likely. Soon some will be closed.
			if why := rootOf(err).Error(); why != said {
				said = why
				t.terminal.print([]scriptLine{{text: "# no connection can be taken at the moment: " + why, title: true}})
			}
			time.Sleep(100 * time.Millisecond)
			continue
		}
		said = ""
		all.Go(func() { t.pass(ctx, conn) })
	}
	all.Wait()
	t.terminal.close()
}
