package store

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"convene/list"
)

func FuzzKeys(f *testing.F) {
	f.Add(uint32(1), uint64(2), uint32(3), "ann@x.example", int64(0), "bob@x.example.org", int64(5))
	f.Add(^uint32(0), ^uint64(0), ^uint32(0), "a@b", int64(-1<<63), "\"x@y\"@Ü.example", int64(1<<63-1))
	f.Fuzz(func(t *testing.T, id uint32, outgoing uint64, number uint32, a string, at int64, b string, other int64) {
		domain := domainOf(a)
		if strings.ContainsRune(domain, 0) {
			return
		}
		k := memberKey(id, domain, number)
		d, n, ok := splitMemberKey(k)
		if domain != "" && (!ok || string(d) != domain || n != number || u32At(k) != id || lastU32(k) != number) {
			t.Errorf("%x: %q, %d, %v", k, d, n, ok)
		}
		if domainOf(b) != domain && bytes.HasPrefix(k, domainKey(id, domainOf(b))) && !strings.ContainsRune(domainOf(b), 0) {
			t.Errorf("%q is among the members of %q", a, domainOf(b))
		}
		when, later := time.Unix(0, at/2), time.Unix(0, other/2) // the outermost seconds are not told apart
		due, o, n, ok := splitDueKey(dueKey(when, outgoing, number))
		if !ok || !due.Equal(when) || o != outgoing || n != number {
			t.Errorf("due: %v, %d, %d, %v", due, o, n, ok)
		}
		if when.Before(later) != (bytes.Compare(newKey().time(when), newKey().time(later)) < 0) {
			t.Errorf("%v and %v are out of order", when, later)
		}
		splitMemberKey([]byte(a))
		splitDueKey([]byte(b))
		_, _, _ = u64At([]byte(a)), lastU32([]byte(a)), nodeAt([]byte(a))
	})
}

func TestTimesOutOfRangeKeepTheirOrder(t *testing.T) {
	times := []time.Time{{}, time.Date(1500, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(0, 0), morning, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	for i := range times[1:] {
		if orderedTime(times[i]) > orderedTime(times[i+1]) {
			t.Errorf("%v comes after %v", times[i], times[i+1])
		}
	}
}

// FuzzRecord feeds each decoder with anything; what it can read must survive being written and read again.
func FuzzRecord(f *testing.F) {
	p := list.Post{List: 1, Number: 2, MessageID: "a@x", Subject: "s", Date: morning, Trace: []list.Opinion{{Rule: "size", Action: "pass"}},
		Ref: list.Ref{Segment: 1, Offset: 16, Length: 9}, Auth: list.Authentication{SPF: list.Pass}}
	f.Add(encodePost(&p))
	f.Add(encodePost(&list.Post{Trace: []list.Opinion{{}}}))
	f.Add(encodeMember(&list.Member{List: 1, Number: 2, Address: "a@x", Mode: list.ModeEach, State: list.Active, Joined: morning}))
	f.Add(encodeTopic(&list.Topic{List: 1, ID: 2, Subject: "s", Last: morning}))
	f.Add(encodeHeld(&list.Held{ID: 3, Post: p, Expires: morning, Quiet: true, Bundled: true}))
	f.Add(encodeMarkKey(&list.MarkKey{ID: 5, Secret: [32]byte{1}, Created: morning}))
	f.Add(encodeReport(&list.Report{List: 1, Post: 2, Member: 3, Number: 1, Ref: p.Ref, From: "a@x", Arrived: morning, More: 2}))
	out := outgoingRow{Outgoing: list.Outgoing{ID: 4, Recipients: []string{"a@x", ""}, Style: list.Style{List: "l"}, Accepted: morning}, reason: "r"}
	f.Add(out.encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		again(t, b, decodePost, func(v list.Post) []byte { return encodePost(&v) })
		again(t, b, decodeMember, func(v list.Member) []byte { return encodeMember(&v) })
		again(t, b, decodeTopic, func(v list.Topic) []byte { return encodeTopic(&v) })
		again(t, b, decodeNode, func(v list.Node) []byte { return encodeNode(&v) })
		again(t, b, decodeHeld, func(v list.Held) []byte { return encodeHeld(&v) })
		again(t, b, decodeMarkKey, func(v list.MarkKey) []byte { return encodeMarkKey(&v) })
		again(t, b, decodeReport, func(v list.Report) []byte { return encodeReport(&v) })
		again(t, b, decodeAddressState, func(v list.AddressState) []byte { return encodeAddressState(&v) })
		again(t, b, decodeAddressChange, func(v list.AddressChange) []byte { return encodeAddressChange(&v) })
		again(t, b, decodeNote, func(v list.Note) []byte { return encodeNote(&v) })
		again(t, b, decodeSecret, func(v list.Secret) []byte { return encodeSecret(&v) })
		again(t, b, decodeAsked, encodeAsked)
		again(t, b, decodeBan, func(v list.Ban) []byte { return encodeBan(&v) })
		again(t, b, decodeProgress, func(v progress) []byte { return v.encode() })
		again(t, b, decodeOutgoing, func(v outgoingRow) []byte { return v.encode() })
		k := []byte("key")
		rec, err := unseal(inPosts, k, seal(k, b))
		if err != nil || !bytes.Equal(rec, b) {
			t.Errorf("sealed: %v", err)
		}
		if _, err := unseal(inPosts, []byte("kez"), seal(k, b)); err == nil {
			t.Error("a record counts under another key")
		}
	})
}

func decodeOutgoing(b []byte) (o outgoingRow, err error) { return o, o.decode(b) }

func again[T any](t *testing.T, b []byte, decode func([]byte) (T, error), encode func(T) []byte) {
	t.Helper()
	v, err := decode(b)
	if err != nil {
		return
	}
	w, err := decode(encode(v))
	if err != nil || !reflect.DeepEqual(v, w) {
		t.Errorf("%x: %+v became %+v (%v)", b, v, w, err)
	}
}

func FuzzJournal(f *testing.F) {
	s := &settlement{seq: 3, outgoing: 7, at: morning, settled: 2, domains: []domainSettled{{"x.example", settledRow{done: spans{{1, 4}, {6, 6}}, passed: spans{{5, 5}}}}},
		rows: []copyRow{{number: 6, address: "a@x.example", outcome: list.Deferred, attempts: 1, status: "451", due: morning}}, cleared: []uint32{9}}
	f.Add(append(encodeEntry(s), encodeEntry(s)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		var back []byte
		all := decodeJournal(b)
		for _, s := range all {
			back = append(back, encodeEntry(s)...)
		}
		if twice := decodeJournal(back); !reflect.DeepEqual(all, twice) {
			t.Errorf("%d settlements became %d", len(all), len(twice))
		}
		torn := append(bytes.Clone(encodeEntry(s)), b...)
		if got := decodeJournal(torn); len(got) < 1 || !reflect.DeepEqual(got[0], s) {
			t.Error("an entry is lost for what follows it")
		}
		again(t, b, decodeSpans, func(v spans) []byte { return v.encode() })
	})
}

func FuzzSegment(f *testing.F) {
	var c codec
	f.Add([]byte("Subject: x\r\n\r\n"+strings.Repeat("text ", 50)), []byte("torn"))
	f.Add([]byte{}, encodeRecord(&c, []byte("another")))
	f.Fuzz(func(t *testing.T, raw, tail []byte) {
		rec := encodeRecord(&c, raw)
		b := append(bytes.Clone(rec), tail...)
		got, err := readRecord(&c, bytes.NewReader(b), list.Ref{Segment: 1, Length: uint32(len(raw))})
		if err != nil || !bytes.Equal(got, raw) {
			t.Fatalf("read back: %v", err)
		}
		if got, err := streamRecord(&c, bytes.NewReader(b), list.Ref{Segment: 1, Length: uint32(len(raw))}); err != nil || !bytes.Equal(got, raw) {
			t.Fatalf("read back bit by bit: %v", err)
		}
		if got, err := streamRecord(&c, bytes.NewReader(tail), list.Ref{Length: 1}); err == nil && len(got) != 1 {
			t.Errorf("what is no record was read as %q", got)
		}
		end, err := scanRecords(bytes.NewReader(b), 0, int64(len(b)))
		if err != nil || end < int64(len(rec)) || end > int64(len(b)) {
			t.Errorf("scanned to %d of %d: %v", end, len(rec), err)
		}
		if _, err := decodeRecord(&c, tail, uint32(len(raw))); err == nil && len(tail) < recordHeader {
			t.Error("something shorter than a header was read")
		}
	})
}

func TestScanRecordsOverTheBuffer(t *testing.T) {
	var c codec
	var b []byte
	for i := range 7 {
		noise := make([]byte, 700_000*(i%3)+i)
		for j, x := 0, uint32(i+1); j < len(noise); j++ {
			x = x*1664525 + 1013904223
			noise[j] = byte(x >> 24)
		}
		b = append(b, encodeRecord(&c, noise)...)
	}
	for _, cut := range []int{0, 1, 5, 100_000} {
		end, err := scanRecords(bytes.NewReader(b), 0, int64(len(b)-cut))
		if err != nil || (cut == 0) != (end == int64(len(b))) {
			t.Errorf("%d octets less: scanned to %d of %d: %v", cut, end, len(b), err)
		}
	}
}

func TestSpans(t *testing.T) {
	// Against a set of booleans: every way to add two runs of a few numbers, and a third.
	const n = 7
	for a := range n * n * n * n * n {
		var s spans
		var want [n]bool
		for _, v := range []int{a % (n * n), a / (n * n) % (n * n), a / (n * n * n * n) * (n + 1)} {
			lo, hi := v%n, v/n
			s = s.add(uint32(lo), uint32(hi))
			for i := lo; i <= hi; i++ {
				want[i] = true
			}
		}
		count := uint64(0)
		for i, w := range want {
			if s.has(uint32(i)) != w {
				t.Fatalf("%v: has %d is %v", s, i, !w)
			}
			if w {
				count++
			}
		}
		for i := 1; i < len(s); i++ {
			if s[i].lo <= s[i-1].hi+1 {
				t.Fatalf("%v: not joined", s)
			}
		}
		if back, err := decodeSpans(s.encode()); err != nil || s.count() != count || !reflect.DeepEqual(back, s) {
			t.Fatalf("%v: back %v, %v; count %d", s, back, err, s.count())
		}
	}
	top := spans{}.add(^uint32(0), ^uint32(0)).add(5, ^uint32(0)-1)
	if !reflect.DeepEqual(top, spans{{5, ^uint32(0)}}) {
		t.Errorf("at the end: %v", top)
	}
	if got := without(3, 9, []uint32{3, 5, 6, 9}); !reflect.DeepEqual(got, spans{{4, 4}, {7, 8}}) {
		t.Errorf("without: %v", got)
	}
}
