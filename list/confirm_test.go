package list_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
)

// TestConfirmByMail: what a person writes to the address confirms once, "no" declines, and a machine does nothing.
func TestConfirmByMail(t *testing.T) {
	for name, c := range map[string]struct {
		fields, text string
		from         string
		auth         func(context.Context, *message.Message) list.Authentication
		action       string // of the receipt
		why          list.Reason
		done         int
		spent        string
	}{
		"yes":                          {text: "yes", action: "confirm", done: 1, spent: "It was done."},
		"nothing":                      {text: "", action: "confirm", done: 1, spent: "It was done."},
		"anything":                     {text: "Please do, and thank you!", action: "confirm", done: 1, spent: "It was done."},
		"a reply above its quotation":  {text: "ok\r\n\r\n> no\r\n> no", action: "confirm", done: 1, spent: "It was done."},
		"from another address":         {from: "other@y.example", text: "yes", action: "confirm", done: 1, spent: "It was done."},
		"no":                           {text: "No, thank you.", action: "confirm", spent: "You said no, and nothing was changed."},
		"non, in French":               {text: "non", action: "confirm", spent: "You said no, and nothing was changed."},
		"a vacation notice":            {fields: "Auto-Submitted: auto-replied\r\n", text: "yes", action: "discard"},
		"a vacation notice of Outlook": {fields: "X-Auto-Response-Suppress: All\r\nAuto-Submitted: auto-generated\r\n", text: "I am away", action: "discard"},
		"a bounce":                     {from: "<>", text: "failed", action: "discard"},
		"through a list":               {fields: "List-Id: <a.b>\r\nPrecedence: list\r\n", text: "yes", action: "discard"},
		"forged":                       {text: "yes", auth: failing, why: list.ForgedSender},
		"authenticated":                {text: "yes", auth: passing, action: "confirm", done: 1, spent: "It was done."},
		"not to be read":               {fields: "From: b@x.example\r\n", text: "yes", why: list.Unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			log := s.logged()
			done := 0
			s.ConfirmWith(list.ForProbe, func(c list.Confirmed) (string, error) {
				done++
				if c != (list.Confirmed{Address: "a@x.example", Data: "data", How: "mail"}) {
					t.Errorf("confirmed %+v", c)
				}
				return "It was done.", nil
			})
			token := s.ask(t, list.ForProbe, "a@x.example", 0, "data")
			if c.from == "" {
				c.from = "a@x.example"
			}
			r, err := s.answer("peers+confirm-"+token+"@lists.example.org", c.from, c.fields, c.text, c.auth)
			if r.Action != c.action || reason(err) != c.why || err != nil && c.why == "" {
				t.Errorf("%+v, %v", r, err)
			}
			if done != c.done || s.spent(t, token) != c.spent {
				t.Errorf("done %d times, spent %q; want %d, %q", done, s.spent(t, token), c.done, c.spent)
			}
			if left := s.owed(t); len(left) != 0 {
				t.Errorf("owed %q", left)
			}
			if strings.Contains(log.String(), token) {
				t.Errorf("logged %s", log)
			}
		})
	}
}

func failing(context.Context, *message.Message) list.Authentication {
	return list.Authentication{DMARC: list.Fail}
}

func passing(context.Context, *message.Message) list.Authentication {
	return list.Authentication{DMARC: list.Pass}
}

// answer is a mail to an address that asked for one; from "<>" is a return path that is empty.
func (s *site) answer(to, from, fields, text string, auth func(context.Context, *message.Message) list.Authentication) (list.Receipt, error) {
	target, err := s.Route(to)
	if err != nil {
		return list.Receipt{}, err
	}
	path := strings.Trim(from, "<>")
	author := path
	if author == "" {
		author = "mailer-daemon@x.example"
	}
	raw := "From: " + author + "\r\nTo: " + to + "\r\nSubject: Re: a question\r\nMessage-ID: <" + s.id() + "@x>\r\n" + fields + "\r\n" + text + "\r\n"
	in := &list.Incoming{Raw: []byte(raw), Targets: []list.Target{target}, Auth: auth, Envelope: list.Envelope{ID: s.id(), From: path, IP: "192.0.2.1", Received: s.now}}
	return s.Receive(context.Background(), in)
}

func (s *site) spent(t *testing.T, token string) string {
	t.Helper()
	var secret list.Secret
	if err := s.db.View(func(r list.Reader) (err error) { secret, err = r.Secret(list.HashToken(token)); return err }); err != nil {
		t.Fatal(err)
	}
	return secret.Spent
}

// TestWhatAPageAsks: in the language of whom it is for, or that of the question, or the list's; never with the address, which a page shows masked.
func TestWhatAPageAsks(t *testing.T) {
	const join, change = `{"lines":["subscribe","set language fr"],"names":["subscribe"]}`, `{"lines":["set name X","pause"],"names":["set name","pause"]}`
	for name, c := range map[string]struct {
		purpose                          list.Purpose
		data                             string
		list, member, question, language string // the first three are languages
		asks                             string // heading|sentence|button
	}{
		"to join":                     {list.ForConfirm, `{"lines":["subscribe"],"names":["subscribe"]}`, "en", "", "", "en", "Join Peers?|You will get what is written to the list, by email.|Join"},
		"to join, where invited":      {list.ForInvite, join, "en", "", "fr", "fr", "S’inscrire à Peers\u00a0?|Vous recevrez par courriel ce qui s’écrit sur la liste.|S’inscrire"},
		"to leave, as a member":       {list.ForConfirm, `{"lines":["unsubscribe"],"names":["unsubscribe"]}`, "en", "es", "fr", "es", "¿Salir de Peers?|Ya no recibirá los mensajes de la lista.|Salir"},
		"a further address":           {list.ForAlso, `{"member":1}`, "fr", "", "", "fr", "Cette adresse est-elle à vous\u00a0?|Un membre de la liste veut aussi y écrire depuis cette adresse.|Oui, elle est à moi"},
		"several things":              {list.ForConfirm, change, "es", "", "", "es", "¿Cambiar sus ajustes?|Esto se pidió por correo:\n\n- otro nombre\n- hacer una pausa|Sí, adelante"},
		"in a language without texts": {list.ForConfirm, change, "sw", "sw", "", "sw", "Change your settings?|This was asked for by mail:\n\n- another name\n- take a break|Yes, do that"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, func(l *list.List) { l.Language = c.list })
			if c.member != "" {
				s.members(t, "a@x.example")
				if err := s.db.Update(func(tx list.Tx) error {
					m, err := tx.Member(1, "a@x.example")
					if err == nil {
						m.Language = c.member
						_, err = tx.PutMember(m)
					}
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
			s.owe(t, list.Note{List: 1, Text: "confirm", To: "a@x.example", Language: c.question, Secret: &list.Secret{Purpose: c.purpose, List: 1, Address: "a@x.example",
				Data: []byte(c.data), Expires: s.now.Add(time.Hour)}})
			got, err := s.Confirming(tokenOf(t, s.mailed(t)[0]))
			if asks := got.Question + "|" + got.Text + "|" + got.Button; err != nil || asks != c.asks || got.Language != c.language {
				t.Errorf("in %s: %q, %v", got.Language, asks, err)
			}
		})
	}
}

// TestAConfirmationIsAnsweredOnce: by mail or on the page, whoever comes later is told what was said, and by mail once a day.
func TestAConfirmationIsAnsweredOnce(t *testing.T) {
	s := newSite(t, nil)
	done := 0
	s.ConfirmWith(list.ForProbe, func(list.Confirmed) (string, error) { done++; return "It was done.", nil })
	token := s.ask(t, list.ForProbe, "a@x.example", 0, "data")
	other := s.ask(t, list.ForProbe, "a@x.example", 0, "data")
	asks := list.Confirmation{List: "peers@lists.example.org", Title: "Peers", Address: "a@x.example", Question: "Is this address yours?",
		Text: "A member of the list wants to write to it from this address too.", Button: "Yes, it is mine"}
	for range 3 {
		if got, err := s.Confirming(token); err != nil || got != asks {
			t.Fatalf("opened: %+v, %v", got, err)
		}
	}
	says := list.Confirmation{List: asks.List, Title: asks.Title, Address: asks.Address, Said: "It was done."}
	if got, err := s.Confirm(strings.ToUpper(token), "page"); err != nil || got != says || done != 1 {
		t.Fatalf("%+v, %v; done %d times", got, err, done)
	}
	says.Late = true
	for _, ask := range []func() (list.Confirmation, error){func() (list.Confirmation, error) { return s.Confirm(token, "page") }, func() (list.Confirmation, error) { return s.Confirming(token) }} {
		if got, err := ask(); err != nil || got != says || done != 1 {
			t.Errorf("again: %+v, %v; done %d times", got, err, done)
		}
	}
	for range 3 {
		if _, err := s.answer("peers+confirm-"+token+"@lists.example.org", "other@y.example", "", "no", nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.mailed(t); len(got) != 1 || got[0].to != "a@x.example" || got[0].Get("Auto-Submitted") != "auto-replied" || !strings.Contains(got[0].Text(1000), "It was done.") {
		t.Errorf("%d mails", len(got))
	}
	s.now = s.now.Add(24 * time.Hour)
	if _, err := s.answer("peers+confirm-"+token+"@lists.example.org", "a@x.example", "", "yes", nil); err != nil || len(s.mailed(t)) != 1 {
		t.Errorf("a day later: %v", err)
	}
	if s.spent(t, other) != "" || done != 1 {
		t.Errorf("the other question: %q, done %d times", s.spent(t, other), done)
	}
}

// TestTheSameQuestionIsAnsweredOnce: what has one subject is one question, however often it was asked.
func TestTheSameQuestionIsAnsweredOnce(t *testing.T) {
	s := newSite(t, nil)
	done := 0
	s.ConfirmWith(list.ForProbe, func(list.Confirmed) (string, error) { done++; return "It was done.", nil })
	first, second := s.ask(t, list.ForProbe, "a@x.example", 9, "data"), s.ask(t, list.ForProbe, "a@x.example", 9, "data")
	s.owe(t, list.Note{List: 1, Text: "goodbye", To: "a@x.example", Secret: &list.Secret{Purpose: list.ForProbe, List: 1, Subject: 9, Expires: s.now.Add(time.Hour)}})
	if _, err := s.Confirm(first, "page"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Confirm(second, "page"); err != nil || !got.Late || got.Said != "It was done." || done != 1 {
		t.Errorf("%+v, %v; done %d times", got, err, done)
	}
	if left := s.owed(t); len(left) != 0 {
		t.Errorf("asked a third time: %q", left)
	}
}

// TestAConfirmationThatFailsIsNotSpent: whoever confirms may try again.
func TestAConfirmationThatFailsIsNotSpent(t *testing.T) {
	s := newSite(t, nil)
	trouble := errors.New("disk full")
	s.ConfirmWith(list.ForProbe, func(list.Confirmed) (string, error) { return "It was done.", trouble })
	token := s.ask(t, list.ForProbe, "a@x.example", 0, "")
	if _, err := s.Confirm(token, "page"); !errors.Is(err, trouble) {
		t.Errorf("%v", err)
	}
	if _, err := s.answer("peers+confirm-"+token+"@lists.example.org", "a@x.example", "", "yes", nil); !errors.Is(err, trouble) {
		t.Errorf("%v", err)
	}
	trouble = nil
	if got, err := s.Confirm(token, "page"); err != nil || got.Late {
		t.Errorf("%+v, %v", got, err)
	}
	// A list that is gone from the config confirms nothing.
	if err := s.Configure(list.NewSite(list.Site{Hostname: "mx.example.org"})); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Confirming(token); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

// TestConfirmersRace: of many answers at once one counts.
func TestConfirmersRace(t *testing.T) {
	s := newSite(t, nil)
	done := 0 // within transactions, one at a time
	s.ConfirmWith(list.ForProbe, func(list.Confirmed) (string, error) { done++; return "It was done.", nil })
	token := s.ask(t, list.ForProbe, "a@x.example", 0, "")
	first := make(chan bool, 16)
	for range 16 {
		go func() {
			got, err := s.Confirm(token, "page")
			if err != nil {
				t.Error(err)
			}
			first <- !got.Late
		}()
	}
	won := 0
	for range 16 {
		if <-first {
			won++
		}
	}
	if won != 1 || done != 1 {
		t.Errorf("%d were first, done %d times", won, done)
	}
}
