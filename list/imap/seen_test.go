package imap

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"convene/list"
)

// member signs somebody in by a password that is put into the store.
func (h *house) member(address string, of ...string) *client {
	h.Helper()
	password := h.password(address)
	h.check(h.db.Update(func(tx list.Tx) error {
		for _, one := range of {
			rec, err := tx.List(one)
			if err != nil {
				return err
			}
			if _, err := tx.Member(rec.ID, address); err == nil {
				continue
			}
			if _, err := tx.PutMember(list.Member{List: rec.ID, Address: address, Role: list.RoleMember, State: list.Active}); err != nil {
				return err
			}
		}
		return nil
	}))
	c := h.dial()
	c.ok("LOGIN " + address + " " + password)
	return c
}

func TestSeen(t *testing.T) {
	h := newHouse(t)
	for range 5 {
		h.post(peers, mail)
	}
	c, other := h.member("dede@example.org", peers), h.member("dede@example.org", peers)
	other.ok("SELECT Lists/" + peers)
	c.has("SELECT Lists/"+peers, `[PERMANENTFLAGS (\Seen)]`, "[UNSEEN 1]")
	c.has("FETCH 2 BODY[TEXT]", `* 2 FETCH (FLAGS (\Seen) BODY[TEXT]`)
	c.has("FETCH 3 BODY.PEEK[TEXT]", "* 3 FETCH (BODY[TEXT]")
	c.has(`STORE 4:* +FLAGS (\Seen)`, `* 4 FETCH (UID 4 FLAGS (\Seen))`, `* 5 FETCH (UID 5 FLAGS (\Seen))`)
	other.has("NOOP", `* 2 FETCH (UID 2 FLAGS (\Seen))`, `* 5 FETCH (UID 5 FLAGS (\Seen))`)
	if said := c.ok(`UID STORE 5 -FLAGS.SILENT \Seen`); said != "" {
		t.Errorf("it was not silent: %s", said)
	}
	c.has("STATUS Lists/"+peers+" (MESSAGES UNSEEN)", "MESSAGES 5", "UNSEEN 3")
	if said := c.ok("SEARCH SEEN"); said != "* SEARCH 2 4" {
		t.Error(said)
	}
	c.no(`STORE 1 +FLAGS (\Seen \Flagged)`, "NO [NOPERM]")
	c.no(`STORE 1 +FLAGS (\Deleted)`, "NO [NOPERM]")
	c.has("EXAMINE Lists/"+peers, "[PERMANENTFLAGS ()]")
	c.no(`STORE 1 +FLAGS (\Seen)`, "NO [NOPERM]")
	c.ok("FETCH 1 BODY[]")
	if said := c.ok("SEARCH SEEN"); said != "* SEARCH 2 4" {
		t.Errorf("EXAMINE marked something: %s", said)
	}
	if said := strings.Join(linesOf(h.member("noor@example.net", peers).do("EXAMINE Lists/"+peers)), " "); !strings.Contains(said, "[UNSEEN 1]") {
		t.Errorf("somebody else has read them: %s", said)
	}
}

func linesOf(lines []string, end string) []string { return append(lines, end) }

func TestSpans(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func() (s spans, m map[uint32]bool) {
		m = map[uint32]bool{}
		for uid := uint32(1); uid < 60; uid++ {
			if random.IntN(3) > 0 {
				s, m[uid] = s.add(uid), true
			}
		}
		return s, m
	}
	list := func(s spans) (all []uint32) {
		s.each(1, 100, func(uid, seq uint32) bool {
			if s.at(seq) != uid || s.seq(uid) != seq {
				t.Fatalf("%v: %d is not at %d", s, uid, seq)
			}
			all = append(all, uid)
			return true
		})
		return all
	}
	for range 200 {
		a, in := pick()
		b, other := pick()
		var union, rest, lost []uint32
		for uid := uint32(1); uid < 60; uid++ {
			if in[uid] || other[uid] {
				union = append(union, uid)
			}
			if in[uid] && !other[uid] {
				rest = append(rest, uid)
				lost = append(lost, a.seq(uid))
			}
		}
		slices.Reverse(lost)
		if got := list(a.change(b, true)); !slices.Equal(got, union) {
			t.Fatalf("%v and %v are %v", a, b, got)
		}
		if got := list(a.change(b, false)); !slices.Equal(got, rest) {
			t.Fatalf("%v without %v is %v", a, b, got)
		}
		if got := list(a.without(other)); !slices.Equal(got, rest) {
			t.Fatalf("%v without %v is %v", a, other, got)
		}
		if got := a.lost(b); !slices.Equal(got, lost) {
			t.Fatalf("from %v to %v %v are lost, not %v", a, b, got, lost)
		}
		if got := decodeSpans(a.encode()); !slices.Equal(got, a) {
			t.Fatalf("%v came back as %v", a, got)
		}
	}
}

func FuzzDecodeSpans(f *testing.F) {
	f.Add([]byte{1, 0, 2, 5})
	f.Fuzz(func(t *testing.T, b []byte) {
		s := decodeSpans(b)
		if got := decodeSpans(s.encode()); s.count() < uint32(len(s)) || !slices.Equal(got, s) && len(s) > 0 {
			t.Errorf("%v came back as %v", s, got)
		}
	})
}
