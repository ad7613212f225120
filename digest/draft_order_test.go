package digest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// told is an answer as a line: its orders, and what is none behind a bar.
func told(a draftAnswer) string {
	var all []string
	for _, o := range a.orders {
		s := string(o.verb)
		for _, l := range o.labels {
			s += " "
			if l.kind != 0 {
				s += string(l.kind)
			}
			s += fmt.Sprint(l.n)
		}
		if o.language != "" {
			s += " (" + o.language + ")"
		}
		switch {
		case o.shift.Named:
			s += " " + o.shift.Weekday.String()
		case o.shift.Days != 0:
			s += fmt.Sprintf(" %dd", o.shift.Days)
		case o.shift.Time != 0:
			s += fmt.Sprintf(" %dh", o.shift.Time/time.Hour)
		}
		if o.date.Year > 0 {
			s += " " + o.date.String()
		}
		if o.minutes > 0 {
			s += fmt.Sprintf(" %02d:%02d", (o.minutes-1)/60, (o.minutes-1)%60)
		}
		if o.text != "" {
			s += fmt.Sprintf(" %q", o.text)
		}
		all = append(all, s)
	}
	s := strings.Join(all, "; ")
	if len(a.loose) > 0 {
		s += " | " + strings.Join(a.loose, " / ")
	}
	return strings.TrimSpace(s)
}

func TestReadAnswer(t *testing.T) {
	for text, want := range map[string]string{
		"send": "send", "Send.": "send", "SEND": "send", "Send it as it is, thanks": "send", "ok": "send", "Yes, send it": "send", "Yes, gladly": "send", "👍": "send", "oui": "send", "Sí": "send",
		"Envoyez, merci": "send", "envía por favor": "send", "Ndiyo": "send", "please send": "send", "Looks good!": "send", "Thanks": "", "Good morning": "", "OK, send": "send",
		"now": "now", "send now": "now", "Send it now please": "now", "maintenant": "now", "ahora": "now", "envoyer tout de suite maintenant": "now",
		"drop 2": "drop 2", "Drop theme 2": "drop 2", "2 drop": "drop 2", "drop 2, 3": "drop 2 3", "drop 2 3": "drop 2 3", "drop q3": "drop q3", "drop quote 3": "drop q3", "drop t4": "drop t4",
		"drop 2 and drop q3": "drop 2; drop q3", "supprimer 2": "drop 2", "quitar q3": "drop q3", "drop 2, send": "drop 2; send", "OK but drop 2": "send; drop 2", "Drop Q3.": "drop q3",
		"rename 1 Call one person first": `rename 1 "Call one person first"`, "rename 1: \"Call first\"": `rename 1 "Call first"`, "Rename theme 1 to Call first": `rename 1 "Call first"`,
		"say fr: Bonjour à tous": `say (fr) "Bonjour à tous"`, "dire es:\nHola a todas": `say (es) "Hola a todas"`, "say hi all": `say "hi all"`, "say: so: be it": `say "so: be it"`,
		"Looks good to me": "send", "please ask Awa first": "| please ask Awa first", "drop q1-3": "drop q1 q2 q3", "drop 1-3, t2": "drop 1 2 3 t2",
		"later 2026-03-09": "later 2026-03-09", "later 2026-03-09 14:00": "later 2026-03-09 14:00", "Handover to Noor": `handover "Noor"`,
		"rename it": "| rename it", "ask Who is silent?": `ask "Who is silent?"`, "add 2": "add 2", "add n2": "add n2", "ajouter n1 n3": "add n1 n3", "keep q3": "keep q3", "other q3": "keep q3",
		"t2: Thank you for the call": `thank t2 "Thank you for the call"`, "T2 Thank you": `thank t2 "Thank you"`,
		"spotlight Noor": `spotlight "Noor"`, "Spotlight: Nguyen Thi Lan": `spotlight "Nguyen Thi Lan"`, "no spotlight": "no spotlight", "No spotlights please": "no spotlight", "sans spotlight": "no spotlight",
		"later +1d": "later 1d", "later 2 days": "later 2d", "later monday": "later Monday", "Later, monday": "later Monday", "later monday 14:00": "later Monday 14:00", "send monday": "later Monday; send",
		"send tomorrow": "later 1d; send", "reporter lundi": "later Monday", "later +3h": "later 3h", "later": "later", "aplazar 1 dia": "later 1d",
		"hold": "hold", "Hold, I want to ask the ministry": "hold | Hold, I want to ask the ministry", "no": "hold", "don't send it": "hold", "Don't send it yet": "hold", "Please do not send": "hold", "wait": "hold",
		"Could you wait until the ministry agrees?": "hold | Could you wait until the ministry agrees?", "Ne pas envoyer": "hold", "No enviar todavía": "hold",
		"skip": "skip", "Skip it, nobody wrote": "skip | Skip it, nobody wrote", "handover noor@example.org": `handover "noor@example.org"`, "Handover: Noor": `handover "Noor"`,
		"subject: What we heard":                 `subject "What we heard"`,
		"edit fr\nBonjour\n\nsend":               "edit (fr) \"Bonjour\\n\\nsend\"",
		"edit\nDear all,\ndrop 2":                `edit "Dear all,\ndrop 2"`,
		"edit: Dear all":                         `edit "Dear all"`,
		"edit":                                   "edit",
		"edit your settings please":              "| edit your settings please",
		"Hello,\n\ndrop 2\nsend\n\nThanks\nLuis": "drop 2; send",
		"say Thank you all.\nIt was a week!\n\nNow rest.\ndrop 2": `say "Thank you all.\nIt was a week!\n\nNow rest."; drop 2`,
		"say Hello.\nSend me your stories!\nAsk your neighbour.":  `say "Hello.\nSend me your stories!\nAsk your neighbour."`,
		"say Hello.\nAsk What next?\nsend":                        `say "Hello."; ask "What next?"; send`,
		"dis Bonjour à tous":                                      `say "Bonjour à tous"`,
		"say\nHello all.":                                         `say "Hello all."`,
		"ask What would you\nhave done?\n\nsend":                  `ask "What would you\nhave done?"; send`,
		"Send it when the ministry agrees":                        "| Send it when the ministry agrees",
		"Now I have doubts about theme 3":                         "| Now I have doubts about theme 3",
		"Dear Luis, I am travelling until Tuesday":                "| Dear Luis, I am travelling until Tuesday",
		"When does it go out?":                                    "| When does it go out?",
		"send\nWho is Awa by the way?":                            "send | Who is Awa by the way?",
	} {
		if got := told(readAnswer(text)); got != want {
			t.Errorf("%q: got  %s\nwant %s", text, got, want)
		}
	}
}

func FuzzReadAnswer(f *testing.F) {
	for _, s := range []string{"drop 2, 3\nsay Hello\n\nask What?", "edit fr\nBonjour", "later monday 14:00", "t2: x", "rename 1 \"x\"", "+", "1 d later", "\u00a0say"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, o := range readAnswer(s).orders {
			if o.verb == "" || o.minutes > 24*60 || (o.verb == verbDrop || o.verb == verbAdd || o.verb == verbKeep) && len(o.labels) == 0 {
				t.Errorf("%q: %+v", s, o)
			}
		}
	})
}
