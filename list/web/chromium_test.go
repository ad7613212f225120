package web

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// browser is a headless Chromium, spoken to in its DevTools protocol over a pipe.
type browser struct {
	t       *testing.T
	ctx     context.Context
	to      *os.File
	from    chan answer
	session string
	last    int
	at      string // what was opened last
	// said is what the browser had to complain about: console, exceptions, violations of the policy.
	said []string
	// asked is every address that a page wanted something of.
	asked []string
}

type answer struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct{ Message string }
}

type object = map[string]any

// newBrowser starts a browser, or skips the test where there is none.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	var program string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
		t.Skip("no chromium, chromium-browser or google-chrome in PATH")
	}
	// Not t.TempDir: processes of the browser's own may write there for a moment longer than it lives.
	profile, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(profile) })
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute) // of a browser that hangs
	cmd := exec.CommandContext(ctx, program, "--headless=new", "--disable-gpu",
		"--no-sandbox", // root and containers have none; the pages are our own
		"--disable-dev-shm-usage", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe",
		"--user-data-dir="+profile, "about:blank")
	theirs, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.ExtraFiles = []*os.File{theirs, theirOut} // 3 and 4
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirs.Close()
	theirOut.Close()
	b := &browser{t: t, ctx: ctx, to: to, from: make(chan answer)}
	go b.listen(from)
	t.Cleanup(func() {
		b.session = ""
		b.call("Browser.close", nil, nil)
		for range b.from { // until it has hung up
		}
		to.Close()
		if err := cmd.Wait(); err != nil {
			t.Log("browser:", err)
		}
		cancel()
	})
	var target, attached struct{ TargetID, SessionID string }
	b.call("Target.createTarget", object{"url": "about:blank"}, &target)
	b.call("Target.attachToTarget", object{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network", "Audits", "Accessibility"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

// listen hands over what the browser sends, one message with a NUL behind it at a time.
func (b *browser) listen(from *os.File) {
	defer close(b.from)
	defer from.Close()
	for r := bufio.NewReader(from); ; {
		line, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m answer
		if err := json.Unmarshal(line[:len(line)-1], &m); err != nil {
			return
		}
		b.from <- m
	}
}

// next is the next message; what complains is noted on the way.
func (b *browser) next() answer {
	b.t.Helper()
	var m answer
	var ok bool
	select {
	case m, ok = <-b.from:
	case <-b.ctx.Done():
	}
	if !ok {
		b.t.Fatal("the browser is gone")
	}
	switch m.Method {
	case "Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Audits.issueAdded":
		b.said = append(b.said, m.Method+" "+string(m.Params))
	case "Network.requestWillBeSent":
		var p struct{ Request struct{ URL, Method string } }
		if err := json.Unmarshal(m.Params, &p); err != nil {
			b.t.Fatal(err)
		}
		b.asked = append(b.asked, p.Request.Method+" "+p.Request.URL)
	}
	return m
}

// call does what method says and waits for its result.
func (b *browser) call(method string, params object, result any) {
	b.t.Helper()
	b.last++
	call := object{"id": b.last, "method": method}
	if params != nil {
		call["params"] = params
	}
	if b.session != "" {
		call["sessionId"] = b.session
	}
	line, err := json.Marshal(call)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(line, 0)); err != nil {
		b.t.Fatal(err)
	}
	for {
		m := b.next()
		if m.ID != b.last {
			continue
		}
		if m.Error != nil {
			b.t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				b.t.Fatal(err)
			}
		}
		return
	}
}

// after does something and waits until the page that comes of it is loaded.
func (b *browser) after(do func()) {
	b.t.Helper()
	do()
	for b.next().Method != "Page.loadEventFired" {
	}
}

func (b *browser) open(url string) {
	b.t.Helper()
	if b.at == url { // which would not be a way to another page
		b.after(func() {
			b.call("Page.navigate", object{"url": "about:blank"}, nil)
		})
	}
	b.at = url
	b.after(func() {
		b.call("Page.navigate", object{"url": url}, nil)
	})
}

// eval is the value, or what is promised, of an expression of the page's script language, which we may speak and its own content may not.
func (b *browser) eval(expression string, value any) {
	b.t.Helper()
	var r struct {
		Result struct{ Value json.RawMessage }
	}
	b.call("Runtime.evaluate", object{"expression": expression, "returnByValue": true, "awaitPromise": true}, &r)
	if err := json.Unmarshal(r.Result.Value, value); err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
}

// heard is what a screen reader has to say of the page: "heading Leave?", "button Leave".
func (b *browser) heard() string {
	b.t.Helper()
	var tree struct {
		Nodes []struct {
			Ignored    bool
			Role, Name struct{ Value string }
		}
	}
	b.call("Accessibility.getFullAXTree", nil, &tree)
	var heard []string
	for _, n := range tree.Nodes {
		if role := n.Role.Value; !n.Ignored && n.Name.Value != "" && role != "StaticText" && role != "InlineTextBox" {
			heard = append(heard, role+" "+n.Name.Value)
		}
	}
	return strings.Join(heard, "\n")
}
