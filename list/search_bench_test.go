package list_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"convene/list"
	derived "convene/list/archive"
	"convene/list/message"
	"convene/store"
)

// BenchmarkSearchPage asks for pages of a search in 20,000 posts: what a page costs beside finding its posts, of which list/archive has figures.
func BenchmarkSearchPage(b *testing.B) {
	db, err := store.Open(b.TempDir(), store.Options{Fleeting: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	site := list.NewSite(list.Site{Hostname: "mx.example.org", Lists: []*list.List{{Address: peers, Archive: list.ArchivePublic}}})
	engine, err := list.NewEngine(db, site, func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }, func() string { return "id" }, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	fillArchive(b, db, 20_000)
	index := &derived.Index{}
	file, err := derived.Open(derived.Options{Path: filepath.Join(b.TempDir(), "archive.db"), Source: db, Parts: []derived.Part{index}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	began, used := time.Now(), usedTime(b)
	if err := file.CatchUp(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.Logf("20,000 posts were entered in %s, with %s of processor time", time.Since(began), usedTime(b)-used)
	engine.Finder = &derived.Finder{File: file, Index: index}
	for _, q := range []string{"twisted", "deferred callback", "from:glyph", `"it seems to me"`} {
		b.Run(q, func(b *testing.B) {
			var all []time.Duration
			for b.Loop() {
				used := usedTime(b)
				if p, err := engine.SearchPage("", peers, q, 1); err != nil || len(p.Hits) == 0 {
					b.Fatal(p, err)
				}
				all = append(all, usedTime(b)-used)
			}
			slices.Sort(all)
			b.ReportMetric(float64(all[len(all)*95/100].Microseconds())/1000, "p95-cpu-ms")
		})
	}
}

func usedTime(tb testing.TB) time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// fillArchive keeps n posts of a real archive, again and again.
func fillArchive(b *testing.B, db *store.DB, n int) {
	files, err := filepath.Glob(filepath.Join("..", "..", "shared", "corpora", "threads", "twisted+pipermail", "*", "*.txt"))
	if err != nil || len(files) == 0 {
		b.Skip("there is no archive on this machine: ", err)
	}
	for done := 0; done < n; {
		for _, name := range files {
			file, err := os.Open(name)
			if err != nil {
				b.Fatal(err)
			}
			_ = message.Mbox(file, 32<<20, func(read message.MboxMessage) error {
				if done++; done > n {
					return nil
				}
				m := message.Parse(read.Raw)
				return db.Keep(read.Raw, func(tx list.Tx, ref list.Ref) error {
					p := list.Post{List: 1, Ref: ref, MessageID: fmt.Sprintf("%d@x", done), Subject: m.Subject(), From: "glyph@example.org", FromName: "Glyph"}
					if date, ok := m.Date(); ok {
						p.Date = date
					}
					_, err := tx.PutPost(p)
					return err
				})
			}) // what is no mbox has no posts
			file.Close()
		}
	}
}
