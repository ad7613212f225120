package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// BenchmarkVisible posts to a list that has VISIBLE_POSTS posts (5,000 where that is not set) and waits until each post stands on its page, was told of to a mail program that
// is idle, and is found by its words, each by its own reader from the 250 on. An op is a post; the figures are of the slowest of all.
func BenchmarkVisible(b *testing.B) {
	posts := 5000
	if n, err := strconv.Atoi(os.Getenv("VISIBLE_POSTS")); err == nil {
		posts = n
	}
	smtp, pages, folders := visibleDaemon(b, posts)
	idle := idleOn(b, folders)
	fetch := func(path, has string) bool {
		resp, err := http.Get("http://" + pages + path)
		if err != nil {
			b.Error(err)
			return true
		}
		defer resp.Body.Close()
		page, _ := io.ReadAll(resp.Body) // what is not whole has not got what is looked for
		return strings.Contains(string(page), has)
	}
	var slowest [3]time.Duration
	p := dialPoster(b, smtp)
	n := 0
	for b.Loop() {
		n++
		word := fmt.Sprintf("gathering%d", n)
		p.write(b, "owner@example.org", benchList, fmt.Sprintf("From: owner@example.org\r\nTo: %s\r\nSubject: Once more\r\nMessage-ID: <%s@x>\r\n\r\nThis is about the %s.\r\n", benchList, word, word))
		began := time.Now()
		took := make(chan struct{}, len(slowest))
		for i, seen := range []func() bool{
			func() bool { return fetch("/m/"+word+"%40x", "This is about the "+word) },
			func() bool { line := <-idle; return strings.HasSuffix(line, " EXISTS") },
			func() bool { return fetch(list.SearchPath(benchList)+"?q="+word, "<mark>"+word+"</mark>") },
		} {
			go func() {
				for !seen() && time.Since(began) < patience {
				}
				slowest[i] = max(slowest[i], time.Since(began))
				took <- struct{}{}
			}()
		}
		for range slowest {
			<-took
		}
	}
	for i, where := range []string{"page-ms", "idle-ms", "search-ms"} {
		if slowest[i] >= patience {
			b.Errorf("%s: not seen", where)
		}
		b.ReportMetric(float64(slowest[i].Microseconds())/1000, where)
	}
}

// visibleDaemon is a daemon with all its doors, and one public list of so many posts.
func visibleDaemon(b *testing.B, posts int) (smtp, pages, folders string) {
	dir := b.TempDir()
	path := filepath.Join(dir, "convene.toml")
	text := noNames(b) + "[server]\nhostname = \"lists.example.org\"\nadmin = \"admin@example.org\"\n[http]\nlisten = \"127.0.0.1:0\"\nbase_url = \"http://127.0.0.1:8025\"\n" +
		"[smtp]\nlisten = \"127.0.0.1:0\"\n[imap]\nlisten = \"127.0.0.1:0\"\n[delivery]\nmaildir = \"./sent\"\n[[list]]\naddress = \"" + benchList +
		"\"\nowners = [\"owner@example.org\"]\nrequire_auth = \"never\"\narchive = \"public\"\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	cfg, faults := loadConfig(path)
	if len(faults) > 0 {
		b.Fatal(faults)
	}
	d, err := assemble(cfg, &clock{}, false, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := d.engine.ImportHistory(context.Background(), benchList, benchHistory(b, posts)); err != nil {
		b.Fatal(err)
	}
	if err := d.archive.CatchUp(context.Background()); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, stopped := make(chan listeners), make(chan error)
	go func() { stopped <- d.run(ctx, func(l listeners) { ready <- l }) }()
	b.Cleanup(func() {
		cancel()
		if err := <-stopped; err != nil {
			b.Error(err)
		}
	})
	l := <-ready
	return l.smtp.Addr().String(), l.http.Addr().String(), l.imap.Addr().String()
}

// idleOn has what a mail program is told that is idle in the folder of the list.
func idleOn(b *testing.B, folders string) <-chan string {
	conn, err := net.Dial("tcp", folders)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	if _, err := io.WriteString(conn, "a LOGIN anonymous x\r\nb EXAMINE Lists/"+benchList+"\r\nc IDLE\r\n"); err != nil {
		b.Fatal(err)
	}
	in := bufio.NewScanner(conn)
	for in.Scan() && !strings.HasPrefix(in.Text(), "+") {
		if strings.Contains(in.Text(), " NO ") || strings.Contains(in.Text(), " BAD ") {
			b.Fatal(in.Text())
		}
	}
	lines := make(chan string, 16)
	go func() {
		defer close(lines)
		for in.Scan() {
			lines <- in.Text()
		}
	}()
	return lines
}
