package archive

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"convene/list"
	"convene/list/message"
)

// realPosts are the posts of real list archives; none where there are none on this machine.
func realPosts(tb testing.TB) (posts []list.Post, raws [][]byte) {
	dir := filepath.Join("..", "..", "..", "shared", "corpora", "threads", "twisted+pipermail")
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".txt") || d.Name() == "SOURCE.txt" {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		_ = message.Mbox(file, 32<<20, func(read message.MboxMessage) error {
			raw := append([]byte{}, read.Raw...)
			m := message.Parse(raw)
			p := list.Post{List: 1, Number: uint32(len(posts) + 1), Subject: m.Subject(), Date: someday}
			if box, err := m.From(); err == nil {
				p.From, p.FromName = box.Addr, box.Name
			}
			if date, ok := m.Date(); ok {
				p.Date = date
			}
			posts, raws = append(posts, p), append(raws, raw)
			return nil
		})
		return nil // what is no mbox has no posts
	})
	if err != nil || len(posts) == 0 {
		tb.Skip("there is no archive to index: ", err)
	}
	return posts, raws
}

// enterMany enters n posts, real ones again and again, as the file does: read by all processors, and put in batches. It returns how much text they have.
func enterMany(tb testing.TB, s *shelfOf, n int) (text int64) {
	posts, raws := realPosts(tb)
	for from := 0; from < n; from += batchPosts {
		all := make([]Entry, min(batchPosts, n-from))
		texts := make(chan int64)
		for worker := range runtime.GOMAXPROCS(0) {
			go func() {
				sum := int64(0)
				for i := worker; i < len(all); i += runtime.GOMAXPROCS(0) {
					k := (from + i) % len(posts)
					p := posts[k]
					p.Number, p.Date = uint32(from+i+1), p.Date.Add(time.Duration((from+i)/len(posts))*time.Hour)
					all[i] = Entry{&p, s.index.Read(&p, raws[k])}
					sum += int64(len(raws[k]))
				}
				texts <- sum
			}()
		}
		for range runtime.GOMAXPROCS(0) {
			text += <-texts
		}
		s.put(all...)
	}
	return text
}

// cpuTime is how much of it this process has used: other programs on the machine do not count.
func cpuTime(tb testing.TB) time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// peakMemory is the most that this process had in memory so far, in MB: with the posts that are entered, which are always there, and pages of the file.
func peakMemory(tb testing.TB) float64 {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		tb.Fatal(err)
	}
	return float64(use.Maxrss) / 1024
}

// BenchmarkIndex enters 20,000 posts: how many in a second, and in a second of one processor; how large the file is, and what is in it, beside the posts as they came.
func BenchmarkIndex(b *testing.B) {
	for b.Loop() {
		s := newShelf(b, filepath.Join(b.TempDir(), "index"))
		began, used := time.Now(), cpuTime(b)
		text := enterMany(b, s, 20000)
		took, used := time.Since(began), cpuTime(b)-used
		live := int64(0)
		s.update(func(bucket *bolt.Bucket) error {
			return bucket.ForEach(func(k, v []byte) error { live += int64(len(k) + len(v)); return nil })
		})
		info, err := os.Stat(s.db.Path())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(20000/took.Seconds(), "posts/s")
		b.ReportMetric(20000/used.Seconds(), "posts/cpu-s")
		b.ReportMetric(peakMemory(b), "MB")
		b.ReportMetric(float64(info.Size())/float64(text), "file/text")
		b.ReportMetric(float64(live)/float64(text), "live/text")
		s.db.Close()
	}
}

// BenchmarkFind asks an index of 100,000 posts, page by page: a query a round. It says how long the slowest twentieth takes, and how much memory the process had when all
// posts were in.
func BenchmarkFind(b *testing.B) {
	s := newShelf(b, filepath.Join(b.TempDir(), "index"))
	defer s.db.Close()
	enterMany(b, s, 100_000)
	memory := peakMemory(b)
	f := &Finder{File: &File{db: s.db}, Index: s.index}
	asked := []string{"twisted", "deferred callback", "the", `"it seems to me"`, "from:glyph reactor", "deprec*", "after:2005-01-01 before:2006-01-01 server", "has:attachment patch",
		"subject:web -nevow", "xmlrpc OR soap sort:date", "zope acquisition", "to be or not to be",
		"co* re* in* pr* st* de* se* th* al* wh* be* no* su* ma* un* a*", `"to be or not to be that is the question" "in the of the and to"`}
	for _, q := range asked {
		b.Run(strings.ReplaceAll(q, " ", "_"), func(b *testing.B) {
			var all []time.Duration
			found := list.Found{}
			for b.Loop() {
				used := cpuTime(b)
				var err error
				if found, err = f.Find(1, list.Quest{Text: q, Member: true, Zone: time.UTC, Now: someday, Most: 20}); err != nil {
					b.Fatal(err)
				}
				all = append(all, cpuTime(b)-used)
			}
			slices.Sort(all)
			b.ReportMetric(float64(all[len(all)*95/100].Microseconds())/1000, "p95-cpu-ms")
			b.ReportMetric(float64(found.Total), "found")
			b.ReportMetric(memory, "MB")
		})
	}
}
