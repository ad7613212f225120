package list_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/store"
)

// ask has somebody sent a question for a purpose, and returns the token that it is answered with.
func (s *site) ask(t *testing.T, p list.Purpose, to string, subject uint64, data string) string {
	t.Helper()
	s.owe(t, list.Note{List: 1, Text: "goodbye", To: to, Secret: &list.Secret{Purpose: p, List: 1, Address: to, Subject: subject, Data: []byte(data), Expires: s.now.Add(3 * 24 * time.Hour)}})
	got := s.mailed(t)
	if len(got) != 1 || got[0].to != to {
		t.Fatalf("%d mails", len(got))
	}
	return tokenOf(t, got[0])
}

// TestSecretsAreForOnePurpose holds which token opens which address, page included, and that a wrong one is refused in the same words.
func TestSecretsAreForOnePurpose(t *testing.T) {
	s := posted(t)
	conf := *s.Site()
	conf.Lists = append(conf.Lists, &list.List{Address: "news@lists.example.org", Owners: []string{"amina@example.org"}})
	if err := s.Configure(list.NewSite(conf)); err != nil {
		t.Fatal(err)
	}
	s.ConfirmWith(list.ForProbe, func(list.Confirmed) (string, error) { return "", errors.New("not to be done") })
	tokens := map[string]string{"probe": s.ask(t, list.ForProbe, "a@x.example", 0, ""), "held": s.ask(t, list.ForHeld, "a@x.example", 7, "")}
	_, tokens["leave"] = s.personal(t, 1, "ann@x.example")
	path, _ := s.personal(t, 1, "ann@x.example")
	tokens["bounce"] = strings.TrimPrefix(path, "peers+bounce-")[:26]
	tokens["none"] = strings.Repeat("a", 26)
	log := s.logged()
	good := map[string]bool{"confirm probe": true, "held held": true, "leave leave": true, "bounce bounce": true}
	var refused error
	for _, word := range []string{"confirm", "held", "leave", "bounce"} {
		for name, token := range tokens {
			for _, to := range []string{"peers+" + word + "-" + token, "PEERS+" + word + "-" + strings.ToUpper(token)} {
				target, err := s.Route(to + "@lists.example.org")
				if good[word+" "+name] {
					if err != nil || target.Token != token {
						t.Errorf("%s with the token of %s: %+v, %v", word, name, target, err)
					}
					continue
				}
				if refused == nil {
					refused = err
				}
				if reason(err) != list.NoSuchAddress || err.Error() != refused.Error() {
					t.Errorf("%s with the token of %s: %+v, %v", word, name, target, err)
				}
			}
			if _, err := s.Route("news+" + word + "-" + token + "@lists.example.org"); reason(err) != list.NoSuchAddress {
				t.Errorf("%s of another list with the token of %s: %v", word, name, err)
			}
		}
	}
	for name, token := range tokens {
		if _, err := s.Confirming(token); (err == nil) != (name == "probe") || err != nil && !errors.Is(err, list.ErrNotFound) {
			t.Errorf("the page with the token of %s: %v", name, err)
		}
		if name == "probe" {
			continue
		}
		if _, err := s.Confirm(token, "page"); !errors.Is(err, list.ErrNotFound) {
			t.Errorf("the button with the token of %s: %v", name, err)
		}
	}
	for _, wrong := range []string{"", "a", tokens["probe"][:25], tokens["probe"] + "a", "peers", strings.Repeat("1", 26)} {
		for _, word := range []string{"confirm", "held"} {
			if _, err := s.Route("peers+" + word + "-" + wrong + "@lists.example.org"); reason(err) != list.NoSuchAddress {
				t.Errorf("%s-%s: %v", word, wrong, err)
			}
		}
		if _, err := s.Confirming(wrong); !errors.Is(err, list.ErrNotFound) {
			t.Errorf("the page of %q: %v", wrong, err)
		}
	}
	for _, word := range []string{"confirm", "held"} {
		if _, err := s.Route("peers+" + word + "@lists.example.org"); reason(err) != list.NoSuchAddress {
			t.Errorf("%s without a token: %v", word, err)
		}
	}
	s.now = s.now.Add(3 * 24 * time.Hour)
	for name, token := range map[string]string{"confirm": tokens["probe"], "held": tokens["held"]} {
		if _, err := s.Route("peers+" + name + "-" + token + "@lists.example.org"); reason(err) != list.NoSuchAddress {
			t.Errorf("%s when it has expired: %v", name, err)
		}
	}
	if _, err := s.Confirming(tokens["probe"]); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("the page when it has expired: %v", err)
	}
	for name, token := range tokens {
		if strings.Contains(strings.ToLower(log.String()), token) {
			t.Errorf("the log has the token of %s: %s", name, log)
		}
	}
}

// TestOnlyTheHashIsKept holds that the index has no token, and that the mail has it in no field but those that are answered.
func TestOnlyTheHashIsKept(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(dir, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{db: db, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	if s.Engine, err = list.NewEngine(db, s.config(nil), func() time.Time { return s.now }, s.id, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	log := s.logged()
	s.owe(t, list.Note{List: 1, Text: "goodbye", To: "a@x.example", Secret: &list.Secret{Purpose: list.ForConfirm, List: 1, Address: "a@x.example", Expires: s.now.Add(time.Hour)}})
	got := s.mailed(t)
	token := tokenOf(t, got[0])
	err = db.View(func(r list.Reader) error {
		secret, err := r.Secret(list.HashToken(token))
		if text := fmt.Sprintf("%+v %+v", secret, secret.Note); strings.Contains(text, token) {
			t.Errorf("the index has the token: %s", text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"Message-ID", "Subject", "To", "References", "List-Id", "Content-Type"} {
		if strings.Contains(got[0].Get(field), token) {
			t.Errorf("%s has the token", field)
		}
	}
	if got[0].path != "" || strings.Contains(log.String(), token) {
		t.Errorf("return path %q, log %s", got[0].path, log)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*")) // the mail itself is in a folder below
	if err != nil || len(files) < 3 {
		t.Fatalf("%q, %v", files, err)
	}
	for _, file := range files {
		if b, err := os.ReadFile(file); err == nil && bytes.Contains(b, []byte(token)) {
			t.Errorf("%s has the token", file)
		}
	}
}

func TestMayAsk(t *testing.T) {
	type ask struct {
		after   time.Duration
		list    uint32
		address string
		may     bool
	}
	const a, b = "a@x.example", "b@x.example"
	for name, c := range map[string]struct {
		limit int
		asks  []ask
	}{
		"once in ten minutes for a list": {10, []ask{{0, 1, a, true}, {9 * time.Minute, 1, a, false}, {59 * time.Second, 1, a, false}, {time.Second, 1, a, true}}},
		"who may not is not counted":     {10, []ask{{0, 1, a, true}, {5 * time.Minute, 1, a, false}, {5 * time.Minute, 1, a, true}}},
		"at once for another list":       {10, []ask{{0, 1, a, true}, {0, 2, a, true}, {0, 2, a, false}}},
		"at once for another address":    {10, []ask{{0, 1, a, true}, {0, 1, b, true}}},
		"case makes no other address":    {10, []ask{{0, 1, a, true}, {0, 1, "A@X.Example", false}}},
		"so many in a day over all lists": {2, []ask{{0, 1, a, true}, {time.Hour, 2, a, true}, {time.Hour, 3, a, false}, {22*time.Hour - time.Second, 3, a, false},
			{time.Second, 3, a, true}, {0, 4, a, false}, {time.Hour, 4, a, true}}},
		"three where the config says nothing": {0, []ask{{0, 1, a, true}, {0, 2, a, true}, {0, 3, a, true}, {0, 4, a, false}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			conf := *s.Site()
			conf.Limits.ConfirmsPerAddressPerDay = c.limit
			if err := s.Configure(list.NewSite(conf)); err != nil {
				t.Fatal(err)
			}
			for i, ask := range c.asks {
				s.now = s.now.Add(ask.after)
				var may bool
				err := s.db.Update(func(tx list.Tx) (err error) {
					may, err = s.MayAsk(tx, ask.list, &list.Envelope{}, ask.address, false, s.now)
					return err
				})
				if err != nil || may != ask.may {
					t.Errorf("ask %d: %v, %v", i+1, may, err)
				}
			}
		})
	}
}
