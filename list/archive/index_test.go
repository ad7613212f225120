package archive

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"convene/list"
)

// shelfOf is an index alone, of one list.
type shelfOf struct {
	t     rapid.TB
	db    *bolt.DB
	index *Index
}

func newShelf(t rapid.TB, path string) *shelfOf {
	db, err := bolt.Open(path, 0o600, &bolt.Options{NoSync: true, NoFreelistSync: true, InitialMmapSize: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	s := &shelfOf{t: t, db: db, index: &Index{Language: func(uint32) string { return "xx" }}}
	s.update(func(b *bolt.Bucket) error { return nil })
	return s
}

func (s *shelfOf) update(f func(*bolt.Bucket) error) {
	err := s.db.Update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte("index"))
		if err != nil {
			return err
		}
		return f(b)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shelfOf) entry(p list.Post, raw string) Entry {
	p.List = 1
	return Entry{&p, s.index.Read(&p, []byte(raw))}
}

func (s *shelfOf) put(all ...Entry) {
	s.update(func(b *bolt.Bucket) error { return s.index.Put(b, all) })
}

func (s *shelfOf) remove(post uint32) {
	s.update(func(b *bolt.Bucket) error { return s.index.Remove(b, &list.Removal{List: 1, Post: post}) })
	s.put()
}

func (s *shelfOf) find(q string, member bool) (posts []uint32, total int) {
	err := s.db.View(func(tx *bolt.Tx) error {
		one, err := newSearch(tx.Bucket([]byte("index")), 1, newStems)
		if err == nil {
			one.member, one.now = member, minuteOf(someday)
			posts, total, err = one.find(parseQuery(q, time.UTC), 0, 10000)
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return posts, total
}

var someday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// plain is a post as the index is compared with a scan: its words, and what else is asked for.
type plain struct {
	subject, text, from []string
	day                 int
	file                bool
}

func (p plain) post(number uint32) (list.Post, string) {
	post := list.Post{Number: number, Subject: strings.Join(p.subject, " "), FromName: strings.Join(p.from, " "), From: p.from[0] + "@example.org", Date: someday.AddDate(0, 0, p.day)}
	text := strings.Join(p.text, " ") + "\r\n"
	if !p.file {
		return post, "Content-Type: text/plain\r\n\r\n" + text
	}
	return post, "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + text + "\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=zz\r\n\r\nx\r\n--b--\r\n"
}

func has(all, run []string) bool {
	for i := 0; i+len(run) <= len(all); i++ {
		if slices.Equal(all[i:i+len(run)], run) {
			return true
		}
	}
	return false
}

// wanted is one condition of a query, and who meets it.
type wanted struct {
	text  string
	meets func(p plain) bool
}

func drawWanted(t *rapid.T, vocabulary []string) wanted {
	run := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 3).Draw(t, "words")
	one := run[:1]
	switch rapid.IntRange(0, 8).Draw(t, "kind") {
	case 0:
		return wanted{"-" + one[0], func(p plain) bool { return !has(p.subject, one) && !has(p.text, one) && !has(p.from, one) }}
	case 1:
		return wanted{"subject:" + one[0], func(p plain) bool { return has(p.subject, one) }}
	case 2:
		return wanted{"from:" + one[0], func(p plain) bool { return has(p.from, one) }}
	case 3:
		day := rapid.IntRange(0, 9).Draw(t, "day")
		return wanted{"after:" + someday.AddDate(0, 0, day).Format("2006-01-02"), func(p plain) bool { return p.day >= day }}
	case 4:
		day := rapid.IntRange(0, 9).Draw(t, "day")
		return wanted{"before:" + someday.AddDate(0, 0, day).Format("2006-01-02"), func(p plain) bool { return p.day < day }}
	case 5:
		return wanted{"has:attachment", func(p plain) bool { return p.file }}
	case 6:
		return wanted{`"` + strings.Join(run, " ") + `"`, func(p plain) bool {
			return has(p.subject, run) || has(p.text, run) || len(run) == 1 && has(p.from, run)
		}}
	case 7:
		other := rapid.SampledFrom(vocabulary).Draw(t, "other")
		any := func(p plain, w string) bool {
			return slices.Contains(p.subject, w) || slices.Contains(p.text, w) || slices.Contains(p.from, w)
		}
		return wanted{one[0] + " OR " + other, func(p plain) bool { return any(p, one[0]) || any(p, other) }}
	}
	return wanted{one[0], func(p plain) bool { return has(p.subject, one) || has(p.text, one) || has(p.from, one) }}
}

// Whatever is entered, removed and entered again, in batches of whatever size: what is found is what a scan finds.
func TestFindsWhatAScanFinds(t *testing.T) {
	vocabulary := []string{"bab", "cac", "dad", "faf", "gag", "hah", "kak", "lal"}
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		s := newShelf(t, filepath.Join(dir, fmt.Sprint(n)))
		defer s.db.Close()
		all := map[uint32]plain{}
		last := uint32(0)
		draw := func() plain {
			words := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 30)
			return plain{words.Draw(t, "subject")[:1], words.Draw(t, "text"), words.Draw(t, "from")[:1], rapid.IntRange(0, 9).Draw(t, "day"), rapid.Bool().Draw(t, "file")}
		}
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				var entries []Entry
				for range rapid.IntRange(1, 12).Draw(t, "posts") {
					last += uint32(rapid.IntRange(1, 3).Draw(t, "step"))
					all[last] = draw()
					entries = append(entries, s.entry(all[last].post(last)))
				}
				s.put(entries...)
			},
			"remove": func(t *rapid.T) {
				if len(all) > 0 {
					number := rapid.SampledFrom(slices.Sorted(maps.Keys(all))).Draw(t, "post")
					s.remove(number)
					delete(all, number)
				}
			},
			"again": func(t *rapid.T) {
				if len(all) > 0 {
					number := rapid.SampledFrom(slices.Sorted(maps.Keys(all))).Draw(t, "post")
					all[number] = draw()
					s.remove(number)
					s.put(s.entry(all[number].post(number)))
				}
			},
			"": func(t *rapid.T) {
				var query []string
				var conditions []wanted
				for range rapid.IntRange(1, 3).Draw(t, "conditions") {
					w := drawWanted(t, vocabulary)
					query, conditions = append(query, w.text), append(conditions, w)
				}
				got, total := s.find(strings.Join(query, " "), true)
				slices.Sort(got)
				var want []uint32
				for _, number := range slices.Sorted(maps.Keys(all)) {
					if !slices.ContainsFunc(conditions, func(w wanted) bool { return !w.meets(all[number]) }) {
						want = append(want, number)
					}
				}
				// Of two limits the last one counts.
				if strings.Count(strings.Join(query, " "), "after:") > 1 || strings.Count(strings.Join(query, " "), "before:") > 1 {
					return
				}
				if !slices.Equal(got, want) || total != len(want) {
					t.Fatalf("%q finds %v (%d), and a scan %v", query, got, total, want)
				}
			},
		})
	})
}

// What was removed is not only found no more: its words are in no run any more, wherever merges have brought them.
func TestRemovedWordsAreGone(t *testing.T) {
	s := newShelf(t, filepath.Join(t.TempDir(), "index"))
	defer s.db.Close()
	words := func() (all []string) {
		s.update(func(b *bolt.Bucket) error {
			survey, err := readSurvey(b, 1)
			if err != nil {
				return err
			}
			for _, r := range survey.runs {
				reader := newRunReader(b, 1, r)
				for err = reader.next(); err == nil && !reader.done; err = reader.next() {
					all = append(all, string(reader.block.term))
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		return all
	}
	for n := range uint32(100) {
		post, raw := plain{subject: []string{"bab"}, text: []string{fmt.Sprintf("secret%d", n+1)}, from: []string{"dad"}}.post(n + 1)
		s.put(s.entry(post, raw))
	}
	for _, n := range []uint32{1, 50, 64, 100} {
		term := fmt.Sprintf("secret%d", n)
		if !slices.Contains(words(), term) {
			t.Errorf("%s is not there", term)
		}
		s.remove(n)
		if slices.Contains(words(), term) {
			t.Errorf("%s is still there", term)
		}
	}
	if got, total := s.find("bab", false); total != 96 || len(got) != 96 {
		t.Errorf("%d of the other posts are left", total)
	}
}
