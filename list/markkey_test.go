package list

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func keysOf(start time.Time, ages ...int) (ks MarkKeys) {
	for i, days := range ages {
		ks = append(ks, MarkKey{ID: uint8(i), Created: start.Add(time.Duration(days) * day)})
	}
	return ks
}

func TestRotation(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		keys  []int // created so many days from now
		fresh int   // the id that is made; -1: none
		gone  []uint8
		due   int // days from now
	}{
		"the first key is made at once":                {nil, 0, nil, 0},
		"a young key is left alone":                    {[]int{-89}, -1, nil, 1},
		"after 90 days comes the next":                 {[]int{-90}, 1, nil, 0},
		"the last one is never removed":                {[]int{-3000}, 1, nil, -2910},
		"an old key rests while its links may be used": {[]int{-480, -390}, 2, nil, -300},
		"400 days after it was replaced it goes":       {[]int{-490, -400, -10}, -1, []uint8{0}, 0},
		"and not before":                               {[]int{-490, -399, -10}, -1, nil, 1},
		"a key from the future is not used":            {[]int{-10, 3650}, -1, nil, 80},
		"and keeps the present one from nothing":       {[]int{-90, 3650}, 2, nil, 0},
		"a clock that jumped ahead ends no link":       {[]int{-3650}, 1, nil, -3560},
		"before the first key there is nothing to do":  {[]int{30}, -1, nil, 120},
		"two that are due to go":                       {[]int{-700, -600, -401, -1}, -1, []uint8{0, 1}, -200},
	} {
		t.Run(name, func(t *testing.T) {
			keys := keysOf(now, c.keys...)
			id, fresh, gone := keys.rotation(now)
			if fresh != (c.fresh >= 0) || fresh && int(id) != c.fresh || !slices.Equal(gone, c.gone) {
				t.Errorf("id %d, fresh %v, gone %v; want id %d, gone %v", id, fresh, gone, c.fresh, c.gone)
			}
			due, ok := keys.due(now)
			if ok != (len(keys) > 0) || ok && !due.Equal(now.Add(time.Duration(c.due)*day)) {
				t.Errorf("due %v, %v; want in %d days", due, ok, c.due)
			}
		})
	}
}

func TestKeyIDsGoRound(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	var keys MarkKeys
	for range 100 {
		id, fresh, gone := keys.rotation(now)
		keys = slices.DeleteFunc(keys, func(k MarkKey) bool { return slices.Contains(gone, k.ID) })
		if !fresh || id >= markKeyIDs || slices.ContainsFunc(keys, func(k MarkKey) bool { return k.ID == id }) {
			t.Fatalf("on %v: id %d, fresh %v", now, id, fresh)
		}
		keys = append(keys, MarkKey{ID: id, Created: now})
		if first := keys[0].Created; now.Sub(first) > markKeyUse+markKeyRest || len(keys) > 6 {
			t.Fatalf("on %v there are %d keys, the first of %v", now, len(keys), first)
		}
		now = now.Add(markKeyUse)
	}
	full := make(MarkKeys, markKeyIDs)
	for i := range full {
		full[i] = MarkKey{ID: uint8(i), Created: now.Add(-100 * day).Add(time.Duration(i))}
	}
	if id, fresh, _ := full.rotation(now); !fresh || id != 0 {
		t.Errorf("where every id is taken: %d, %v; want the oldest one's", id, fresh)
	}
}

func TestKeyAt(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	keys := keysOf(start, 0, 90, 180)
	for days, want := range map[int]uint8{-5: 0, 0: 0, 89: 0, 90: 1, 179: 1, 180: 2, 4000: 2} {
		if k, ok := keys.At(start.Add(time.Duration(days) * day)); !ok || k.ID != want {
			t.Errorf("after %d days key %d, %v; want %d", days, k.ID, ok, want)
		}
	}
	if k, ok := (MarkKeys{}).At(start); ok {
		t.Errorf("a key of none: %v", k)
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	k := MarkKey{ID: 3, Created: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	copy(k.Secret[:], "correct horse battery staple")
	var b strings.Builder
	log := slog.New(slog.NewJSONHandler(&b, nil))
	log.Info("x", "key", k, "keys", MarkKeys{k}, "pointer", &k)
	log = slog.New(slog.NewTextHandler(&b, nil))
	log.Info("x", "key", k, "keys", MarkKeys{k}, "pointer", &k)
	fmt.Fprintf(&b, "%v %+v %s %v", k, k, &k, MarkKeys{k})
	j, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	b.Write(j)
	shown := b.String()
	for _, secret := range []string{"correct", "99,111,114", "99 111 114", "Y29ycmVjd", "636f7272"} {
		if strings.Contains(shown, secret) {
			t.Errorf("%q is in %s", secret, shown)
		}
	}
	if !strings.Contains(shown, "mark key 3 of 2026-01-01") {
		t.Errorf("nothing tells the key: %s", shown)
	}
}

func TestPersonal(t *testing.T) {
	e := &Engine{}
	e.marks.Store(testRing(30, 31))
	out := Outgoing{ID: 9, List: 1, Post: 7, Style: Style{List: "peers@lists.example.org", BaseURL: "https://lists.example.org", Personal: true},
		Accepted: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)}
	bounce, leave := e.marks.Load().sealers[0].seal(mark{forBounce, 1, 4711, 7, 2}), e.marks.Load().sealers[0].seal(mark{forLeave, 1, 4711, 0, 2})
	long := strings.Repeat("very-long-name.", 2)[:30]
	for name, c := range map[string]struct {
		change func(*Outgoing)
		path   string
		fields string
	}{
		"a page by https": {func(*Outgoing) {}, "peers+bounce-" + bounce + "@lists.example.org",
			"List-Unsubscribe: <https://lists.example.org/u/" + leave + ">,\r\n <mailto:peers+leave-" + leave + "@lists.example.org?subject=unsubscribe>\r\n" +
				"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"},
		"a page that is not safe is not named": {func(o *Outgoing) { o.Style.BaseURL = "http://127.0.0.1:8025" }, "peers+bounce-" + bounce + "@lists.example.org",
			"List-Unsubscribe: <mailto:peers+leave-" + leave + "@lists.example.org?subject=unsubscribe>\r\n"},
		"no page": {func(o *Outgoing) { o.Style.BaseURL = "" }, "peers+bounce-" + bounce + "@lists.example.org",
			"List-Unsubscribe: <mailto:peers+leave-" + leave + "@lists.example.org?subject=unsubscribe>\r\n"},
		"short names fit on one line": {func(o *Outgoing) { o.Style.List, o.Style.BaseURL = "a@b.c", "" }, "a+bounce-" + bounce + "@b.c",
			"List-Unsubscribe: <mailto:a+leave-" + leave + "@b.c?subject=unsubscribe>\r\n"},
		"the longest name still fits a local part": {func(o *Outgoing) { o.Style.List, o.Style.BaseURL = long+"@b.c", "" }, long + "+bounce-" + bounce + "@b.c",
			"List-Unsubscribe: <mailto:" + long + "+leave-" + leave + "@b.c?subject=unsubscribe>\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			o := out
			c.change(&o)
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					for range 20 {
						p, err := e.Personal(&o, &Copy{Number: 4711, Generation: 2, Attempts: 3})
						if err != nil || p.ReturnPath != c.path || string(p.Fields) != c.fields {
							t.Errorf("%s\n%swant\n%s\n%s(%v)", p.ReturnPath, p.Fields, c.path, c.fields, err)
							return
						}
					}
				})
			}
			wg.Wait()
			if local, _, _ := strings.Cut(c.path, "@"); len(local) > 64 {
				t.Errorf("a local part of %d octets", len(local))
			}
		})
	}
	later := out
	later.Accepted = later.Accepted.Add(2 * day)
	if p, err := e.Personal(&later, &Copy{Number: 4711}); err != nil || !strings.HasPrefix(p.ReturnPath, "peers+bounce-7") {
		t.Errorf("a later post has not the next key: %s, %v", p.ReturnPath, err)
	}
	for name, c := range map[string]struct {
		out  func(Outgoing) Outgoing
		copy Copy
	}{
		"a copy of nobody": {func(o Outgoing) Outgoing { return o }, Copy{}},
		"a notice":         {func(o Outgoing) Outgoing { o.Post = 0; return o }, Copy{Number: 1}},
		"mail of the site": {func(o Outgoing) Outgoing { o.List = 0; return o }, Copy{Number: 1}},
	} {
		o := c.out(out)
		if p, err := e.Personal(&o, &c.copy); err == nil {
			t.Errorf("%s has marks: %s", name, p.ReturnPath)
		}
	}
	e.marks.Store(newMarkRing(nil))
	if _, err := e.Personal(&out, &Copy{Number: 1}); err == nil {
		t.Error("marks without a key")
	}
}
