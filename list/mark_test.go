package list

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"convene/list/message"
)

// roll is a Reader that knows lists and members, and nothing else.
type roll struct {
	Reader
	lists   map[uint32]Record
	members map[[2]uint32]Member
}

func (r roll) ListByID(id uint32) (Record, error) {
	if rec, ok := r.lists[id]; ok {
		return rec, nil
	}
	if last := uint32(len(r.lists)); id > 0 && id <= last {
		return Record{ID: id, LastMember: 10}, nil
	}
	return Record{}, ErrNotFound
}

func (r roll) MemberByNumber(list, number uint32) (Member, error) {
	if m, ok := r.members[[2]uint32{list, number}]; ok {
		return m, nil
	}
	return Member{}, ErrNotFound
}

func testRing(ids ...uint8) *markRing {
	var keys MarkKeys
	for i, id := range ids {
		k := MarkKey{ID: id, Created: time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)}
		k.Secret[0], k.Secret[1] = id, byte(i)
		keys = append(keys, k)
	}
	return newMarkRing(keys)
}

// everyMark draws a mark, and a site in which it can be: with numbers beyond what a token has bits for.
func everyMark(t *rapid.T) (mark, roll) {
	number := func(name string) uint32 {
		return rapid.OneOf(rapid.Uint32Range(1, 40), rapid.Uint32Range(1<<21-2, 1<<26), rapid.Uint32Range(1, 1<<32-1)).Draw(t, name)
	}
	m := mark{purpose: rapid.SampledFrom([]purpose{forBounce, forLeave}).Draw(t, "purpose"), list: rapid.Uint32Range(1, 1<<20).Draw(t, "list"),
		member: number("member"), generation: rapid.Uint32().Draw(t, "generation")}
	rec := Record{ID: m.list, LastMember: max(m.member, number("last member"))}
	if m.purpose == forBounce {
		m.post = number("post")
		rec.Posts = m.post + min(rapid.Uint32Range(0, 1<<22-1<<21).Draw(t, "later posts"), ^uint32(0)-m.post)
	}
	r := roll{lists: map[uint32]Record{m.list: rec}, members: map[[2]uint32]Member{{m.list, m.member}: {List: m.list, Number: m.member, Generation: m.generation}}}
	return m, r
}

func (r *markRing) openIn(reader roll, want purpose, token string, list uint32) (openMark, error) {
	if want == forLeave {
		return r.open(reader, want, token, Record{})
	}
	return r.open(reader, want, token, reader.lists[list])
}

func TestEveryMarkReadsBackAndNoOtherTokenDoes(t *testing.T) {
	ring := testRing(30, 31, 0)
	rapid.Check(t, func(t *rapid.T) {
		m, reader := everyMark(t)
		s := ring.sealers[rapid.IntRange(0, 2).Draw(t, "key")]
		token := s.seal(m)
		if len(token) != 26 || strings.Trim(token, base32Alphabet) != "" || token != s.seal(m) {
			t.Fatalf("token %q", token)
		}
		for _, written := range []string{token, strings.ToUpper(token), strings.ToUpper(token[:9]) + token[9:]} {
			found, err := ring.openIn(reader, m.purpose, written, m.list)
			if err != nil || found.mark != m || found.gone || found.member.Number != m.member || found.record.ID != m.list {
				t.Fatalf("%s was read as %+v (%v), want %+v", written, found, err, m)
			}
		}
		at, bit := rapid.IntRange(0, 25).Draw(t, "character"), rapid.IntRange(0, 4).Draw(t, "bit")
		flipped := []byte(token)
		flipped[at] = base32Alphabet[strings.IndexByte(base32Alphabet, token[at])^1<<bit]
		if found, err := ring.openIn(reader, m.purpose, string(flipped), m.list); !errors.Is(err, errNoMark) {
			t.Fatalf("with bit %d of character %d another, %s was read as %+v (%v)", bit, at, flipped, found, err)
		}
		other := forBounce
		if m.purpose == forBounce {
			other = forLeave
		}
		if found, err := ring.openIn(reader, other, token, m.list); !errors.Is(err, errNoMark) {
			t.Fatalf("a mark for %q was read as one for %q: %+v (%v)", m.purpose, other, found, err)
		}
		raised := reader.members[[2]uint32{m.list, m.member}]
		raised.Generation++
		reader.members[[2]uint32{m.list, m.member}] = raised
		if found, err := ring.openIn(reader, m.purpose, token, m.list); !errors.Is(err, errNoMark) {
			t.Fatalf("a revoked mark was read as %+v (%v)", found, err)
		}
	})
}

func TestMarksThatCount(t *testing.T) {
	reader := roll{
		lists: map[uint32]Record{1: {ID: 1, LastMember: 9, Posts: 5}, 2: {ID: 2, LastMember: 9, Posts: 5}},
		members: map[[2]uint32]Member{{1, 3}: {List: 1, Number: 3, Address: "ann@x.example"},
			{2, 3}: {List: 2, Number: 3, Address: "ann@x.example", Generation: 4}},
	}
	ring := testRing(7, 8)
	first, second := ring.sealers[0], ring.sealers[1]
	strange := newSealer(MarkKey{ID: 7})
	for name, c := range map[string]struct {
		sealer *sealer
		of     mark
		want   purpose
		list   Record
		gone   bool
		wrong  bool
	}{
		"of the newest key":                             {second, mark{forLeave, 1, 3, 0, 0}, forLeave, Record{}, false, false},
		"of an older key":                               {first, mark{forLeave, 1, 3, 0, 0}, forLeave, Record{}, false, false},
		"of a key that is not ours":                     {strange, mark{forLeave, 1, 3, 0, 0}, forLeave, Record{}, false, true},
		"of an earlier generation":                      {second, mark{forLeave, 2, 3, 0, 3}, forLeave, Record{}, false, true},
		"of this generation":                            {second, mark{forLeave, 2, 3, 0, 4}, forLeave, Record{}, false, false},
		"of one who left":                               {second, mark{forLeave, 1, 9, 0, 0}, forLeave, Record{}, true, false},
		"of one who left, in a later generation":        {second, mark{forLeave, 1, 9, 0, 3}, forLeave, Record{}, true, false},
		"of a number that was never given":              {second, mark{forLeave, 1, 10, 0, 0}, forLeave, Record{}, false, true},
		"of a list that never was":                      {second, mark{forLeave, 3, 3, 0, 0}, forLeave, Record{}, false, true},
		"of another list than asked for":                {second, mark{forLeave, 2, 3, 0, 4}, forLeave, reader.lists[1], false, true},
		"a bounce":                                      {second, mark{forBounce, 1, 3, 5, 0}, forBounce, reader.lists[1], false, false},
		"a bounce of one who left":                      {second, mark{forBounce, 1, 9, 1, 0}, forBounce, reader.lists[1], true, false},
		"a bounce of a post that is not there yet":      {second, mark{forBounce, 1, 3, 6, 0}, forBounce, reader.lists[1], false, true},
		"a bounce on another list":                      {second, mark{forBounce, 2, 3, 5, 4}, forBounce, reader.lists[1], false, true},
		"a bounce token where one leaves":               {second, mark{forBounce, 1, 3, 5, 0}, forLeave, Record{}, false, true},
		"a leave token where bounces go":                {second, mark{forLeave, 1, 3, 0, 0}, forBounce, reader.lists[1], false, true},
		"a leave token that has a post is none of ours": {second, mark{forLeave, 1, 3, 5, 0}, forLeave, Record{}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := ring.open(reader, c.want, c.sealer.seal(c.of), c.list)
			if c.wrong {
				if !errors.Is(err, errNoMark) {
					t.Fatalf("read as %+v (%v)", found, err)
				}
				return
			}
			if err != nil || found.mark != c.of || found.gone != c.gone {
				t.Fatalf("read as %+v (%v), want %+v, gone %v", found, err, c.of, c.gone)
			}
		})
	}
	for _, bad := range []string{"", "a", strings.Repeat("a", 25), strings.Repeat("a", 27), strings.Repeat("1", 26), strings.Repeat("a", 25) + "=", strings.Repeat("é", 13)} {
		if _, err := ring.open(reader, forLeave, bad, Record{}); !errors.Is(err, errNoMark) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := newMarkRing(nil).open(reader, forLeave, first.seal(mark{forLeave, 1, 3, 0, 0}), Record{}); !errors.Is(err, errNoMark) {
		t.Errorf("without a key: %v", err)
	}
}

// TestTokensSayNothing: the numbers in a token differ from one to the next as if they were drawn.
func TestTokensSayNothing(t *testing.T) {
	s := testRing(5).sealers[0]
	same := [tokenLength]int{}
	last := s.seal(mark{forBounce, 1, 1, 1, 0})
	const n = 4000
	for i := range uint32(n) {
		token := s.seal(mark{forBounce, 1, 1, 2 + i, 0})
		for j := range tokenLength {
			if token[j] == last[j] {
				same[j]++
			}
		}
		last = token
	}
	for j, count := range same[1:] {
		if count > n/32*2 {
			t.Errorf("character %d of a member's tokens stays the same in %d of %d", j+1, count, n)
		}
	}
	if same[0] != n {
		t.Errorf("the key's id changes")
	}
}

func FuzzToken(f *testing.F) {
	ring := testRing(1, 2)
	reader := roll{lists: map[uint32]Record{1: {ID: 1, LastMember: 1 << 30, Posts: 1 << 30}}}
	f.Add(ring.sealers[0].seal(mark{forLeave, 1, 5, 0, 0}))
	f.Add(strings.Repeat("7", 26))
	f.Fuzz(func(t *testing.T, token string) {
		for _, want := range []purpose{forBounce, forLeave} {
			found, err := ring.openIn(reader, want, token, 1)
			if err != nil && !errors.Is(err, errNoMark) {
				t.Fatal(err)
			}
			if err == nil {
				key, _ := ring.byID(uint8(strings.IndexByte(base32Alphabet, strings.ToLower(token)[0])))
				if key.seal(found.mark) != strings.ToLower(token) {
					t.Errorf("%q was read as %+v", token, found.mark)
				}
			}
		}
	})
}

func BenchmarkPersonal(b *testing.B) {
	e := &Engine{}
	e.marks.Store(testRing(1, 2))
	out := &Outgoing{List: 1, Post: 7, Style: Style{List: "peers@lists.example.org", BaseURL: "https://lists.example.org", Personal: true}, Accepted: time.Now()}
	c := &Copy{Number: 4711}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Personal(out, c); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	ring := testRing(1, 2)
	reader := roll{lists: map[uint32]Record{1: {ID: 1, LastMember: 9, Posts: 9}}, members: map[[2]uint32]Member{{1, 3}: {List: 1, Number: 3}}}
	token := ring.sealers[1].seal(mark{forBounce, 1, 3, 4, 0})
	for b.Loop() {
		if _, err := ring.open(reader, forBounce, token, reader.lists[1]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScrub(b *testing.B) {
	for name, raw := range map[string]string{
		"text of 8 kB":      "Subject: x\r\n\r\n" + strings.Repeat("Some words of a text - and a/b - as people-write them, http://x.example/u/abc.\r\n", 100),
		"quoted-printable":  "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + strings.Repeat("<p style=3D\"a-b\">Some words of a text - and=\r\n more=2E</p>\r\n", 130),
		"a picture of 1 MB": "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + strings.Repeat("iVBORw0KGgo/AAAANSUhEUgAAAAUA+AAFCAYAAACNbyblAAAAHElEQVQI12P4/8/w38GIAXDIBKE0DHx\r\n", 12000),
	} {
		b.Run(name, func(b *testing.B) {
			bytes := []byte(raw)
			b.SetBytes(int64(len(bytes)))
			for b.Loop() {
				s := scrubber{seen: map[candidate]bool{}}
				message.NewRedactor(bytes).Look(s.collect)
			}
		})
	}
}
