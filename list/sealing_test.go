package list_test

import (
	"context"
	"fmt"
	"testing"

	"convene/list"
	"convene/list/message"
)

// TestWhatIsSealedIsFrozen has a post go out with what was found when it came, though the key is gone from the config when it is approved or sent.
func TestWhatIsSealedIsFrozen(t *testing.T) {
	const key = "c1._domainkey.lists.example.org"
	seal := func(s *site) {
		config := s.config(nil)
		config.Signing, config.Sealing = []string{key, "c2._domainkey.lists.example.org", "c1._domainkey.elsewhere.example"}, []string{key, "c1._domainkey.elsewhere.example"}
		if err := s.Configure(list.NewSite(*config)); err != nil {
			t.Fatal(err)
		}
	}
	found := func(results string) auth {
		return func(context.Context, *message.Message) list.Authentication {
			return list.Authentication{Results: results}
		}
	}
	for name, c := range map[string]struct {
		sealing bool
		results string
		want    string
	}{
		"a list that seals":                          {true, "mx; spf=pass; arc=none", "[" + key + "] mx; spf=pass; arc=none"},
		"a list that seals, and DNS that is silent":  {true, "", "[] "},
		"a list that does not seal, and asks nobody": {false, "mx; spf=pass; arc=none", "[] "},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			if c.sealing {
				seal(s)
			}
			s.members(t, "dede@example.org")
			if _, err := s.take("dede@example.org", "peers@lists.example.org", string(mail("dede@example.org", "1@x", "One")), found(c.results)); err != nil {
				t.Fatal(err)
			}
			if err := s.Configure(s.config(nil)); err != nil {
				t.Fatal(err)
			}
			claim, ok, err := s.db.Claim(s.now, func(d string) string { return d }, func(string) bool { return true }, 1)
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			if got := fmt.Sprint(claim.Out.Style.Sealing, " ", claim.Out.Style.Results); got != c.want {
				t.Errorf("frozen %q, want %q", got, c.want)
			}
		})
	}
}
