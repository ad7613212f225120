package digest

import (
	"testing"

	"convene/list"
)

// Events of two lists that are called the same have different ids, so that an id says which of them is meant.
func TestEventIDsAreOfTheSite(t *testing.T) {
	s := newStage(t, alone)
	other := *s.list
	other.Address, other.Was = "others@lists.example.org", nil
	site := *s.Site()
	site.Lists = []*list.List{s.list, &other}
	if err := s.Configure(list.NewSite(site)); err != nil {
		t.Fatal(err)
	}
	if err := s.AddMembers(other.Address, []list.Member{{Address: member(1), Name: "Dede", Trusted: true}}); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{eventsAddress, "others+events@lists.example.org"} {
		if _, err := s.mail(member(1), to, "x", "Title: Reading circle\nWhen: 2026-03-24 18:00"); err != nil {
			t.Fatal(err)
		}
	}
	here, err := s.editor.Events(stageList)
	if err != nil {
		t.Fatal(err)
	}
	there, err := s.editor.Events(other.Address)
	if err != nil {
		t.Fatal(err)
	}
	if len(here) != 1 || len(there) != 1 || here[0].ID != "reading-circle.1" || there[0].ID != "reading-circle.2" {
		t.Errorf("they are %v and %v", here, there)
	}
}
