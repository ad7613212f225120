package list

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convene/list/message"
)

// plainMail is a message of a plain text.
func plainMail(text string) *message.Message {
	return message.Parse([]byte("Content-Type: text/plain; charset=utf-8\r\n\r\n" + text))
}

func markupMail(html string) *message.Message {
	return message.Parse([]byte("Content-Type: text/html; charset=utf-8\r\n\r\n" + html))
}

func TestReadAnswer(t *testing.T) {
	const quote = "\n\nOn 4 May 2026, Ann Lee <ann@x.example> wrote:\n> discard\n"
	for name, c := range map[string]struct {
		text string
		want Answer
	}{
		"a word":                      {"approve", Answer{Verb: "approve", Whole: "approve"}},
		"in capitals":                 {"APPROVE" + quote, Answer{Verb: "approve", Whole: "APPROVE"}},
		"with an exclamation mark":    {"Approve!" + quote, Answer{Verb: "approve", Whole: "Approve!"}},
		"in quotation marks":          {"\"yes\"" + quote, Answer{Verb: "yes", Whole: "\"yes\""}},
		"in French quotation marks":   {"« Oui ».", Answer{Verb: "oui", Rest: "", Whole: "« Oui »."}},
		"in curly ones, with a stop":  {"“approve.”", Answer{Verb: "approve", Whole: "“approve.”"}},
		"in bold":                     {"*approve*", Answer{Verb: "approve", Whole: "*approve*"}},
		"in a list":                   {"- approve", Answer{Verb: "approve", Whole: "- approve"}},
		"with what follows":           {"reject off topic" + quote, Answer{Verb: "reject", Rest: "off topic", Whole: "reject off topic"}},
		"with a colon":                {"reject: off topic", Answer{Verb: "reject", Rest: "off topic", Whole: "reject: off topic"}},
		"with a dash":                 {"reject - off topic", Answer{Verb: "reject", Rest: "off topic", Whole: "reject - off topic"}},
		"with a long dash":            {"reject — off topic", Answer{Verb: "reject", Rest: "off topic", Whole: "reject — off topic"}},
		"with a dash and no space":    {"reject—off topic", Answer{Verb: "reject", Rest: "off topic", Whole: "reject—off topic"}},
		"with a comma and no space":   {"approve,thanks", Answer{Verb: "approve", Rest: "thanks", Whole: "approve,thanks"}},
		"yes, gladly":                 {"Yes, gladly", Answer{Verb: "yes", Rest: "gladly", Whole: "Yes, gladly"}},
		"on several lines":            {"reject off topic\n\nTry the other list.\n\nBo\n-- \nBo" + quote, Answer{"reject", "off topic", "Try the other list.\n\nBo", "reject off topic\n\nTry the other list.\n\nBo"}},
		"a time span keeps its sign":  {"later +1d", Answer{Verb: "later", Rest: "+1d", Whole: "later +1d"}},
		"a number":                    {"1", Answer{Verb: "1", Whole: "1"}},
		"a vote":                      {"+1", Answer{Verb: "+1", Whole: "+1"}},
		"a name before a colon":       {"t2: You asked first", Answer{Verb: "t2", Rest: "You asked first", Whole: "t2: You asked first"}},
		"below the quotation":         {"> discard" + "\n\napprove\n", Answer{Verb: "approve", Whole: "approve"}},
		"below a row of dashes":       {"-----\napprove", Answer{Verb: "approve", Whole: "approve"}},
		"below a line of punctuation": {"...\napprove", Answer{Verb: "approve", Whole: "...\napprove"}},
		"in Spanish":                  {"Sí", Answer{Verb: "sí", Whole: "Sí"}},
		"in Spanish, in two pieces":   {"Si\u0301", Answer{Verb: "sí", Whole: "Si\u0301"}},
		"in wide letters":             {"ＯＫ", Answer{Verb: "ok", Whole: "ＯＫ"}},
		"in Russian capitals":         {"ДА", Answer{Verb: "да", Whole: "ДА"}},
		"an upside-down mark":         {"¡Sí!", Answer{Verb: "sí", Whole: "¡Sí!"}},
		"with an apostrophe":          {"D'accord.", Answer{Verb: "d'accord", Whole: "D'accord."}},
		"with that of a telephone":    {"D’accord !", Answer{Verb: "d'accord", Rest: "", Whole: "D’accord !"}},
		"a thumb":                     {"👍🏽", Answer{Verb: "👍", Whole: "👍🏽"}},
		"a thumb and a word":          {"👍 reject", Answer{Verb: "reject", Whole: "👍 reject"}},
		"a question mark":             {"?", Answer{Verb: "?", Whole: "?"}},
		"nothing":                     {"", Answer{}},
		"nothing but a quotation":     {quote, Answer{}},
		"nothing but a signature":     {"-- \nApprove, Inc.", Answer{}},
		"nothing but a telephone":     {"Sent from my iPhone" + quote, Answer{}},
		"a greeting is a word":        {"Hi,\n\napprove", Answer{Verb: "hi", Text: "approve", Whole: "Hi,\n\napprove"}},
		"a link":                      {"https://x.example/approve", Answer{Verb: "https", Rest: "//x.example/approve", Whole: "https://x.example/approve"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ReadAnswer(plainMail(c.text)); got != c.want {
				t.Errorf("got  %+q\nwant %+q", got, c.want)
			}
		})
	}
}

// TestUnreadAnswer has what must not pass for a reply without words of its own.
func TestUnreadAnswer(t *testing.T) {
	for name, raw := range map[string]string{
		"encrypted":            "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nAAAA",
		"a picture":            "Content-Type: image/jpeg\r\n\r\nx",
		"too long a quotation": "Subject: x\r\n\r\n" + strings.Repeat("> approve\r\n", 10000) + "reject\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			if a := ReadAnswer(message.Parse([]byte(raw))); a != (Answer{Verb: VerbUnread}) || Yes(a.Verb) || No(a.Verb) {
				t.Errorf("got %+q", a)
			}
		})
	}
}

func TestAnswerOwn(t *testing.T) {
	for want, a := range map[string]Answer{"": {Verb: "reject"}, "a": {Rest: "a"}, "b\nc": {Text: "b\nc"}, "a\nb": {Rest: "a", Text: "b"}} {
		if got := a.Own(); got != want {
			t.Errorf("%+q: got %q, want %q", a, got, want)
		}
	}
}

func TestYesAndNo(t *testing.T) {
	for text, want := range map[string]string{"oui": "yes", "sí": "yes", "SI": "yes", "sim.": "yes", "Ndiyo!": "yes", "ja": "yes", "Yes, gladly": "yes", "👍": "yes", "はい。": "yes", "نعم": "yes",
		"no": "no", "Non merci": "no", "não": "no", "hapana": "no", "Nein.": "no", "maybe": "", "approve": "", "yesterday": "", "none": "", "": ""} {
		verb := ReadAnswer(plainMail(text)).Verb
		if Yes(verb) != (want == "yes") || No(verb) != (want == "no") {
			t.Errorf("%q: yes %v, no %v, want %q", text, Yes(verb), No(verb), want)
		}
	}
	for word := range yesWords {
		if noWords[word] {
			t.Errorf("%q is yes and no", word)
		}
	}
}

// A way of answering puts words above, below or into a quoted text, as a mail program does.
var waysOfAnswering = map[string]func(answer, quoted string, n int) *message.Message{
	"above, as it came": func(answer, quoted string, _ int) *message.Message { return plainMail(answer + "\n\n" + quoted) },
	"above": func(answer, quoted string, n int) *message.Message {
		return plainMail(answer + "\n\n" + attributions[n%len(attributions)] + "\n" + marked(quoted))
	},
	"above, with a signature": func(answer, quoted string, n int) *message.Message {
		return plainMail(answer + "\n\n-- \nBo\nPeers, Inc.\n\n" + attributions[n%len(attributions)] + "\n\n" + marked(quoted))
	},
	"above, Outlook": func(answer, quoted string, n int) *message.Message {
		return plainMail(answer + "\n\n" + headers[n%len(headers)] + "\n\n" + quoted)
	},
	"above, in HTML by Gmail": func(answer, quoted string, n int) *message.Message {
		return markupMail("<div dir=ltr>" + answer + "</div><br><div class=\"gmail_quote\"><div class=\"gmail_attr\">" + attributions[n%len(attributions)] + "<br></div><blockquote class=\"gmail_quote\">" + broken(quoted) + "</blockquote></div>")
	},
	"above, in HTML by Outlook": func(answer, quoted string, n int) *message.Message {
		return markupMail("<p class=MsoNormal>" + answer + "</p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p>" + broken(headers[n%len(headers)]) + "</p></div>" + broken(quoted))
	},
	"below": func(answer, quoted string, n int) *message.Message {
		return plainMail(attributions[n%len(attributions)] + "\n" + marked(quoted) + "\n\n" + answer + "\n")
	},
	"below, with a signature": func(answer, quoted string, n int) *message.Message {
		return plainMail(attributions[n%len(attributions)] + "\n\n" + marked(quoted) + "\n\n" + answer + "\n\n-- \nBo\n")
	},
	"below, in HTML": func(answer, quoted string, n int) *message.Message {
		return markupMail("<div class=\"moz-cite-prefix\">" + attributions[n%len(attributions)] + "</div><blockquote type=\"cite\">" + broken(quoted) + "</blockquote><p>" + answer + "</p>")
	},
	"between": func(answer, quoted string, n int) *message.Message {
		return plainMail(attributions[n%len(attributions)] + "\n" + marked(quoted) + "\n\n" + answer + "\n\n" + marked(quoted) + "\n")
	},
}

var attributions = []string{"On Mon, 4 May 2026 at 10:11, Ann Lee via Peers <peers@lists.example.org> wrote:", "Le lun. 4 mai 2026 à 10:11, Ann Lee <ann@x.example> a écrit :",
	"El lun, 4 may 2026 a las 10:11, Ann Lee (<ann@x.example>) escribió:", "Em seg., 4 de mai. de 2026 às 10:11, Ann Lee <ann@x.example> escreveu:", "Am 04.05.26 um 10:11 schrieb Ann Lee:",
	"Tarehe Jtt, 4 Mei 2026 saa 10:11 Ann Lee <ann@x.example> aliandika:", "2026年5月4日(月) 10:11 Ann Lee <ann@x.example>:", "пн, 4 мая 2026 г. в 10:11, Ann Lee <ann@x.example>:"}

var headers = []string{"-----Original Message-----\nFrom: Ann Lee\nSent: Monday, 4 May 2026 10:11\nTo: Bo\nSubject: Held", "________________________________\nDe : Ann Lee\nEnvoyé : lundi 4 mai 2026 10:11\nÀ : Bo\nObjet : x",
	"De: Ann Lee\nEnviado: lunes, 4 de mayo de 2026 10:11\nPara: Bo\nAsunto: x", "Von: Ann Lee\nGesendet: Montag, 4. Mai 2026 10:11\nAn: Bo\nBetreff: x"}

func marked(text string) string { return "> " + strings.ReplaceAll(text, "\n", "\n> ") }

func broken(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\n", "<br>\n").Replace(text)
}

// TestAnswersToRealMail answers each mail of the corpora of replies in each way. At least 99 of 100 answers must be read right, and none may come from
// what is quoted, of which each paragraph says "reject".
func TestAnswersToRealMail(t *testing.T) {
	texts := repliesOfOthers(t)
	tried, wrong, taken, silent := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for n, quoted := range texts {
		for way, compose := range waysOfAnswering {
			poisoned := quoted
			if way != "above, as it came" {
				poisoned = "reject\n" + strings.Replace(quoted, "\n\n", "\n\nreject\n\n", 20) + "\nreject"
			}
			for _, answer := range []string{"approve", "Approve, thanks"} {
				tried[way]++
				if a := ReadAnswer(compose(answer, poisoned, n)); a.Verb != "approve" {
					wrong[way]++
					t.Logf("%s, %q to mail %d: %.80q", way, answer, n, fmt.Sprint(a))
				}
			}
			if way != "above, as it came" {
				switch a := ReadAnswer(compose("", poisoned, n)); a.Verb {
				case "reject":
					taken[way]++
					t.Errorf("%s, mail %d: a verb was taken from what is quoted", way, n)
				case "":
					silent[way]++
				}
			}
		}
	}
	for _, way := range slices.Sorted(maps.Keys(tried)) {
		t.Logf("%s: %d of %d read right, %d verbs taken from what is quoted, %d of %d replies without a word", way, tried[way]-wrong[way], tried[way], taken[way], silent[way], len(texts))
		if way != "above, as it came" && silent[way]*100 < len(texts)*99 {
			t.Errorf("%s: only %d of %d replies without a word are seen to have none", way, silent[way], len(texts))
		}
		if wrong[way]*100 > tried[way] {
			t.Errorf("%s: %d of %d read wrong", way, wrong[way], tried[way])
		}
	}
}

// repliesOfOthers are the texts of all mails in the corpora of replies.
func repliesOfOthers(t *testing.T) (texts []string) {
	t.Helper()
	dir := "../../shared/corpora/replies"
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no mail to test with: %v", err)
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		base := filepath.Base(path)
		if !slices.Contains([]string{".txt", ".eml", ".html"}, filepath.Ext(path)) && !strings.HasSuffix(base, "_body") || base == "SOURCE.txt" {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil || len(raw) > 50<<10 {
			return err
		}
		m := plainMail(string(raw))
		switch filepath.Ext(path) {
		case ".eml":
			m = message.Parse(raw)
		case ".html":
			m = markupMail(string(raw))
		}
		texts = append(texts, strings.TrimSpace(m.Text(20<<10)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) < 300 {
		t.Fatalf("only %d mails were found", len(texts))
	}
	return texts
}
