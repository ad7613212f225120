package facts

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"convene/digest/words"
	"convene/list"
	"convene/list/message"
)

// Read makes a Post of a post as it is stored and the message that it is. known is what the caller knows of it and no message says: Link, Answers,
// Organisation, Quote, PrivateThanks, Facilitator, First, Newcomer, Planned, and perhaps Files with links to them; all else in it is overwritten. Files are
// those of the message where known has none.
//
// Text is all that they wrote themselves (message.Written) without the farewell at its end. Language is empty where the text alone does not say it: Gather
// takes that of the topic then. Who writes #noquote wants nothing of that post quoted.
func Read(p *list.Post, m *message.Message, known Post) Post {
	read := known
	read.Number, read.Topic, read.MessageID, read.At = p.Number, p.Topic, p.MessageID, p.Accepted
	read.Name, read.Address, read.Subject = p.FromName, p.From, p.Subject
	if strings.Contains(read.Name, "@") { // an address is no name, and stands in no summary
		read.Name = ""
	}
	text, passedOn := m.Written()
	read.Text, read.PassedOn = withoutFarewell(text), passedOn
	read.Language, _ = words.Language(prose(read.Text))
	read.Links = links(read.Text)
	if Unquotable(p.Subject) || Unquotable(text) {
		read.Quote = NoQuote
	}
	if known.Files == nil {
		for _, a := range m.Attachments() {
			if !a.Inline {
				read.Files = append(read.Files, File{Name: a.Name, Size: a.Size, Post: p.Number})
			}
		}
	}
	return read
}

// Unquotable reports whether who wrote a text wants nothing of it quoted.
func Unquotable(text string) bool { return noQuote.MatchString(text) }

var (
	noQuote = regexp.MustCompile(`(?i)(?:^|[\s(])#noquote\b`)
	webLink = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"“”«»{}|\\^` + "`" + `]+`)
)

// maxLink is the longest link that is listed, in octets.
const maxLink = 500

// links are the addresses of pages in a text, each once, without what only stands behind them.
func links(text string) (all []string) {
	for _, link := range webLink.FindAllString(text, -1) {
		for {
			r, n := utf8.DecodeLastRuneInString(link)
			if !strings.ContainsRune(".,;:!?'*_…", r) && !(r == ')' && strings.Count(link, "(") < strings.Count(link, ")")) && !(r == ']' && !strings.Contains(link, "[")) {
				break
			}
			link = link[:len(link)-n]
		}
		if _, rest, _ := strings.Cut(link, "://"); len(rest) > 3 && strings.Contains(rest, ".") && len(link) <= maxLink && !slices.Contains(all, link) {
			all = append(all, link)
		}
	}
	return all
}

// proseSize is how much of a text its language is told by, in octets.
const proseSize = 4 << 10

// prose is what of a text tells its language: its whole sentences, or all where there are none. Names and titles below a text are of any language.
func prose(text string) string {
	if len(text) > proseSize {
		text = strings.ToValidUTF8(text[:proseSize], "")
	}
	var whole, all strings.Builder
	for _, s := range words.Sentences(text, words.Of("")) {
		line := webLink.ReplaceAllString(s.Text, "") + "\n"
		all.WriteString(line)
		if s.Whole || s.Ended {
			whole.WriteString(line)
		}
	}
	if whole.Len() > 0 {
		return whole.String()
	}
	return all.String()
}

// farewell is a line with which a letter ends, in whatever language, perhaps with a name behind it.
var farewell = regexp.MustCompile(`(?i)^\W*(?:(?:with )?(?:(?:my|all|kind|kindest|best|warm|warmest|many|very best) )*(?:regards|wishes|thanks|greetings)|best|cheers|thanks(?: (?:a lot|again|in advance|so much|all|everyone))?|thank you(?: (?:all|again|so much|very much|in advance))?|` +
	`sincerely|yours(?: (?:sincerely|truly|faithfully))?|(?:in )?solidarity|take care|love|bye|(?:bien )?(?:cordialement|amicalement|respectueusement)(?: vôtre)?|bien à (?:vous|toi)|merci(?: (?:beaucoup|d'avance|à tous|à toutes et à tous|encore))?|` +
	`salutations(?: \pL+)?|amitiés|à bientôt|bonne (?:journée|soirée|semaine)(?: à (?:tous|toutes et à tous))?|(?:muchas )?gracias(?: (?:por todo|de antemano|a todos|a todas y todos))?|(?:un )?(?:cordial )?saludos?(?: (?:cordiales|a todos|desde \pL+))?|(?:un )?(?:fuerte )?abrazos?(?: (?:a todos|fuerte))?|` +
	`atentamente|hasta (?:pronto|luego)|(?:muito )?obrigad[oa]s?|(?:um )?(?:grande )?abraços?|(?:com os melhores )?cumprimentos|atenciosamente|saudações|(?:mit )?(?:freundlichen|vielen|liebe|viele|schöne|beste)[rn]? (?:grüßen?|gruß|dank)|danke|lg|mfg|` +
	`(?:met )?(?:vriendelijke )?groet(?:en|jes)?|bedankt|cordiali saluti|saluti|grazie(?: mille)?|ciao|asante(?:ni)?(?: sana)?|с уважением|спасибо|مع تحياتي|شكرا)` +
	`(?:\W*|[,.!]+ ?(?:\pL[\pL.'’-]*\s?){1,4}\W*)$`)

const (
	// farewellLines are how many lines may follow a farewell for these to be a name and what belongs to it, and signedLine how long each is, in characters.
	farewellLines = 8
	signedLine    = 70
)

// withoutFarewell leaves out a farewell at the end of a text, and the names, titles and telephones below it. A text that is nothing else is left as it is.
func withoutFarewell(text string) string {
	rows := strings.Split(text, "\n")
	short := 0
	for i := len(rows) - 1; i > 0 && short <= farewellLines; i-- {
		row := strings.TrimSpace(rows[i])
		if row == "" {
			continue
		}
		if utf8.RuneCountInString(row) > signedLine {
			break
		}
		if farewell.MatchString(row) {
			if rest := strings.TrimRight(strings.Join(rows[:i], "\n"), "\n "); strings.TrimSpace(rest) != "" {
				return rest
			}
			break
		}
		short++
	}
	return strings.TrimRight(signedBy.ReplaceAllString(text, ""), "\n ")
}

// signedBy is a name behind a dash, alone in the last paragraph.
var signedBy = regexp.MustCompile(`\n\s*\n[-–—~]{1,3} ?\p{Lu}[\pL.'’-]*(?: \p{Lu}[\pL.'’-]*){0,3}\s*$`)
