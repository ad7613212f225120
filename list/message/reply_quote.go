package message

import (
	"regexp"
	"strings"
	"unicode"
)

// decorated is the beginning of a line that a program quoted with the writer's initials: "AL> ".
var decorated = regexp.MustCompile(`^\pL{1,3}>(?:[ >]|$)`)

// isQuoted reports whether a line of plain text is marked as quoted: by ">" in any of its forms, by a bar, by initials. QUIRK: Divmod Quotient writes ":>".
func isQuoted(line string) bool {
	s := strings.TrimLeftFunc(line, unicode.IsSpace)
	if s == "" {
		return false
	}
	switch {
	case s[0] == '>', strings.HasPrefix(s, ":>"), strings.HasPrefix(s, "＞"), strings.HasPrefix(s, "&gt;"), strings.HasPrefix(s, "» "):
		return true
	case s[0] == '|': // a row of a table ends in one, too
		return (len(s) == 1 || s[1] == ' ' || s[1] == '|') && (len(s) < 3 || !strings.HasSuffix(s, "|"))
	}
	return decorated.MatchString(s)
}

// attribution is the line, or the lines, that say whose words follow: "On Monday, Ann wrote:".
type attribution struct {
	lines  int
	marked bool // what follows is marked as quoted
	// certain is false where only the quotation below says that it is one, and the words could be anybody's.
	certain bool
}

const (
	attributionLines = 5   // that a long one is wrapped to, at most
	attributionSize  = 500 // octets of all of them
)

var (
	// attributionVerb is "wrote" in the languages of mail programs. There is none in some: "4 May 2026, 10:11, Ann <ann@x.example>:".
	attributionVerb = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:wrote|writes?|quoting|zitat von|citando|said|says|sent|schrieb(?:en)?|schreibt|geschrieben|écrit|écrivait|envoyé|escribió|escribio|escribe|escreveu|escrevi|escribiu|` +
		`escrit|va escriure|ha scritto|scrive|scrisse|schreef|geschreven|skrev|skreiv|skrifaði|kirjoitti|kirjutas|rakstīja|rašė|parašė|napsala?|napísala?|napisa[lł]\S*|napisao|napisala|pisze|` +
		`írta|írja|a scris|scrie|написала?|написав|напіс\pL*|писала?|писав|пише|пишет|написа|έγραψε|έγραφε|yazdı|şunu yazdı|shkroi|idatzi\S*|skribis|scríobh|menulis|sumulat|isinulat|aliandika|` +
		`ameandika|kaandika|geskryf|viết|đã viết|כתבה?|מאת|كتبت?|كتب|نوشت\S*|लिखा|ने लिखा|লিখেছেন|எழுதினார்|เขียน\S*)(?:[^\pL]|$)|写道|寫道|写了|书きました|書きました|からのメール|のメッセージ|작성|님이|쓰셨습니다`)
	attributionDate = regexp.MustCompile(`\p{Nd}{4}|\p{Nd}{1,4}[./-]\p{Nd}{1,2}[./-]\p{Nd}{1,4}|\p{Nd}{1,2}[:.h]\p{Nd}{2}`)
	attributionYear = regexp.MustCompile(`\p{Nd}{4}|\p{Nd}{1,2}[./-]\p{Nd}{1,2}[./-]\p{Nd}{2}`)
	attributionTime = regexp.MustCompile(`\p{Nd}{1,2}[:.h]\p{Nd}{2}`)
	attributionMail = regexp.MustCompile(`[^\s<>"(]+@[^\s<>")]+\.[^\s<>")]+`)
	// attributionName begins with a name and an address, or with the address.
	attributionName = regexp.MustCompile(`^["'“„]?[^<>@:,;.!?]{0,60}["'”“]?,? ?[<(\[]? ?(?:mailto:)?[^\s<>"(]+@[^\s<>")]+\.`)
	// attributionWord begins with a word that stands before a date in one, in the languages that have such, or with the date.
	attributionWord = regexp.MustCompile(`(?i)^[\W_]{0,6}(?:(?:on|am|le|el|il|em|en|op|den|på|dnia|w dniu|dne|dňa|pe|în|la|u|på|kl|ngày|vào|pada|tarihinde|στις|в|у|ב|בתאריך|في|در|date|quoting|zitat von|citando|` +
		`quoted from|in article|at|à|vào lúc|mnamo|tarehe|siku ya)[ :,].{0,40}(?:\p{Nd}|@)|(?:\pL{1,10}[.,]{0,2} ){0,2}\p{Nd}{1,4}(?:[./-] ?\p{Nd}|\.? \pL|年|년))`)
	// datedName is what some programs write without a colon: a date, a name and perhaps an address, and nothing else.
	datedName = regexp.MustCompile(`^\p{Nd}{4}[/-]\p{Nd}{1,2}[/-]\p{Nd}{1,2}(?:,? \p{Nd}{1,2}:\p{Nd}{2}(?::\p{Nd}{2})?)?(?: (?:GMT|UTC)[+-]\p{Nd}{2}:?\p{Nd}{2} \pL[^.!?]{1,60}| [^.!?<>@]{1,60} ?<[^<>\s]+@[^<>\s]+>)$`)
	// fieldDate is the Date of the mail behind one word, as it stands there, on a line of its own. QUIRK: Claws Mail, which has name and address on
	// one or two lines below.
	fieldDate = regexp.MustCompile(`^\pL{1,10} (?:\pL{3}, )?\p{Nd}{1,2} \pL{3} \p{Nd}{4} \p{Nd}{2}:\p{Nd}{2}(?::\p{Nd}{2})? (?:[+-]\p{Nd}{4}|\pL{1,5})(?: \(\pL{1,5}\))?,?$`)
	// shortened ends with an abbreviation or the number of a day, which is no end of a sentence.
	shortened = regexp.MustCompile(`(?:(?:^|[^\pL])\pL{1,4}|\p{Nd})\.$`)
	// tailOfAddress is what a program leaves of an address that it wrapped as if it were quoted.
	tailOfAddress = regexp.MustCompile(`^>+ ?[\pL ]{0,30}[:：]$`)
)

// attributionAt recognises an attribution that begins with the first of lines. own says that something of the writer's own stands above.
func attributionAt(lines []replyLine, own bool) (attribution, bool) {
	first := lines[0].text
	if '0' <= first[0] && first[0] <= '9' && datedName.MatchString(first) {
		return attribution{1, nextIsQuoted(lines[1:]), true}, true
	}
	if !endsSoon(lines) {
		return attribution{}, false // as nearly always, and sooner said
	}
	begins := beginsAttribution(first)
	joined, gap, parts := "", false, 0
	for i, l := range lines {
		if l.text == "" && !l.quoted {
			if gap || !begins || !attributionYear.MatchString(joined) {
				break // only one that has begun with a date may go on below an empty line
			}
			gap = i > 0
			continue
		}
		inAddress := strings.Count(joined, "<") > strings.Count(joined, ">")
		if l.quoted && !(inAddress && tailOfAddress.MatchString(l.text)) {
			break
		}
		if parts > 0 && !inAddress && (!begins || beginsAttribution(l.text) && !goesOn(first)) {
			break
		}
		joined = strings.TrimSpace(joined + " " + strings.TrimSpace(l.text))
		if parts++; parts > attributionLines || len(joined) > attributionSize {
			break
		}
		if endsAttribution(joined) {
			return judgeAttribution(joined, parts, attribution{lines: i + 1, marked: nextIsQuoted(lines[i+1:])}, begins, own)
		}
		if endsSentence(l.text) {
			break
		}
	}
	return attribution{}, false
}

// endsSoon reports whether one of the next lines ends like an attribution.
func endsSoon(lines []replyLine) bool {
	for _, l := range lines[:min(len(lines), attributionLines+2)] {
		if endsAttribution(l.text) || strings.HasSuffix(l.text, "--") {
			return true
		}
	}
	return false
}

// judgeAttribution says whether text that ends like an attribution is one.
func judgeAttribution(text string, parts int, a attribution, begins, own bool) (attribution, bool) {
	if !a.marked && !begins {
		return a, false
	}
	mail, date := attributionMail.MatchString(text), attributionDate.MatchString(text)
	verb := func() bool { return attributionVerb.MatchString(text) } // which takes longest
	proper := attributionWord.MatchString(text) || attributionName.MatchString(text)
	if !a.marked {
		a.certain = proper
		return a, proper && (mail && attributionYear.MatchString(text) && attributionTime.MatchString(text) || (mail || date) && verb())
	}
	if mail || date || verb() {
		a.certain = proper
		return a, parts == 1 || begins
	}
	// In a language nobody here knows, or with a name alone. One or two words before a colon are an answer: "reject:".
	return a, parts == 1 && !own && len(strings.Fields(text)) > 2
}

// beginsAttribution reports whether a line can be the first of an attribution: a date or an address stands near its beginning.
func beginsAttribution(line string) bool {
	if !strings.ContainsFunc(line, func(r rune) bool { return r == '@' || unicode.IsDigit(r) }) {
		return false
	}
	line = strings.TrimLeft(line, " \t-*_«\"'")
	if len(line) > 120 {
		line = line[:120]
	}
	return attributionName.MatchString(line) || attributionWord.MatchString(line) || attributionDate.MatchString(firstRunes(line, 60))
}

// goesOn reports whether the attribution that begins with a line may go on with one that could begin another: not below somebody's own words that
// hold a date.
func goesOn(first string) bool {
	return attributionMail.MatchString(first) || attributionVerb.MatchString(first) || fieldDate.MatchString(first)
}

// firstRunes is the beginning of s: n octets at most, of whole characters.
func firstRunes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// endsAttribution reports whether text ends as attributions do: with a colon, perhaps between ornaments.
func endsAttribution(text string) bool {
	s := strings.TrimRight(text, " *_\"'”»\t")
	if strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：") || strings.HasSuffix(s, "︰") {
		return true
	}
	dashes := strings.TrimRight(s, "-") // "---- On … wrote ----"
	return len(s)-len(dashes) >= 2 && strings.HasPrefix(s, "--")
}

// endsSentence reports whether a line ends a sentence, so that no attribution runs over its end.
func endsSentence(line string) bool {
	last := line[len(line)-1]
	return last == '!' || last == '?' || last == '.' && !shortened.MatchString(line)
}
