package list_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
)

// historyOf hands out files one by one.
func historyOf(files ...string) list.History {
	return func() (list.HistoryFile, error) {
		if len(files) == 0 {
			return list.HistoryFile{}, io.EOF
		}
		f := list.HistoryFile{Name: fmt.Sprintf("file %d", len(files)), Content: strings.NewReader(files[0])}
		files = files[1:]
		return f, nil
	}
}

func (s *site) history(t testing.TB, files ...string) list.Imported {
	t.Helper()
	done, err := s.ImportHistory(context.Background(), "peers@lists.example.org", historyOf(files...))
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// old is one message of an mbox file, of so many days after New Year 2020.
func old(day int, id, subject string, extra ...string) string {
	at := time.Date(2020, 1, 1, 12, 0, 0, 0, time.UTC).AddDate(0, 0, day)
	return "From ann@a.example " + at.Format(time.ANSIC) + "\nFrom: Ann <ann@a.example>\nDate: " + at.Format(time.RFC1123Z) + "\nSubject: " + subject + "\nMessage-ID: <" + id + ">\n" +
		strings.Join(append(extra, ""), "\n") + "\nHello.\n\n"
}

// threads are the posts of all topics of the list, by their Message-IDs, sorted.
func (s *site) threads(t testing.TB) (all []string) {
	t.Helper()
	err := s.db.View(func(r list.Reader) error {
		rec, err := r.List("peers@lists.example.org")
		if err != nil {
			return err
		}
		return r.Topics(rec.ID, func(topic list.Topic) error {
			var ids []string
			err := r.TopicPosts(rec.ID, topic.ID, func(p list.Post) error { ids = append(ids, p.MessageID); return nil })
			slices.Sort(ids)
			if len(ids) != int(topic.Posts) {
				t.Errorf("topic %d counts %d posts and has %d", topic.ID, topic.Posts, len(ids))
			}
			all = append(all, strings.Join(ids, " "))
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

func TestImportHistory(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.Archive = list.ArchivePublic })
	s.members(t, "bo@example.org", "ann@a.example")
	mbox := old(0, "1@a", "Wells") + old(1, "2@a", "Re: Wells", "References: <1@a>") + old(2, "3@a", "Re: wells") + old(40, "4@a", "Re: Wells") +
		"From x@y Thu Jan  2 00:00:00 2020\nX-Nothing: y\n\nno mail\n\n" +
		"From jjl at pobox.com  Fri Jan  3 10:00:00 2020\nFrom: jjl at pobox.com (John J. Lee)\nSubject: odd\nSubject: odder\n\nbo\x00dy\n"
	done := s.history(t, mbox)
	if done.Messages != 6 || done.Posts != 5 || done.Refused != 1 || done.Mended != 1 || done.Undated != 1 || done.Joined != 1 {
		t.Errorf("import: %+v", done)
	}
	if len(done.Faults) != 1 || done.Faults[0].Offset == 0 || !strings.Contains(done.Faults[0].Why, "no header") {
		t.Errorf("faults: %+v", done.Faults)
	}
	if got := s.threads(t); !slices.Contains(got, "1@a 2@a 3@a") || !slices.Contains(got, "4@a") {
		t.Errorf("topics: %q", got)
	}
	if again := s.history(t, mbox); again.Posts != 0 || again.Known != 5 || again.Refused != 1 || again.Joined != 0 {
		t.Errorf("again: %+v", again)
	}
	if got := s.claimed(t); len(got) > 0 {
		t.Errorf("an import sent %v", got)
	}
	err := s.db.View(func(r list.Reader) error {
		p, err := r.Post(1, 2)
		if want := time.Date(2020, 1, 2, 12, 0, 0, 0, time.UTC); !p.Date.Equal(want) || !p.Accepted.Equal(want) || !p.Arrived.Equal(want) || !p.History() || p.Outgoing != 0 {
			t.Errorf("a post: %+v", p)
		}
		m, err2 := r.Member(1, "ann@a.example")
		if m.Posts != 0 || !m.LastPost.IsZero() {
			t.Errorf("its author is thought to have written: %+v", m)
		}
		odd, err3 := r.Post(1, 5)
		if odd.From != "jjl@pobox.com" || odd.FromName != "John J. Lee" || !strings.Contains(odd.Head, "Message-ID: <") || !strings.Contains(odd.Head, "Date: Fri, 03 Jan 2020") {
			t.Errorf("an odd one: %q %q %q", odd.From, odd.FromName, odd.Head)
		}
		return errors.Join(err, err2, err3)
	})
	if err != nil {
		t.Error(err)
	}
	if _, err := s.receive(mail("bo@example.org", "5@a", "Re: Wells", "In-Reply-To: <2@a>")); err != nil {
		t.Fatal(err)
	}
	if got := s.threads(t); !slices.Contains(got, "1@a 2@a 3@a 5@a") {
		t.Errorf("topics after an answer: %q", got)
	}
}

// filler is so many octets of lines.
type filler struct{ left int }

func (f *filler) Read(p []byte) (int, error) {
	if f.left <= 0 {
		return 0, io.EOF
	}
	const line = "It was a long way to the next well, and a longer one back with the water."
	n := min(len(p), f.left)
	for i := range n {
		p[i] = (line + "\n")[(f.left-i)%(len(line)+1)]
	}
	f.left -= n
	return n, nil
}

func TestAnEnormousMessageIsPassedOver(t *testing.T) {
	s := newSite(t, nil)
	given := false
	done, err := s.ImportHistory(context.Background(), "peers@lists.example.org", func() (list.HistoryFile, error) {
		if given {
			return list.HistoryFile{}, io.EOF
		}
		given = true
		return list.HistoryFile{Name: "a", Content: io.MultiReader(strings.NewReader(old(0, "1@a", "Small")+old(1, "2@a", "Enormous")), &filler{100 << 20}, strings.NewReader("\n\n"+old(2, "3@a", "Small again")))}, nil
	})
	if err != nil || done.Posts != 2 || done.Refused != 1 || !strings.Contains(done.Faults[0].Why, "larger") {
		t.Errorf("import: %+v, %v", done, err)
	}
}

func TestNobodyReadsWhatIsImported(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.Archive = list.ArchivePublic })
	s.history(t, old(0, "1@a", "Wells"))
	readable := func() bool {
		_, err := s.TopicsPage("", "peers@lists.example.org", 1)
		_, byID := s.PostPage("", "1@a")
		_, byIMAP := s.Mailbox("", "peers@lists.example.org")
		if open := err == nil; open != (byID == nil) || open != (byIMAP == nil) || open != (len(s.PublicLists()) == 1) {
			t.Errorf("ways of reading differ: %v, %v, %v, %v", err, byID, byIMAP, s.PublicLists())
		}
		return err == nil
	}
	if !readable() {
		t.Error("nobody can read after an import")
	}
	broken := errors.New("broken off")
	n := 0
	_, err := s.ImportHistory(context.Background(), "peers@lists.example.org", func() (list.HistoryFile, error) {
		if n++; n > 1 {
			if readable() {
				t.Error("an archive can be read during an import")
			}
			if _, err := s.ImportHistory(context.Background(), "peers@lists.example.org", historyOf()); !errors.Is(err, list.ErrImporting) {
				t.Errorf("a second import at once: %v", err)
			}
			return list.HistoryFile{}, broken
		}
		return list.HistoryFile{Name: "a", Content: strings.NewReader(old(1, "2@a", "Roofs"))}, nil
	})
	if !errors.Is(err, broken) || readable() {
		t.Errorf("an import that was broken off: %v", err)
	}
	if s.history(t); !readable() {
		t.Error("nobody can read after the import was run to its end")
	}
}

// TestFilesOfHistory: what came with imported posts is in the library, as if they had come as mail, and is got by nobody before all is in.
func TestFilesOfHistory(t *testing.T) {
	file := []string{"MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "See.", "--b", "Content-Type: application/pdf; name=well.pdf",
		"Content-Disposition: attachment; filename=well.pdf", "", "PDF", "--b--"}
	for name, c := range map[string]struct {
		attachments list.Attachments
		extra       []string
		files       int
	}{
		"a list with a library":             {list.LibraryAttachments, nil, 1},
		"a list that keeps them":            {list.KeepAttachments, nil, 1},
		"a list that strips them":           {list.StripAttachments, nil, 0},
		"a post that wants to be in no one": {list.LibraryAttachments, []string{"X-No-Archive: yes"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := archive(t, func(l *list.List) { l.Attachments = c.attachments })
			for range 2 {
				s.history(t, old(0, "old@a", "Old", append(c.extra, file...)...))
			}
			dede := s.enter(t, "dede@example.org")
			page, err := s.FilesPage(dede, peers, 0)
			if err != nil || len(page.Files) != c.files || c.files > 0 && (page.Files[0].File.Name != "well.pdf" || page.Files[0].Post != 1) {
				t.Errorf("%+v, %v", page, err)
			}
			if c.files == 0 {
				return
			}
			got, err := s.OpenFile(dede, peers, 1, page.Files[0].Index)
			var b strings.Builder
			if err == nil {
				_, err = got.WriteTo(&b)
			}
			if err != nil || strings.TrimSpace(b.String()) != "PDF" {
				t.Errorf("%q, %v", b.String(), err)
			}
			_, err = s.ImportHistory(context.Background(), peers, func() (list.HistoryFile, error) {
				if n := s.obeyedBy(t, "dede@example.org", "get 1\nfiles", 1)[0]; strings.Contains(n.msg.Text(4000), "well.pdf") {
					t.Errorf("while history is imported: %s", n.msg.Text(4000))
				}
				return list.HistoryFile{}, io.EOF
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestHistoryIsInTheSameTopicsInAnyOrder(t *testing.T) {
	for _, dir := range []string{"twisted+pipermail/twisted-web", "datactive+bigbang"} {
		t.Run(dir, func(t *testing.T) {
			var all []string
			root := filepath.Join("..", "..", "shared", "corpora", "threads", dir)
			filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error { //nolint:errcheck // what is not there is skipped below
				if err != nil || d.IsDir() || len(all) > 1500 {
					return nil
				}
				if b, err := os.ReadFile(path); err == nil && strings.HasPrefix(string(b), "From ") {
					message.Mbox(strings.NewReader(string(b)), 1<<20, func(m message.MboxMessage) error { //nolint:errcheck // what can be read is enough
						line := "From x@y " + m.At.Format(time.ANSIC)
						all = append(all, line+"\n"+strings.ReplaceAll(strings.ReplaceAll(string(m.Raw), "\r\n", "\n"), "\nFrom ", "\n>From ")+"\n")
						return nil
					})
				}
				return nil
			})
			if len(all) == 0 {
				t.Skip("no archives to read")
			}
			all = all[:min(len(all), 1500)]
			var want []string
			for round := range uint64(3) {
				s := newSite(t, nil)
				if round > 0 {
					rand.New(rand.NewPCG(round, 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
				}
				half := len(all) / 2 // one part and then the rest are as good as all at once
				first, second := s.history(t, strings.Join(all[:half], "")), s.history(t, strings.Join(all[half:], ""))
				got := s.threads(t)
				if round == 0 {
					want = got
					t.Logf("%d messages, %d posts, %d refused, %d topics", len(all), first.Posts+second.Posts, first.Refused+second.Refused, len(got))
				}
				if !slices.Equal(got, want) {
					t.Errorf("round %d: %d topics, and in order %d", round, len(got), len(want))
					for _, g := range got {
						if !slices.Contains(want, g) {
							t.Logf("not there before: %.300s", g)
						}
					}
				}
			}
		})
	}
}
