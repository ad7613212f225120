package facts

import (
	"slices"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
)

func TestRead(t *testing.T) {
	raw := "From: Awa Diallo <awa@x.example>\r\nSubject: Re: Question 1\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nLe premier appel, c'est à la plus jeune.\r\n\r\n> Who calls first?\r\n\r\nVoir (http://radio.example/appel).\r\n\r\n" +
		"Bien à vous,\r\nAwa Diallo\r\nRadio du village\r\n\r\n-- \r\nAwa\r\n--b\r\nContent-Type: application/pdf; name=\"appel.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--b--\r\n"
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	p := list.Post{Number: 7, Topic: 3, MessageID: "a@x.example", From: "awa@x.example", FromName: "Awa Diallo", Subject: "Re: Question 1", Accepted: at}
	got := Read(&p, message.Parse([]byte(raw)), Post{Answers: 5, First: true, Quote: AskFirst})
	if want := "Le premier appel, c'est à la plus jeune.\n\nVoir (http://radio.example/appel)."; got.Text != want {
		t.Errorf("the text is %q, want %q", got.Text, want)
	}
	if got.Language != "fr" || got.Answers != 5 || !got.First || got.Quote != AskFirst || got.Name != "Awa Diallo" || !got.At.Equal(at) || got.Number != 7 || got.Topic != 3 {
		t.Errorf("read %+v", got)
	}
	if !slices.Equal(got.Links, []string{"http://radio.example/appel"}) || !slices.Equal(got.Files, []File{{Name: "appel.pdf", Size: 5, Post: 7}}) {
		t.Errorf("links %q, files %+v", got.Links, got.Files)
	}
}

func TestReadOfWhatMayNotBeQuoted(t *testing.T) {
	for name, c := range map[string]struct {
		raw      string
		quote    Quoting
		passedOn bool
	}{
		"#noquote in the text":    {"Subject: x\r\n\r\nOur ministry has no plan for it.\r\n#NoQuote\r\n", NoQuote, false},
		"#noquote within a word":  {"Subject: x\r\n\r\nSee http://x.example/a#noquotes for it.\r\n", "", false},
		"a forwarded message":     {"Subject: x\r\n\r\n---------- Forwarded message ----------\r\nFrom: B <b@x.example>\r\nDate: 4 May 2026\r\nSubject: Water\r\n\r\nWater comes first.\r\n", "", true},
		"nothing but a quotation": {"Subject: x\r\n\r\n> Water comes first.\r\n", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			got := Read(&list.Post{Number: 1}, message.Parse([]byte(c.raw)), Post{})
			if got.Quote != c.quote || got.PassedOn != c.passedOn {
				t.Errorf("quote %q, passed on %t", got.Quote, got.PassedOn)
			}
		})
	}
}

func TestWithoutFarewell(t *testing.T) {
	for text, want := range map[string]string{
		"It rains.\n\nRegards,\n\nJohn Doe\nCEO @ Acme !":    "It rains.",
		"It rains.\n\nCheers, Matt":                          "It rains.",
		"Il pleut.\n\nMerci d'avance\nAwa":                   "Il pleut.",
		"Llueve.\n\nUn abrazo,\nTomás Quispe":                "Llueve.",
		"It rains.\n\n-Abhishek Kona":                        "It rains.",
		"Thanks for the rain.\nIt helps.":                    "Thanks for the rain.\nIt helps.",
		"It rains:\n- Call Dede":                             "It rains:\n- Call Dede",
		"Thanks!":                                            "Thanks!",
		"Best practice is to call.\nWe do it on Mondays.":    "Best practice is to call.\nWe do it on Mondays.",
		"It rains.\n- yes, it rains\n- and it does not stop": "It rains.\n- yes, it rains\n- and it does not stop",
	} {
		if got := withoutFarewell(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestLinks(t *testing.T) {
	got := links("See <http://a.example/x_(y)>, (https://b.example/z). Or http://a.example/x_(y) again; http:// is none, https://localhost neither.")
	if want := []string{"http://a.example/x_(y)", "https://b.example/z"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
