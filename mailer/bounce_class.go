package mailer

import (
	"strings"

	"convene/list"
)

// ClassifyBounce says what a refusal or a report means for the member it is about: status is an enhanced code (RFC 3463) or empty, code an SMTP reply
// code or zero, text what came with it, which may hold both. Call it for what has failed: a temporary code then means that time ran out.
//
// An enhanced code that says something decides, but a provider that is known to mean something else by it is taken at its word, and a code that
// blames the address loses against words that blame the sender: many answer 5.1.1 to all they do not want. Without such a code the words decide,
// then the reply code; what nobody knows is list.ClassSoft. Nothing is list.ClassHard for the words of a policy.
func ClassifyBounce(status string, code int, text string) list.BounceClass {
	class, _ := classify(status, code, text)
	return class
}

// classify reports, too, whether it knew what it read or took the default.
func classify(status string, code int, text string) (class list.BounceClass, known bool) {
	text = text[:min(len(text), 4096)]
	quoted, number := replyIn(text)
	if says(quoted) > says(status) {
		status = quoted
	}
	if code == 0 {
		code = number
	}
	if strings.HasPrefix(status, "2.") || status == "" && code >= 200 && code < 300 {
		return list.ClassNone, true
	}
	words := plainWords(text)
	temporary := strings.HasPrefix(status, "4.") || status == "" && code >= 400 && code < 500
	for i := range providerTexts {
		if p := &providerTexts[i]; p.fits(status, words) && !(temporary && p.class == list.ClassHard) {
			return p.class, true
		}
	}
	said := wordClass(words)
	class, known = statusClass(status)
	switch {
	case known && class == list.ClassHard && said != nil && said.wins:
		class = said.class
	case known:
	case said != nil:
		class, known = said.class, true
	default:
		class, known = codeClass(code)
	}
	if temporary && class == list.ClassHard {
		class = list.ClassSoft
	}
	return class, known
}

// statusClass is what an enhanced code alone says. Those that only say where something failed (5.1.0, 5.5.0) say nothing here.
func statusClass(status string) (list.BounceClass, bool) {
	if len(status) < 5 {
		return list.ClassSoft, false
	}
	if class, ok := detailClasses[status[2:]]; ok {
		return class, true
	}
	if strings.HasSuffix(status, ".0") && status[2] != '7' && status[2] != '6' {
		return list.ClassSoft, false
	}
	subject, _, _ := strings.Cut(status[2:], ".")
	if class, ok := subjectClasses[subject]; ok {
		return class, true
	}
	return list.ClassSoft, false
}

// detailClasses are the codes of RFC 3463, RFC 5248 and its registry, RFC 7504 and RFC 7505 that say something, without their first number, and some
// that a provider made up.
var detailClasses = map[string]list.BounceClass{
	"1.1": list.ClassHard, "1.2": list.ClassHard, "1.3": list.ClassHard, "1.6": list.ClassHard, "1.10": list.ClassHard,
	"1.351": list.ClassHard, "1.20": list.ClassHard, // Exchange Online
	"1.4": list.ClassSoft, "1.5": list.ClassSoft, "1.9": list.ClassSoft,
	"1.7": list.ClassOurs, "1.8": list.ClassOurs, // our return path is not liked
	"2.1": list.ClassHard, "2.2": list.ClassSoft, "2.3": list.ClassContent, "2.4": list.ClassSoft,
	"3.4": list.ClassContent, "3.1": list.ClassSoft, "3.2": list.ClassSoft, "3.3": list.ClassSoft, "3.5": list.ClassSoft, "3.6": list.ClassSoft,
	"4.6": list.ClassOurs, "4.14": list.ClassOurs, // Exchange: hop count
	"4.310": list.ClassHard, // Exchange Online: no such domain
}

// subjectClasses hold for all other codes of a subject (RFC 3463 §3).
var subjectClasses = map[string]list.BounceClass{
	"1": list.ClassSoft, "2": list.ClassSoft, "3": list.ClassSoft, "4": list.ClassSoft, "5": list.ClassOurs, "6": list.ClassOurs, "7": list.ClassPolicy,
}

// codeClass is what a reply code alone says (RFC 5321 §4.2, RFC 7504).
func codeClass(code int) (list.BounceClass, bool) {
	switch code {
	case 521, 556: // the host takes no mail
		return list.ClassHard, true
	case 523:
		return list.ClassContent, true
	case 525:
		return list.ClassHard, true
	case 552, 452, 422:
		return list.ClassSoft, true
	case 500, 501, 502, 503, 504:
		return list.ClassOurs, true
	case 530, 534, 535, 538, 571:
		return list.ClassPolicy, true
	}
	return list.ClassSoft, code >= 400 && code < 500
}

// providerText is what one provider writes, and means.
type providerText struct {
	status string // the enhanced code starts with it; empty: any, or none
	words  string // stand in the text, as plainWords makes them; empty: any
	class  list.BounceClass
}

func (p *providerText) fits(status, words string) bool {
	return strings.HasPrefix(status, p.status) && (p.words == "" || hasWords(words, p.words))
}

// wordClass is what the words alone say; nil: nothing.
func wordClass(words string) *wordRow {
	for i := range wordRows {
		for _, w := range wordRows[i].words {
			if hasWords(words, w) {
				return &wordRows[i]
			}
		}
	}
	return nil
}

// hasWords reports whether want stands in words: from the start of a word, and to the end of one if it ends in a space.
func hasWords(words, want string) bool {
	spaced := want[0] < 0x80 // other scripts are not written with spaces
	for pos := 0; ; {
		i := strings.Index(words[pos:], want)
		if i < 0 {
			return false
		}
		if pos += i; !spaced || pos == 0 || words[pos-1] == ' ' {
			return true
		}
		pos++
	}
}

// plainWords is text in lower case, words apart by one space and with one at the end, without addresses, URLs and host names: what stands in those
// is nobody's opinion.
func plainWords(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 1)
	for token := range strings.FieldsSeq(text) {
		if isName(token) {
			continue
		}
		start := -1
		token = strings.ReplaceAll(strings.ToLower(token), "’", "'")
		for i := 0; i <= len(token); i++ {
			if i < len(token) && isWordByte(token[i]) {
				if start < 0 {
					start = i
				}
				continue
			}
			if start >= 0 {
				b.WriteString(token[start:i])
				b.WriteByte(' ')
				start = -1
			}
		}
	}
	return b.String()
}

func isWordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '\'' || c >= 0x80
}

// isName reports whether token is an address, a URL or a host name, and not the end of one sentence and the start of the next.
func isName(token string) bool {
	if strings.Contains(token, "://") || strings.Contains(token, "@") || strings.HasPrefix(token, "www.") {
		return true
	}
	token = strings.Trim(token, "()[]{}<>\"'.,;:!?")
	dot := strings.LastIndexByte(token, '.')
	if dot < 1 || dot == len(token)-1 || strings.Contains(token, "..") {
		return false
	}
	before, after := token[dot-1], token[dot+1]
	return !('a' <= before && before <= 'z' && 'A' <= after && after <= 'Z')
}
