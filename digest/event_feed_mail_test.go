package digest

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"convene/list"
	"convene/list/event"
	"convene/list/message"
)

// TestFeedByMail: who is proven to be a member is mailed an address of their own for their calendar program, and nobody else is.
func TestFeedByMail(t *testing.T) {
	for name, c := range map[string]struct {
		archive             list.Archive
		from, subject, text string
		auth                list.Result
		own                 bool
		refused             string
	}{
		"a member, by the subject":    {list.ArchiveMembers, member(2), "Feed", "", list.Pass, true, ""},
		"a member, by the text":       {list.ArchiveMembers, member(2), "x", "flux\n\n-- \nDede", list.Pass, true, ""},
		"of a list without archive":   {list.ArchiveNone, member(2), "Re: canal", "", list.Pass, true, ""},
		"of a public list":            {list.ArchivePublic, member(2), "feed", "", list.Pass, false, ""},
		"who says more":               {list.ArchiveMembers, member(2), "The feed", "What is it?", list.Pass, false, ""},
		"a stranger":                  {list.ArchiveMembers, "eve@evil.example", "feed", "", list.Pass, false, "Only members"},
		"a stranger, without archive": {list.ArchiveNone, "eve@evil.example", "feed", "", list.Pass, false, "Only members"},
		"in a member's name":          {list.ArchiveMembers, member(2), "feed", "", list.None, false, "https://lists.example.org/" + stageList + "/calendar"},
		"a forger":                    {list.ArchiveMembers, member(2), "feed", "", list.Fail, false, "DMARC"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(up *setUp) {
				alone(up)
				up.Programme.Events = []*event.Event{circle(up)}
				up.List.Archive = c.archive
			})
			s.tick()
			before := len(s.mails("", ""))
			target, err := s.Route(eventsAddress)
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.Receive(context.Background(), &list.Incoming{Raw: rawMail("Dede", c.from, c.text, "To: "+eventsAddress, "Subject: "+c.subject, "Message-ID: <feed@example.org>"),
				Targets: []list.Target{target}, Envelope: list.Envelope{ID: s.id(), From: c.from, Received: s.time()},
				Auth: func(context.Context, *message.Message) list.Authentication { return list.Authentication{DMARC: c.auth} }})
			refusal, _ := errors.AsType[*list.Refusal](err)
			if (refusal == nil) != (c.refused == "") || refusal != nil && !strings.Contains(refusal.Text, c.refused) || refusal == nil && err != nil {
				t.Fatal(err)
			}
			s.tick()
			sent := s.mails("", "")[before:]
			if c.refused != "" {
				if len(sent) != 0 {
					t.Errorf("%d mails went out", len(sent))
				}
				return
			}
			if len(sent) != 1 || sent[0].To != c.from {
				t.Fatalf("%d mails went out:\n%s", len(sent), s.outline())
			}
			found := regexp.MustCompile(`/` + stageList + `/feed-([a-z2-7]{26})\.ics`).FindStringSubmatch(sent[0].flat())
			if (found != nil) != c.own {
				t.Fatalf("it says\n%s", sent[0].flat())
			}
			if !c.own {
				return
			}
			f, err := s.OwnFeed(stageList, found[1])
			if err != nil || !strings.Contains(string(f.Content), "circle") {
				t.Errorf("%s, %v", f.Content, err)
			}
		})
	}
}

// TestIndexNamesTheFeed in words of each language: where everybody reads it, or how a member gets an address of their own.
func TestIndexNamesTheFeed(t *testing.T) {
	for name, c := range map[string]struct {
		archive         list.Archive
		language, wants string
		link            string
	}{
		"public":          {list.ArchivePublic, "en", "Your calendar program can follow them: subscribe there to", "https://lists.example.org/" + stageList + "/calendar.ics"},
		"for members":     {list.ArchiveMembers, "fr", "Pour une adresse à vous :", "flux<peers+events@"},
		"without archive": {list.ArchiveNone, "es", "Para una dirección solo suya:", "canal<peers+events@"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(up *setUp) {
				alone(up)
				up.Programme.Events = []*event.Event{circle(up)}
				up.List.Archive = c.archive
			})
			if _, err := s.SetMember(stageList, member(2), []string{"language=" + c.language}); err != nil {
				t.Fatal(err)
			}
			if _, err := s.mail(member(2), eventsAddress, "", ""); err != nil {
				t.Fatal(err)
			}
			m := s.last(member(2), "notice")
			if text := m.flat(); !strings.Contains(text, c.wants) || strings.Contains(text, "/feed-") {
				t.Errorf("it says\n%s", text)
			} else if !strings.Contains(strings.ReplaceAll(text, " ", ""), c.link) {
				t.Errorf("there is no %q in\n%s", c.link, text)
			}
		})
	}
}
