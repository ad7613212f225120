package facts

import (
	"os"
	"path/filepath"
	"testing"
)

// thousand are a thousand posts of a list, of several months that follow each other.
func thousand(b testing.TB) []Post {
	b.Helper()
	dir := needShared(b, "threads/twisted+pipermail/twisted-web")
	var all []Post
	for _, name := range []string{"2005-July", "2005-August", "2005-September", "2005-October", "2005-November", "2005-December", "2006-January", "2006-February", "2006-March", "2006-April"} {
		posts := archive(b, filepath.Join(dir, name+".txt"))
		base := uint32(len(all))
		for _, p := range posts {
			p.Number, p.Topic = p.Number+base, p.Topic+base
			if p.Answers != 0 {
				p.Answers += base
			}
			all = append(all, p)
		}
	}
	if len(all) < 1000 {
		b.Fatalf("there are %d posts", len(all))
	}
	return all[:1000]
}

// BenchmarkGather makes the facts of a thousand posts.
func BenchmarkGather(b *testing.B) {
	posts := thousand(b)
	b.ReportAllocs()
	for b.Loop() {
		if f := Gather(month(posts, "twisted-web@twistedmatrix.com")); len(f.Themes) < 3 {
			b.Fatal("there are no themes")
		}
	}
}

// BenchmarkRead reads a month from its mail.
func BenchmarkRead(b *testing.B) {
	path := needShared(b, months[0].path)
	if info, err := os.Stat(path); err == nil {
		b.SetBytes(info.Size())
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n = len(archive(b, path))
	}
	b.ReportMetric(float64(n), "posts")
}
