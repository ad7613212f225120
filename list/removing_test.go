package list_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// stored is a post as the store has it, with the octets of its message; empty: it has none.
func (s *site) stored(t *testing.T, number uint32) (p list.Post, raw string) {
	t.Helper()
	if err := s.db.View(func(r list.Reader) (err error) { p, err = r.Post(1, number); return err }); err != nil {
		t.Fatal(err)
	}
	b, err := s.db.Raw(p.Ref)
	if err != nil && !errors.Is(err, list.ErrNotFound) {
		t.Fatal(err)
	}
	return p, string(b)
}

func (s *site) removePost(t *testing.T, which string) list.RemovedPost {
	t.Helper()
	done, err := s.RemovePost(peersAddress, which, "why")
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// topicTitle is the subject of a topic, and the posts that are counted in it.
func (s *site) topicTitle(t *testing.T, id uint32) string {
	t.Helper()
	row, err := s.Topic(peersAddress, id)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %d", row.Subject, row.Posts)
}

func TestAPostIsCalledByNumberIDOrPage(t *testing.T) {
	s := archive(t, nil)
	s.put(t, mail(dede, "odd/id%x@example.org", "One"))
	first, _ := s.stored(t, 1)
	for name, which := range map[string]string{
		"its number": "1", "its number with a mark": "#1", "its Message-ID": "<odd/id%x@example.org>", "its Message-ID without brackets": "odd/id%x@example.org",
		"its page": "https://lists.example.org" + list.PostPath("odd/id%x@example.org"), "its page in brackets": "<https://lists.example.org" + list.PostPath("odd/id%x@example.org") + ">",
	} {
		if _, err := s.WithdrawFiles(peersAddress, which, ""); err == nil || !strings.Contains(err.Error(), "no attachments") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, which := range []string{"", "0", "2", "-1", "99999999999", "<", "other@example.org", "https://lists.example.org/m/", "https://lists.example.org/peers@lists.example.org/topics/1", "@"} {
		if _, err := s.RemovePost(peersAddress, which, ""); !errors.Is(err, list.ErrNotFound) {
			t.Errorf("%q: %v", which, err)
		}
	}
	if now, _ := s.stored(t, 1); now.Ref != first.Ref {
		t.Error("the post was changed")
	}
}

func TestARemovedPostLeavesItsPlace(t *testing.T) {
	s := archive(t, func(l *list.List) { l.SubjectPrefix = "[Peers]" })
	s.put(t, mail(dede, "1@x", "[Peers] The secret of Zoe"))
	s.put(t, mail("noor@example.net", "2@x", "Something else", "In-Reply-To: <1@x>"))
	s.put(t, mail(dede, "3@x", "Alone"))
	s.now = s.now.Add(time.Hour)
	done := s.removePost(t, "1")
	if p, raw := s.stored(t, 1); raw != "" || p.Subject+p.FromName+p.Head != "" || p.MessageID != "1@x" || p.Topic != 1 || !p.Removed.Equal(s.now) || len(p.Trace) > 0 || p.Envelope.IP != "" {
		t.Errorf("what is left of it: %+v %q", p, raw)
	}
	if got := s.topicTitle(t, 1); got != "Something else 2" {
		t.Errorf("its topic is %q", got)
	}
	if again := s.removePost(t, "<1@x>"); !again.Before || !again.At.Equal(done.At) || again.By != "command" || again.Reason != "why" {
		t.Errorf("removed again: %+v", again)
	}
	s.removePost(t, "3")
	if got := s.topicTitle(t, 2); got != " 1" {
		t.Errorf("the topic of one post is %q", got)
	}
	session := s.enter(t, dede)
	if _, err := s.TopicPage(session, peersAddress, 2, 1); !errors.Is(err, list.ErrRemoved) {
		t.Errorf("the page of a topic with nothing in it: %v", err)
	}
	if _, err := s.TopicPage("", peersAddress, 2, 1); errors.Is(err, list.ErrRemoved) || err == nil {
		t.Errorf("the same for a stranger: %v", err)
	}
	if _, err := s.PostPage(session, "1@x"); !errors.Is(err, list.ErrRemoved) {
		t.Errorf("its page: %v", err)
	}
	if _, err := s.PostPage("", "1@x"); errors.Is(err, list.ErrRemoved) || err == nil {
		t.Errorf("its page for a stranger: %v", err)
	}
	s.put(t, mail("noor@example.net", "4@x", "Re: Alone", "In-Reply-To: <3@x>"))
	if p, _ := s.stored(t, 4); p.Topic != 2 {
		t.Errorf("an answer to what was removed is in topic %d", p.Topic)
	}
	all, err := s.RemovedPosts(peersAddress)
	if err != nil || len(all) != 2 || all[0] != done || all[1].MessageID != "3@x" {
		t.Errorf("the trail: %+v, %v", all, err)
	}
	if err := s.RenameTopic(peersAddress, 1, "A name of its own"); err != nil {
		t.Fatal(err)
	}
	s.removePost(t, "2")
	if got := s.topicTitle(t, 1); got != "A name of its own 2" {
		t.Errorf("a topic that was renamed is %q", got)
	}
}

func TestWhatWasRemovedIsNotTakenAgain(t *testing.T) {
	s := archive(t, nil)
	s.put(t, mail(dede, "1@x", "One"))
	s.removePost(t, "1")
	for name, raw := range map[string][]byte{
		"the same":                  mail(dede, "1@x", "One"),
		"the same with other words": mail(dede, "1@x", "Two"),
		"as somebody else's":        mail("noor@example.net", "1@x", "One"),
	} {
		if r, err := s.receive(raw); err == nil && r.Action == "accept" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	var last uint32
	if err := s.db.View(func(r list.Reader) error { rec, err := r.ListByID(1); last = rec.Posts; return err }); err != nil || last != 1 {
		t.Errorf("there are %d posts: %v", last, err)
	}
}

func TestWhoIsToldOfARemoval(t *testing.T) {
	for name, c := range map[string]struct {
		from string
		by   func(t *testing.T, s *site)
		told string
	}{
		"by command":   {dede, func(t *testing.T, s *site) { s.removePost(t, "1") }, "amina@example.org: Removed: One; dede@example.org: Your message was removed: One"},
		"by its owner": {amina, func(t *testing.T, s *site) { s.removePost(t, "1") }, "amina@example.org: Removed: One; amina@example.org: Your message was removed: One"},
		"by an owner's mail, their own": {amina, func(t *testing.T, s *site) {
			all := s.obeyedBy(t, amina, "remove post 1", 2)
			for _, n := range all {
				if strings.Contains(n.msg.Subject(), "remove this?") {
					if err := sent(s.reply(n, amina, "yes", sure)); err != nil {
						t.Fatal(err)
					}
				}
			}
		}, "amina@example.org: Removed: One"},
	} {
		t.Run(name, func(t *testing.T) {
			s := archive(t, nil)
			s.members(t, amina)
			s.put(t, mail(c.from, "1@x", "One"))
			s.notices(t)
			c.by(t, s)
			if got := told(s.notices(t)); got != c.told {
				t.Errorf("told %s", got)
			}
		})
	}
}

func TestNobodyButAnOwnerRemoves(t *testing.T) {
	for name, c := range map[string]struct {
		from string
		auth auth
	}{"a member": {dede, sure}, "who claims to be an owner": {amina, unsure}, "a stranger": {"x@example.net", sure}} {
		t.Run(name, func(t *testing.T) {
			s := archive(t, nil)
			s.put(t, mail(dede, "1@x", "One"))
			s.notices(t)
			if _, err := s.command(c.from, "request", "", "remove post 1", c.auth); err != nil {
				t.Log(err)
			}
			for _, n := range s.notices(t) {
				if strings.Contains(n.msg.Subject(), "remove this?") {
					t.Errorf("%s is asked", n.to)
				}
			}
			if _, raw := s.stored(t, 1); raw == "" {
				t.Error("it is removed")
			}
		})
	}
}

func TestAQuestionOutlivesNoOwner(t *testing.T) {
	s := archive(t, nil)
	s.put(t, mail(dede, "1@x", "One"))
	s.notices(t)
	all := s.obeyedBy(t, amina, "remove post 1", 2)
	s.open(t, func(l *list.List) { l.Archive, l.Owners = list.ArchiveMembers, []string{"other@example.org"} })
	for _, n := range all {
		if strings.Contains(n.msg.Subject(), "remove this?") {
			if err := sent(s.reply(n, amina, "yes", sure)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, raw := s.stored(t, 1); raw == "" {
		t.Error("who is no owner any more removed it")
	}
}

func TestWithdrawnAttachments(t *testing.T) {
	s := library(t, nil)
	s.put(t, withFiles("f@x", "", 300, 300_000))
	s.put(t, mail(dede, "2@x", "Two"))
	whole, _ := s.stored(t, 1)
	if c, err := s.OpenFile("", peersAddress, 1, 2); err != nil || c.Size != 300_000 {
		t.Fatal(c.Size, err)
	}
	done, err := s.WithdrawFiles(peersAddress, "1", "")
	if err != nil || done.What != "attachments" {
		t.Fatal(done, err)
	}
	p, raw := s.stored(t, 1)
	if p.UID != 3 || p.MailboxUID() != 3 || strings.Contains(raw, "pdf") || strings.Count(raw, "was removed by the people who run the list") != 2 || !strings.Contains(raw, "Here it is.") {
		t.Errorf("UID %d:\n%s", p.UID, raw)
	}
	if _, err := s.db.Raw(whole.Ref); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("as it was: %v", err)
	}
	for index := range 4 {
		if _, err := s.OpenFile("", peersAddress, 1, index); !errors.Is(err, list.ErrRemoved) {
			t.Errorf("file %d: %v", index, err)
		}
	}
	if got := s.sentCopy(t); strings.Contains(string(got.Raw), "pdf") || !strings.Contains(string(got.Raw), "Here it is.") {
		t.Errorf("who had no copy yet gets\n%s", got.Raw)
	}
	if again, err := s.WithdrawFiles(peersAddress, "1", ""); err != nil || !again.Before {
		t.Errorf("again: %+v, %v", again, err)
	}
	s.put(t, mail(dede, "4@x", "Four"))
	if p, _ := s.stored(t, 4); p.MessageID != "4@x" {
		t.Errorf("the next post is %+v", p)
	}
	if done := s.removePost(t, "1"); done.Before || done.What != "post" {
		t.Errorf("removed after that: %+v", done)
	}
	var uids []uint32
	err = s.db.View(func(r list.Reader) error {
		return r.Removals(0, func(one list.Removal) error { uids = append(uids, one.UID); return nil })
	})
	if err != nil || fmt.Sprint(uids) != "[1 3]" {
		t.Errorf("mail programs hear that %v are gone: %v", uids, err)
	}
}

func TestAMailWithAPostIsTakenBack(t *testing.T) {
	s := library(t, nil)
	s.put(t, withFiles("f@x", "", 300))
	s.commandMail(t, dede, peersAddress[:5]+"-request@lists.example.org", "settings") // the copies go out
	if _, err := s.command(dede, "request", "", "get 1", sure); err != nil {
		t.Fatal(err)
	}
	s.removePost(t, "1")
	for _, n := range s.notices(t) {
		if strings.Contains(n.msg.Subject(), "post 1") {
			t.Errorf("%s gets it all the same", n.to)
		}
	}
}

// TestASignedPostIsWithdrawnWhole: who withdraws the attachments of a post that is signed is told that this cannot be done, by mail as by command, and the
// question is answered with that.
func TestASignedPostIsWithdrawnWhole(t *testing.T) {
	s := archive(t, nil)
	s.put(t, []byte(strings.ReplaceAll("From: "+dede+"\nTo: "+peersAddress+"\nSubject: Signed\nMessage-ID: <1@x>\nMIME-Version: 1.0\n"+
		"Content-Type: multipart/signed; boundary=s; protocol=\"application/pgp-signature\"; micalg=pgp-sha256\n\n--s\nContent-Type: multipart/mixed; boundary=b\n\n"+
		"--b\n\nWords.\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=x.pdf\n\nPDF\n--b--\n--s\n"+
		"Content-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n--s--\n", "\n", "\r\n")))
	if _, err := s.WithdrawFiles(peersAddress, "1", ""); err == nil || !strings.Contains(err.Error(), "remove the post") {
		t.Errorf("by command: %v", err)
	}
	s.notices(t)
	asked := false
	for _, n := range s.obeyedBy(t, amina, "withdraw files 1", 2) {
		if strings.Contains(n.msg.Subject(), "remove") && n.to == amina && strings.Contains(n.msg.Get("Reply-To"), "+") {
			asked = true
			for range 2 { // the second is answered with what the first did
				if err := sent(s.reply(n, amina, "yes", sure)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if got := s.notices(t); !asked || len(got) != 1 || !strings.Contains(got[0].msg.Text(1<<16), "signed or encrypted") {
		t.Errorf("asked %v, told %s", asked, told(got))
	}
	if _, raw := s.stored(t, 1); !strings.Contains(raw, "PDF") {
		t.Error("it is gone")
	}
}
