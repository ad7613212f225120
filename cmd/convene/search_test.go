package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A post is found moments after its sender has the 250, while the daemon does all that it always does.
func TestFoundAtOnce(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "convene.toml")
	text := noNames(t) + `[server]
hostname = "lists.example.org"
admin = "admin@example.org"
[http]
listen = "127.0.0.1:0"
base_url = "http://127.0.0.1:8025"
[smtp]
listen = "127.0.0.1:0"
[delivery]
maildir = "./sent"
[[list]]
address = "peers@lists.example.org"
owners = ["owner@example.org"]
require_auth = "never"
archive = "public"
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, faults := loadConfig(path)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	d, err := assemble(cfg, &clock{}, false, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, stopped := make(chan [2]net.Addr), make(chan error)
	go func() {
		stopped <- d.run(ctx, func(l listeners) { ready <- [2]net.Addr{l.smtp.Addr(), l.http.Addr()} })
	}()
	at := <-ready
	defer func() {
		cancel()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	}()
	var slowest time.Duration
	for n := range 20 {
		word := fmt.Sprintf("gathering%d", n)
		mail := fmt.Sprintf("From: owner@example.org\r\nTo: peers@lists.example.org\r\nSubject: Once more\r\nMessage-ID: <%s@x>\r\n\r\nThis is about the %s.\r\n", word, word)
		postTo(t, at[0].String(), "owner@example.org", "peers@lists.example.org", mail)
		began := time.Now()
		for found := false; !found; {
			resp, err := http.Get("http://" + at[1].String() + "/peers@lists.example.org/search?q=" + word)
			if err != nil {
				t.Fatal(err)
			}
			page, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if found = strings.Contains(string(page), "<mark>"+word+"</mark>"); err != nil || !found && time.Since(began) > patience {
				t.Fatalf("after %s %s is not found: %v\n%s", time.Since(began), word, err, page)
			}
		}
		slowest = max(slowest, time.Since(began))
	}
	t.Logf("the slowest of 20 posts was found after %s", slowest)
}
