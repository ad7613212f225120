package list_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// settle changes settings on the page of the session's member.
func (s *site) settle(t *testing.T, session string, want map[list.Setting]string) list.SettingsPage {
	t.Helper()
	p, err := s.ChangeSettings(session, peers, want)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestSettingsOnAPage: what is changed there is what the commands by mail change, and nothing else is.
func TestSettingsOnAPage(t *testing.T) {
	for name, c := range map[string]struct {
		want    map[list.Setting]string
		changed map[list.Setting]string // but for what is as wanted
		done    string
		refused []list.Setting
	}{
		"nothing":                 {want: map[list.Setting]string{}},
		"what is so":              {want: map[list.Setting]string{list.SetMode: "each", list.SetOwn: "on", list.SetTimezone: "UTC", list.SetMax: "", list.SetDigestAt: "", list.SetBreak: "active"}},
		"a mode":                  {want: map[list.Setting]string{list.SetMode: "summary"}, done: "You get announcements and summaries, and no other posts."},
		"a mode that is none":     {want: map[list.Setting]string{list.SetMode: "own off"}, refused: []list.Setting{list.SetMode}},
		"the digest at a time":    {want: map[list.Setting]string{list.SetMode: "digest", list.SetDigestAt: "07:30"}, done: "You get the posts of a day in one mail, at 07:30 (UTC). Announcements and summaries come at once."},
		"an hour without digests": {want: map[list.Setting]string{list.SetMode: "each", list.SetDigestAt: "07:30"}, changed: map[list.Setting]string{list.SetDigestAt: ""}},
		"no time":                 {want: map[list.Setting]string{list.SetMode: "digest", list.SetDigestAt: "noon"}, refused: []list.Setting{list.SetDigestAt}},
		"a name":                  {want: map[list.Setting]string{list.SetName: "  Dede   Owusu "}, changed: map[list.Setting]string{list.SetName: "Dede Owusu"}},
		"a name of commands":      {want: map[list.Setting]string{list.SetName: "x\nset nomail"}, changed: map[list.Setting]string{list.SetName: "x set nomail"}},
		"no name":                 {want: map[list.Setting]string{list.SetName: " "}, changed: map[list.Setting]string{list.SetName: ""}},
		"a name without end":      {want: map[list.Setting]string{list.SetName: strings.Repeat("x ", 200)}, refused: []list.Setting{list.SetName}},
		"language and zone":       {want: map[list.Setting]string{list.SetLanguage: "fr", list.SetTimezone: "Africa/Nairobi"}},
		"a zone that is none":     {want: map[list.Setting]string{list.SetTimezone: "../etc/passwd"}, refused: []list.Setting{list.SetTimezone}},
		"a language that is none": {want: map[list.Setting]string{list.SetLanguage: "tlh"}, refused: []list.Setting{list.SetLanguage}},
		"copies": {want: map[list.Setting]string{list.SetOwn: "off", list.SetDuplicates: "off", list.SetAttachments: "off", list.SetMax: "200KB", list.SetFollow: "on"},
			changed: map[list.Setting]string{list.SetMax: "200 kB"}},
		"a size that is none": {want: map[list.Setting]string{list.SetMax: "large"}, refused: []list.Setting{list.SetMax}},
		"what others may say": {want: map[list.Setting]string{list.SetThanks: "private", list.SetQuote: "no", list.SetFormat: "html"}},
		"a word that is none": {want: map[list.Setting]string{list.SetQuote: "perhaps", list.SetFormat: "text"}, refused: []list.Setting{list.SetQuote}},
		"a break":             {want: map[list.Setting]string{list.SetBreak: "pause"}, changed: map[list.Setting]string{list.SetBreak: "paused"}, done: "You are on a break: no mail until you ask for it again."},
		"a break until a day": {want: map[list.Setting]string{list.SetBreak: "pause", list.SetUntil: "2099-05-01"}, changed: map[list.Setting]string{list.SetBreak: "paused"}},
		"a break until then":  {want: map[list.Setting]string{list.SetBreak: "pause", list.SetUntil: "2001-05-01"}, refused: []list.Setting{list.SetBreak}},
		"a break until never": {want: map[list.Setting]string{list.SetBreak: "pause", list.SetUntil: "x; leave"}, refused: []list.Setting{list.SetBreak}},
		"an owner's command":  {want: map[list.Setting]string{list.SetBreak: "remove noor@example.net"}, refused: []list.Setting{list.SetBreak}},
	} {
		t.Run(name, func(t *testing.T) {
			s := archive(t, nil)
			dede := s.enter(t, "dede@example.org")
			before, err := s.SettingsPage(dede, peers)
			if err != nil {
				t.Fatal(err)
			}
			_, mails := s.sentNotices(t)
			p := s.settle(t, dede, c.want)
			if !slices.Equal(p.Refused, c.refused) || p.Wait || p.Left {
				t.Errorf("refused %v: %+v", p.Refused, p)
			}
			if c.done != "" && strings.Join(p.Done, " ") != c.done {
				t.Errorf("it says %q", p.Done)
			}
			after, err := s.SettingsPage(dede, peers)
			if err != nil {
				t.Fatal(err)
			}
			for k, was := range before.Settings {
				want, asked := c.want[k]
				if changed, ok := c.changed[k]; ok {
					want = changed
				} else if !asked || slices.Contains(c.refused, k) || k == list.SetMode && slices.Contains(c.refused, list.SetDigestAt) {
					want = was
				}
				if after.Settings[k] != want {
					t.Errorf("%s is %q, not %q", k, after.Settings[k], want)
				}
			}
			if _, now := s.sentNotices(t); len(now) != len(mails) {
				t.Errorf("%d mails were sent about it", len(now)-len(mails))
			}
			if noor, err := s.Member(peers, "noor@example.net"); err != nil || noor.Mode != list.ModeEach {
				t.Errorf("%+v, %v", noor, err)
			}
		})
	}
}

// TestWhoseSettings: only members of a list have settings there, whatever its archive is.
func TestWhoseSettings(t *testing.T) {
	s := archive(t, func(l *list.List) { l.Archive = list.ArchivePublic })
	if err := s.AddMembers("second@lists.example.org", []list.Member{{Address: "zoe@example.org"}, {Address: "dede@example.org"}}); err != nil {
		t.Fatal(err)
	}
	dede, noor, amina, zoe := s.enter(t, "dede@example.org"), s.enter(t, "noor@example.net"), s.enter(t, "amina@example.org"), s.enter(t, "zoe@example.org")
	if err := s.RemoveMembers(peers, []string{"noor@example.net"}); err != nil {
		t.Fatal(err)
	}
	for who, session := range map[string]string{"a stranger": "", "an owner who is no member": amina, "a former member": noor, "a member of another list": zoe, "a guess": "abcdefghijklmnopqrstuvwxyz"} {
		_, err := s.SettingsPage(session, peers)
		_, err2 := s.ChangeSettings(session, peers, map[list.Setting]string{list.SetLeave: "yes"})
		if !errors.Is(err, list.ErrNotFound) || !errors.Is(err2, list.ErrNotFound) {
			t.Errorf("%s: %v, %v", who, err, err2)
		}
	}
	if _, err := s.SettingsPage(dede, "nobody@lists.example.org"); !errors.Is(err, list.ErrNotFound) {
		t.Error(err)
	}
	p, err := s.SettingsPage(dede, peers)
	if err != nil || p.Member != "dede@example.org" || p.Feed || !p.Posts || len(p.Others) != 1 || p.Others[0].Address != "second@lists.example.org" {
		t.Errorf("%+v, %v", p, err)
	}
	all, err := s.Memberships(dede)
	none, err2 := s.Memberships("")
	if err := errors.Join(err, err2); err != nil || len(all) != 2 || len(none) != 0 {
		t.Errorf("%+v, %+v, %v", all, none, err)
	}
}

// TestLeavingOnAPage: who leaves there is told so by a mail that brings them back, as by mail.
func TestLeavingOnAPage(t *testing.T) {
	s := archive(t, nil)
	dede := s.enter(t, "dede@example.org")
	_, before := s.sentNotices(t)
	p := s.settle(t, dede, map[list.Setting]string{list.SetLeave: "yes", list.SetMode: "nomail"})
	if !p.Left || p.Settings != nil {
		t.Errorf("%+v", p)
	}
	if _, err := s.Member(peers, "dede@example.org"); !errors.Is(err, list.ErrNotFound) {
		t.Error(err)
	}
	_, after := s.sentNotices(t)
	if len(after) != len(before)+1 || !strings.Contains(string(after[len(after)-1]), "peers+confirm-") {
		t.Errorf("%d mails:\n%s", len(after)-len(before), after[len(after)-1])
	}
	if _, err := s.SettingsPage(dede, peers); !errors.Is(err, list.ErrNotFound) {
		t.Error(err)
	}
}

// TestMuchIsChanged: a page is changed as often as mails with commands are taken; an hour later it can be again.
func TestMuchIsChanged(t *testing.T) {
	s := archive(t, nil)
	dede := s.enter(t, "dede@example.org")
	modes := []string{"nomail", "each"}
	for i := range 20 {
		if p := s.settle(t, dede, map[list.Setting]string{list.SetMode: modes[i%2]}); p.Wait || !p.Saved {
			t.Fatalf("change %d: %+v", i, p)
		}
	}
	if p := s.settle(t, dede, map[list.Setting]string{list.SetMode: "nomail"}); !p.Wait || p.Saved || p.Settings[list.SetMode] != "each" {
		t.Errorf("%+v", p)
	}
	if p := s.settle(t, dede, map[list.Setting]string{list.SetMode: "each"}); p.Wait {
		t.Errorf("nothing is to be changed: %+v", p)
	}
	s.now = s.now.Add(time.Hour + time.Minute)
	if p := s.settle(t, dede, map[list.Setting]string{list.SetMode: "nomail"}); p.Wait || p.Settings[list.SetMode] != "nomail" {
		t.Errorf("%+v", p)
	}
}
