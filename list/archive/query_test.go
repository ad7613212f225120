package archive

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"convene/list"
)

func TestReadsQueries(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "",
		"quiet group":                        "quiet & group",
		`"quiet group"`:                      "quiet+group",
		"“quiet group":                       "quiet+group",
		"-quiet group":                       "!quiet & group",
		`-"quiet group" x`:                   "!quiet+group & x",
		"quiet OR silent group":              "quiet|silent & group",
		"OR quiet OR":                        "quiet",
		"-quiet OR group":                    "!quiet & group",
		"from:Dede subject:quiet":            "from:Dede & subject:quiet",
		`from:"Dede Owusu"`:                  "from:Dede+Owusu",
		"after:2026-03-01 before:2027":       "[after 2026-03-01] [before 2027-01-01]",
		"after:yesterday":                    "after+yesterday",
		"has:attachment":                     "[has]",
		"-has:attachment quiet":              "quiet [has not]",
		"has:wings":                          "has+wings",
		"sort:date quiet":                    "quiet [newest]",
		"#Begegnung x":                       "#Begegnung & x",
		"facilit*":                           "facilit*",
		"f*":                                 "f",
		"well-known":                         "well+known",
		"l'appel don't":                      "l'appel & don't",
		"会議室":                                "会議+議室",
		"会":                                  "会*",
		"dede@example.org":                   "@dede+example+org",
		"-":                                  "",
		`"`:                                  "",
		"from:":                              "",
		"!!! ??? quiet":                      "quiet",
		"http://x.org/?q=1":                  "http+x+org+q+1",
		strings.Repeat("a ", 100):            strings.TrimSuffix(strings.Repeat("a & ", queryWords), " & "),
		`"` + strings.Repeat("b ", 50) + `"`: strings.TrimSuffix(strings.Repeat("b+", phraseWords), "+"),
	} {
		if got := shownQuery(parseQuery(text, time.UTC)); got != want {
			t.Errorf("%q is read as %q instead of %q", text, got, want)
		}
	}
}

func shownQuery(q query) string {
	var clauses, all []string
	for _, c := range q.clauses {
		var some []string
		for _, a := range c.any {
			s := [...]string{"", "subject:", "from:", "#", "@"}[a.field] + strings.Join(a.words, "+")
			if a.star {
				s += "*"
			}
			some = append(some, s)
		}
		s := strings.Join(some, "|")
		if c.not {
			s = "!" + s
		}
		clauses = append(clauses, s)
	}
	if len(clauses) > 0 {
		all = append(all, strings.Join(clauses, " & "))
	}
	for word, minute := range map[string]uint32{"after": q.after, "before": q.before} {
		if minute > 0 {
			all = append(all, fmt.Sprintf("[%s %s]", word, time.Unix(int64(minute)*60, 0).UTC().Format("2006-01-02")))
		}
	}
	slices.Sort(all)
	for word, is := range map[string]bool{"[has]": q.has, "[has not]": q.hasNot, "[newest]": q.newest} {
		if is {
			all = append(all, word)
		}
	}
	return strings.Join(all, " ")
}

// archived are posts as people write them, each found by what one would look for.
func TestFindsAsPeopleLook(t *testing.T) {
	s := newShelf(t, filepath.Join(t.TempDir(), "index"))
	defer s.db.Close()
	s.index.Language = nil
	english := "We were working with the facilitators of the meeting, and this is what they have told us about it."
	texts := []struct{ subject, from, name, text string }{
		1: {"Meetings", "dede@example.org", "Dede Owusu", english + " #HostingCircle #quiet_group! #会議"},
		2: {"Le café du monde", "z@example.net", "Zoé Lefèvre", "Nous avons été très heureux de nous retrouver dans le café, et l'appel a été entendu par tous les autres."},
		3: {"会議室について", "k@example.jp", "", "明日の会議は中止です。"},
		4: {"Re: Meetings", "a@example.org", "Amina", "I do not think so.\r\n\r\nOn Monday Dede wrote:\r\n> unquotable crocodile\r\n"},
		5: {"Address", "b@example.org", "Bo", "Write to carol.smith@secret.example and to nobody else, please, for it is hers."},
		6: {"Straße", "c@example.org", "Jürgen Groß", "Wir haben uns in der Straße getroffen und sind dann mit den anderen gegangen. Das war sehr schön für alle."},
	}
	var entries []Entry
	for n, one := range texts {
		if n > 0 {
			entries = append(entries, s.entry(list.Post{Number: uint32(n), Subject: one.subject, From: one.from, FromName: one.name, Date: someday},
				"Content-Type: text/plain; charset=utf-8\r\n\r\n"+one.text+"\r\n"))
		}
	}
	s.put(entries...)
	for _, c := range []struct {
		name, query string
		member      bool
		want        string
	}{
		{"a word in another form", "meeting facilitator", false, "[1]"},
		{"a word in another case", "FACILITATORS", false, "[1]"},
		{"a word without its accents", "cafe", false, "[2]"},
		{"a word with its accents", "café", false, "[2]"},
		{"a participle without its accent", "ete", false, "[2]"},
		{"a word behind an article that is elided", "appel", false, "[2]"},
		{"a name without its accents", "from:zoe", false, "[2]"},
		{"a name as a word", "lefevre", false, "[2]"},
		{"a whole name", `from:"zoe lefevre"`, false, "[2]"},
		{"a sharp s", "strasse", false, "[6]"},
		{"an umlaut", "jurgen", false, "[6]"},
		{"a hashtag", "#hostingcircle", false, "[1]"},
		{"a hashtag of two words", "#Quiet_Group", false, "[1]"},
		{"the beginning of a hashtag", "#quiet", false, "[]"},
		{"a hashtag in Japanese", "#会議", false, "[3 1]"},
		{"no hashtag", "#meeting", false, "[]"},
		{"Japanese", "明日", false, "[3]"},
		{"one letter of Japanese", "中", false, "[3]"},
		{"Japanese that is not there", "議会", false, "[]"},
		{"what is quoted", "crocodile", false, "[]"},
		{"a phrase over subject and text", `"meetings we"`, false, "[]"},
		{"an author's address, by a member", "from:dede@example.org", true, "[1]"},
		{"an author's address, by a stranger", "from:dede@other.example", false, "[1]"},
		{"a domain, by a member", "from:example.net", true, "[2]"},
		{"a domain, by a stranger", "from:example.net", false, "[]"},
		{"an address in a text, by a member", "carol.smith@secret.example", true, "[5]"},
		{"the local part of an author's address, by a member", "from:k", true, "[3]"},
		{"the local part of an author's address, by a stranger", "from:b", false, "[]"},
		{"a name with a dot, by a member", "from:zoe.lefevre", true, "[2]"},
		{"another address at that domain, by a member", "dave@secret.example", true, "[]"},
		{"the domain of an address in a text, by a stranger", "secret", false, "[]"},
		{"the local part of an address in a text, by a stranger", "carol.smith@other.example", false, "[5]"},
		{"the beginning of a word", "faci*", false, "[1]"},
		{"nothing", "", false, "[]"},
		{"only what is not wanted", "-meeting", false, "[6 5 3 2]"},
	} {
		if got, _ := s.find(c.query, c.member); fmt.Sprint(got) != c.want {
			t.Errorf("%s: %q finds %v instead of %s", c.name, c.query, got, c.want)
		}
	}
}

func TestMarks(t *testing.T) {
	s := newShelf(t, filepath.Join(t.TempDir(), "index"))
	defer s.db.Close()
	s.index.Language = nil
	s.put(s.entry(list.Post{Number: 1, Subject: "x", From: "a@b.c"}, "\r\nworking"))
	f := &Finder{File: &File{db: s.db}, Index: s.index}
	for _, c := range []struct{ query, text, want string }{
		{"work", "Working, he worked on; it reworked.", "[Working], he [worked] on; it reworked."},
		{`"quiet group" x`, "A quiet one. A quiet group; X.", "A quiet one. A [quiet group]; [X]."},
		{"cafe", "Au café", "Au [café]"},
		{"会議", "明日の会議は", "明日の[会議]は"},
		{"-work", "working", "working"},
		{"fac*", "Facts, face", "[Facts], [face]"},
		{"", "working", "working"},
	} {
		found, err := f.Find(1, list.Quest{Text: c.query, Zone: time.UTC, Now: someday, Most: 1})
		if err != nil {
			t.Fatal(err)
		}
		got, at := "", 0
		for _, m := range found.Marks(c.text) {
			got += c.text[at:m.From] + "[" + c.text[m.From:m.To] + "]"
			at = m.To
		}
		if got += c.text[at:]; got != c.want {
			t.Errorf("%q in %q: %q", c.query, c.text, got)
		}
	}
}

func TestRanksAndPages(t *testing.T) {
	s := newShelf(t, filepath.Join(t.TempDir(), "index"))
	defer s.db.Close()
	for n, text := range []string{1: "bab cac dad", 2: "bab bab bab", 3: "cac dad", 4: "bab cac dad"} {
		if n > 0 {
			subject := "x"
			if n == 4 {
				subject = "bab"
			}
			s.put(s.entry(list.Post{Number: uint32(n), Subject: subject, From: "a@b.c", Date: someday}, "\r\n"+text))
		}
	}
	f := &Finder{File: &File{db: s.db}, Index: s.index}
	for _, c := range []struct {
		query      string
		skip, most int
		want       string
	}{{"bab", 0, 9, "[4 2 1]"}, {"bab", 1, 1, "[2]"}, {"bab", 3, 9, "[]"}, {"bab", 70000, 9, "[]"}, {"bab sort:date", 0, 9, "[4 2 1]"}, {"cac sort:date", 0, 9, "[4 3 1]"}} {
		found, err := f.Find(1, list.Quest{Text: c.query, Zone: time.UTC, Now: someday, Skip: c.skip, Most: c.most})
		if got := fmt.Sprint(found.Posts); err != nil || got != c.want || found.Total != 3 {
			t.Errorf("%q, %d behind %d: %s of %d, %v", c.query, c.most, c.skip, got, found.Total, err)
		}
	}
}

func FuzzQuery(f *testing.F) {
	for _, text := range []string{"quiet group", `-from:"a b" OR #x`, "after:2026-01-01 has:attachment", "会議 l'été*", "\xff\"", "a@b.c", "\"“”«"} {
		f.Add(text, text)
	}
	s := newShelf(f, filepath.Join(f.TempDir(), "index"))
	s.put(s.entry(list.Post{Number: 1, Subject: "quiet", From: "a@b.c"}, "\r\nquiet group"))
	finder := &Finder{File: &File{db: s.db}, Index: s.index}
	f.Fuzz(func(t *testing.T, text, shown string) {
		q := parseQuery(text, time.UTC)
		n := 0
		for _, c := range q.clauses {
			for _, a := range c.any {
				n += len(a.words)
			}
		}
		if n > queryWords {
			t.Errorf("%d words", n)
		}
		found, err := finder.Find(1, list.Quest{Text: text, Zone: time.UTC, Now: someday, Most: 20})
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for _, m := range found.Marks(shown) {
			if m.From < at || m.To <= m.From || m.To > len(shown) || utf8.ValidString(shown) && !utf8.ValidString(shown[m.From:m.To]) {
				t.Fatalf("a mark from %d to %d in %q", m.From, m.To, shown)
			}
			at = m.To
		}
	})
}

// What stands in a damaged block is an error, and never more than that.
func FuzzBlock(f *testing.F) {
	var block []byte
	w := &blockWriter{first: 7, put: func(_, b []byte) error { block = b; return nil }}
	for doc := uint32(7); doc < 90; doc += 9 {
		if err := w.add([]byte("quiet"), posting{doc: doc, count: 2, subject: doc%2 == 0}, binary.AppendUvarint([]byte{3}, uint64(doc))); err != nil {
			f.Fatal(err)
		}
	}
	if err := w.end(); err != nil {
		f.Fatal(err)
	}
	f.Add(block)
	f.Add([]byte{})
	f.Add([]byte{0, 1, 'a', 1, 1, 1, 1, 1})
	f.Fuzz(func(t *testing.T, block []byte) {
		r := blockReader{d: decoder{rest: block}}
		for e, ok := r.next(); ok; e, ok = r.next() {
			last := uint32(0)
			err := e.each(0, true, func(p posting, pos []byte) {
				if p.doc < last || p.count > maxCount {
					t.Fatalf("document %d behind %d", p.doc, last)
				}
				last = p.doc
				placesOf(nil, pos)
			})
			if err != nil {
				return
			}
		}
	})
}
