package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/store"
)

// BenchmarkImport takes in an archive of IMPORT_POSTS posts (5,000 where that is not set), in threads of ten, and tells how many a second, in its first and its
// last tenth, and how much memory the process came to hold.
func BenchmarkImport(b *testing.B) {
	posts := 5000
	if n, err := strconv.Atoi(os.Getenv("IMPORT_POSTS")); err == nil {
		posts = n
	}
	for b.Loop() {
		db, err := store.Open(b.TempDir(), store.Options{Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			b.Fatal(err)
		}
		site := list.NewSite(list.Site{Hostname: "mx.example.org", Admin: "admin@example.org", Limits: list.Limits{HeaderBytes: 256_000, HeaderFields: 1000, MIMEDepth: 50, MIMEParts: 1000},
			Lists: []*list.List{{Address: "peers@lists.example.org", Name: "Peers", Archive: list.ArchivePublic}}})
		engine, err := list.NewEngine(db, site, time.Now, newIDs(time.Now), slog.New(slog.DiscardHandler))
		if err != nil {
			b.Fatal(err)
		}
		var marks [11]time.Time
		start, given := time.Now(), 0
		source := &archiveSource{posts: posts, mark: func(n int) {
			for given < len(marks) && n >= given*posts/10 {
				marks[given] = time.Now()
				given++
			}
		}}
		files := 0
		done, err := engine.ImportHistory(context.Background(), "peers@lists.example.org", func() (list.HistoryFile, error) {
			if files++; files > 1 {
				return list.HistoryFile{}, io.EOF
			}
			return list.HistoryFile{Name: "archive", Content: source}, nil
		})
		took := time.Since(start)
		if err != nil || done.Posts != posts {
			b.Fatalf("%+v, %v", done, err)
		}
		b.ReportMetric(float64(posts)/took.Seconds(), "posts/s")
		b.ReportMetric(float64(posts)/10/marks[1].Sub(marks[0]).Seconds(), "first/s")
		b.ReportMetric(float64(posts)/10/marks[10].Sub(marks[9]).Seconds(), "last/s")
		b.ReportMetric(float64(peakMemory(b))/1e6, "peak-MB")
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// archiveSource is an mbox file that is made as it is read: threads of ten answers, a message of 3 kB every minute.
type archiveSource struct {
	posts, n int
	rest     string
	mark     func(n int)
}

func (a *archiveSource) Read(p []byte) (int, error) {
	if a.rest == "" {
		a.mark(a.n)
		if a.n == a.posts {
			return 0, io.EOF
		}
		at := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(a.n) * time.Minute)
		refs, re := "", ""
		if in := a.n % 10; in > 0 {
			refs, re = fmt.Sprintf("In-Reply-To: <%d@a.example>\nReferences: <%d@a.example> <%d@a.example>\n", a.n-1, a.n-in, a.n-1), "Re: "
		}
		a.rest = fmt.Sprintf("From p%d@a.example %s\nReceived: from a by b; %s\nFrom: Person %d <p%d@a.example>\nDate: %s\nSubject: %sThing %d\nMessage-ID: <%d@a.example>\n%s"+
			"Content-Type: text/plain; charset=utf-8\n\n%s\n", a.n%300, at.Format(time.ANSIC), at.Format(time.RFC1123Z), a.n%300, a.n%300, at.Format(time.RFC1123Z), re, a.n/10, a.n, refs,
			strings.Repeat("The wells in the north were dug by hand, and the pumps came later by road.\n", 36))
		a.n++
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// peakMemory is the most memory that the process has held, in octets.
func peakMemory(b *testing.B) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	n, err := strconv.ParseInt(strings.Fields(rest + " 0")[0], 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return n << 10
}
