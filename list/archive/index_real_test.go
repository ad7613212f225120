package archive

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	bolt "go.etcd.io/bbolt"

	"convene/list"
	"convene/list/message"
)

// Real posts, in batches of all sizes, some of them removed: every word, and every pair of words, is found in the posts that it was read in. Their words fill thousands of
// blocks, and common ones go over several.
func TestFindsTheWordsOfRealPosts(t *testing.T) {
	posts, raws := realPosts(t)
	posts, raws = posts[:min(len(posts), 1500)], raws[:min(len(raws), 1500)]
	s := newShelf(t, filepath.Join(t.TempDir(), "index"))
	defer s.db.Close()
	has := map[string]map[uint32][]uint32{} // term -> post -> places
	for from, size := 0, 1; from < len(posts); from, size = from+size, size*7%61+1 {
		var all []Entry
		for i := from; i < min(from+size, len(posts)); i++ {
			e := Entry{&posts[i], s.index.Read(&posts[i], raws[i])}
			all = append(all, e)
			for _, one := range e.Read.(*readPost).terms {
				if has[one.term] == nil {
					has[one.term] = map[uint32][]uint32{}
				}
				has[one.term][posts[i].Number] = placesOf(nil, one.places)
			}
		}
		s.put(all...)
	}
	for n := uint32(5); n < uint32(len(posts)); n += 97 {
		s.remove(n)
		for _, in := range has {
			delete(in, n)
		}
	}
	err := s.db.View(func(tx *bolt.Tx) error {
		one, err := newSearch(tx.Bucket([]byte("index")), 1, newStems)
		if err != nil {
			return err
		}
		if len(one.survey.runs) > 40 || len(one.survey.dirty) > 0 || int(one.survey.docs) != len(posts)-len(posts)/97-1 {
			t.Errorf("%d runs, %d documents, of which %d are gone", len(one.survey.runs), one.survey.docs, len(one.survey.dirty))
		}
		var common []string
		for term, in := range has {
			if len(in) > len(posts)/4 && term[0] > ofTag[0] {
				common = append(common, term)
			}
			hits, err := one.terms([]string{term}, false)
			if err != nil {
				return err
			}
			same := len(hits) == len(in)
			for _, h := range hits {
				same = same && in[h.doc] != nil
			}
			if one.left, one.lookups = mostPostings, mostTerms; !same {
				t.Fatalf("%q is found in %d posts, and is in %d", term, len(hits), len(in))
			}
		}
		slices.Sort(common)
		for _, first := range common {
			for _, second := range common {
				if err := checkPair(t, one, first, second, has); err != nil {
					return err
				}
			}
		}
		t.Logf("%d terms, %d common ones, in %d runs", len(has), len(common), len(one.survey.runs))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkPair looks for two terms that stand together.
func checkPair(t *testing.T, one *search, first, second string, has map[string]map[uint32][]uint32) error {
	want := 0
	for post, places := range has[first] {
		if slices.ContainsFunc(places, func(at uint32) bool { return slices.Contains(has[second][post], at+1) }) {
			want++
		}
	}
	one.left, one.lookups = mostPostings, mostTerms
	hits, err := one.together(atom{words: []string{first, second}}, [][]string{{first}, {second}})
	if err == nil && len(hits) != want {
		t.Errorf("%q %q stand together in %d posts, and were found in %d", first, second, want, len(hits))
	}
	return err
}

// Whatever mail there is can be read, and its terms are what the index takes.
func TestReadsRealMail(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "corpora")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("there are no mails on this machine: ", err)
	}
	x, n := &Index{}, 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err != nil || info.Size() > 1<<20 {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		m := message.Parse(raw)
		p := list.Post{List: 1, Number: 1, Subject: m.Subject()}
		if box, err := m.From(); err == nil {
			p.From, p.FromName = box.Addr, box.Name
		}
		n++
		for _, one := range x.Read(&p, raw).(*readPost).terms {
			places := placesOf(nil, one.places)
			if len(one.term) == 0 || len(one.term) > 5*longestWord || int(one.count) != len(places) || !slices.IsSorted(places) {
				t.Errorf("%s: the term %q has the places %v, and counts %d", path, one.term, places, one.count)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files", n)
}
