package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/archive"
	"convene/list/web"
	"convene/store"
)

// benchList is the list of the benches of pages, and benchTopic the subject of its longest topic, of 200 posts.
const benchList, benchTopic = "peers@lists.example.org", "The long topic"

// BenchmarkPages asks a server of pages, over one connection on loopback, for pages of an archive of PAGES_POSTS posts (100,000 where that is not set): a real archive again
// and again where there is one, with Message-IDs of its own each time. An op is a page. "p95-ms" is on the clock, "req/s/core" by the processor's time of both ends.
func BenchmarkPages(b *testing.B) {
	posts := 100_000
	if n, err := strconv.Atoi(os.Getenv("PAGES_POSTS")); err == nil {
		posts = n
	}
	a := fillBenchArchive(b, posts)
	for _, c := range []struct {
		name  string
		paths []string
	}{
		{"home", []string{"/"}},
		{"list/first", []string{"/" + benchList + "/"}},
		{"list/middle", []string{"/" + benchList + "/?before=" + a.middle}},
		{"list/last", []string{"/" + benchList + "/?before=" + a.last}},
		{"topic/any", a.topics},
		{"topic/long", []string{a.long}},
		{"topic/long-last", []string{a.long + "?page=20"}},
		{"post", a.posts},
		{"search/usual", a.search("twisted", "python", "problem", "list")},
		{"search/common", a.search("deferred", "server", "thread", "wells")},
		{"search/rare", a.search("zope.interface", "glacial", "archimedes")},
		{"search/several", a.search("deferred callback", "from:glyph reactor", `"it seems to me"`, "subject:error after:2004-01-01")},
		{"search/page-40", a.searchPage(40, "twisted", "python")},
		{"feed", []string{list.PostsPath(benchList)}},
	} {
		b.Run(c.name, func(b *testing.B) { a.ask(b, c.paths) })
	}
	a.signIn(b)
	for _, c := range []struct {
		name  string
		paths []string
	}{
		{"member/list", []string{"/" + benchList + "/"}},
		{"member/list-middle", []string{"/" + benchList + "/?before=" + a.middle}},
		{"member/topic", a.topics},
		{"member/topic-long", []string{a.long}},
	} {
		b.Run(c.name, func(b *testing.B) { a.ask(b, c.paths) })
	}
}

// benchArchive is an archive whose pages are served.
type benchArchive struct {
	addr   string
	db     *store.DB
	cookie string // of who asks; empty: a stranger
	// middle and last are places in the middle of all topics, and shortly before their end.
	middle, last string
	// Paths of pages of posts and topics, in no order; and of the longest topic.
	posts, topics []string
	long          string
}

func fillBenchArchive(b *testing.B, posts int) *benchArchive {
	quiet := slog.New(slog.DiscardHandler)
	db, err := store.Open(b.TempDir(), store.Options{Fleeting: true, Log: quiet})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	site := list.NewSite(list.Site{Hostname: "mx.example.org", Admin: "admin@example.org", Limits: list.Limits{HeaderBytes: 256_000, HeaderFields: 1000, MIMEDepth: 50, MIMEParts: 1000},
		Lists: []*list.List{{Address: benchList, Name: "Peers", Archive: list.ArchivePublic}}})
	engine, err := list.NewEngine(db, site, time.Now, newIDs(time.Now), quiet)
	if err != nil {
		b.Fatal(err)
	}
	begun := time.Now()
	done, err := engine.ImportHistory(context.Background(), benchList, benchHistory(b, posts))
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d posts were imported in %s, %d refused, %d known", done.Posts, time.Since(begun).Round(time.Millisecond), done.Refused, done.Known)
	index := &archive.Index{}
	file, err := archive.Open(archive.Options{Path: filepath.Join(b.TempDir(), "archive.db"), Source: db, Parts: []archive.Part{archive.Cards{}, index}, Log: quiet})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { file.Close() })
	begun = time.Now()
	if err := file.CatchUp(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.Logf("they were indexed in %s", time.Since(begun).Round(time.Millisecond))
	engine.Finder = &archive.Finder{File: file, Index: index}
	pages := web.New(web.Options{Settings: web.Settings{BaseURL: "https://lists.example.org", Hostname: "lists.example.org"}, Engine: engine, Log: slog.New(slog.NewJSONHandler(discard{}, nil)), Now: time.Now})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go pages.Serve(listener) //nolint:errcheck // it ends with the bench
	b.Cleanup(func() { pages.Shutdown(context.Background()) })
	a := &benchArchive{addr: listener.Addr().String(), db: db}
	if err := db.View(a.look); err != nil {
		b.Fatal(err)
	}
	return a
}

// look finds out what pages there are.
func (a *benchArchive) look(r list.Reader) error {
	seen := map[uint32]bool{}
	err := r.Posts(1, 1, func(p list.Post) error {
		if !p.Shown() {
			return nil
		}
		a.posts = append(a.posts, list.PostPath(p.MessageID))
		if path := list.TopicPath(benchList, p.Topic); strings.HasSuffix(p.Subject, benchTopic) {
			a.long = path
		} else if !seen[p.Topic] {
			seen[p.Topic] = true
			a.topics = append(a.topics, path)
		}
		return nil
	})
	if err != nil {
		return err
	}
	left := len(a.topics)
	err = r.Topics(1, func(t list.Topic) error {
		place := t.Last.UTC().Format(time.RFC3339Nano) + "." + strconv.Itoa(int(t.ID))
		switch left--; left {
		case len(a.topics) / 2:
			a.middle = place
		case 20:
			a.last = place
		}
		return nil
	})
	dice := rand.New(rand.NewPCG(1, 2))
	for _, all := range [][]string{a.topics, a.posts} {
		dice.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
	return err
}

func (a *benchArchive) search(queries ...string) []string { return a.searchPage(1, queries...) }

func (a *benchArchive) searchPage(page int, queries ...string) (paths []string) {
	for _, q := range queries {
		paths = append(paths, fmt.Sprintf("%s?q=%s&page=%d", list.SearchPath(benchList), url.QueryEscape(q), page))
	}
	return paths
}

// ask asks for some pages in turn.
func (a *benchArchive) ask(b *testing.B, paths []string) {
	conn, err := net.Dial("tcp", a.addr)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	var took []time.Duration
	size, n, used := 0, 0, cpu()
	for b.Loop() {
		begun := time.Now()
		body, status := a.get(b, conn, in, paths[n%len(paths)])
		took = append(took, time.Since(begun))
		if n++; status != 200 {
			b.Fatalf("%s: %d\n%s", paths[(n-1)%len(paths)], status, body)
		}
		size += len(body)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(n)/(cpu()-used).Seconds(), "req/s/core")
	b.ReportMetric(float64(size)/float64(n), "octets")
}

func (a *benchArchive) get(b *testing.B, conn net.Conn, in *bufio.Reader, path string) (body []byte, status int) {
	if _, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: lists.example.org\r\n"+a.cookie+"\r\n"); err != nil {
		b.Fatal(err)
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			b.Fatal(err)
		}
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "HTTP/1.1 "); ok {
			status, _ = strconv.Atoi(rest[:3])
		} else if rest, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			n, _ := strconv.Atoi(rest)
			body = make([]byte, n)
		} else if line == "" {
			_, err := io.ReadFull(in, body)
			if err != nil {
				b.Fatal(err)
			}
			return body, status
		}
	}
}

// benchHistory are mails for so many posts.
func benchHistory(b *testing.B, posts int) list.History {
	names, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "corpora", "threads", "twisted+pipermail", "*", "*.txt")) // the pattern is right
	long := strings.NewReader(longTopic())
	files := []list.HistoryFile{{Name: "long", Content: long}}
	if len(names) == 0 {
		files = append(files, list.HistoryFile{Name: "made up", Content: &archiveSource{posts: posts - 200, mark: func(int) {}}})
	}
	left, round := posts-200, 0
	return func() (list.HistoryFile, error) {
		if len(files) == 0 && left > 0 && len(names) > 0 {
			files = realHistory(b, names, round)
			for i := range files {
				content, _ := io.ReadAll(files[i].Content)
				if n := bytes.Count(content, []byte("\nMessage-ID: ")); n > left {
					content = firstMessages(content, left)
					left = 0
				} else {
					left -= n
				}
				files[i].Content = bytes.NewReader(content)
				if left == 0 {
					files = files[:i+1]
					break
				}
			}
			round++
		}
		if len(files) == 0 {
			return list.HistoryFile{}, io.EOF
		}
		next := files[0]
		files = files[1:]
		return next, nil
	}
}

// firstMessages are the first of the messages of a file of Pipermail's.
func firstMessages(content []byte, n int) []byte {
	at := 0
	for range n + 1 {
		next := bytes.Index(content[at+1:], []byte("\nMessage-ID: "))
		if next < 0 {
			return content
		}
		at += 1 + next
	}
	if end := bytes.LastIndex(content[:at], []byte("\nFrom ")); end >= 0 {
		return content[:end+1]
	}
	return content
}

var (
	anyID      = regexp.MustCompile(`<([^<>@\s]+)@([^<>@\s]+)>`)
	anySubject = regexp.MustCompile(`(?m)^(Subject: .*)$`)
)

// realHistory is a real archive, whose Message-IDs and subjects are those of a round.
func realHistory(b *testing.B, names []string, round int) (files []list.HistoryFile) {
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		content = anyID.ReplaceAll(content, fmt.Appendf(nil, "<$1.%d@$2>", round))
		content = anySubject.ReplaceAll(content, fmt.Appendf(nil, "$1 %d", round))
		files = append(files, list.HistoryFile{Name: name, Content: bytes.NewReader(content)})
	}
	return files
}

// longTopic is one of 200 posts, each of which quotes some of the one before.
func longTopic() string {
	var all strings.Builder
	at := time.Date(2014, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 200 {
		at = at.Add(time.Hour)
		fmt.Fprintf(&all, "From p%d@a.example %s\nFrom: Person %d <p%d@a.example>\nDate: %s\nSubject: %s\nMessage-ID: <long-%d@a.example>\n", i, at.Format(time.ANSIC), i%30, i%30, at.Format(time.RFC1123Z), benchTopic, i)
		if i > 0 {
			fmt.Fprintf(&all, "In-Reply-To: <long-%d@a.example>\nReferences: <long-0@a.example> <long-%d@a.example>\n", i-1, i-1)
		}
		all.WriteString("\n" + strings.Repeat("> What helped the quiet group to talk, and who began?\n", 6) + "\n" +
			strings.Repeat("The wells in the north were dug by hand, and the pumps came later by road;\nwho has the key of the shed at p1@a.example?\n\n", 12) + "\n")
	}
	return all.String()
}
