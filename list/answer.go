package list

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"convene/list/message"
)

// Answer is what a person says in reply to a mail of ours: the one grammar for moderators, confirmations and whatever else is asked by mail. The
// first word of the first line that is their own decides; quoted text never does, and neither does an automatic mail.
type Answer struct {
	// Verb is the first word, in lower case, without punctuation around it. Empty: they wrote nothing of their own, and that is certain.
	// VerbUnread stands for a text that could not be read.
	Verb string
	Rest string // what follows it on that line
	Text string // the lines after it, up to the signature or the quotation; LF line ends
	// Whole is all of their own text, for an answer that fits no verb.
	Whole string
}

// VerbUnread is the Verb of a reply of which nobody can say what is in it: it is encrypted, a picture, far too long, or such that its words cannot be
// told from quoted ones, or its first sentence says one thing and then another. No table of verbs has it, so that it is answered like any word that
// is not known, and never taken for silent consent.
const VerbUnread = "\uFFFD"

// ReadAnswer reads a reply. It does not ask who wrote it, nor whether a machine did: see Automatic.
func ReadAnswer(m *message.Message) Answer {
	own, read := m.Reply()
	if own == "" {
		if !read {
			return Answer{Verb: VerbUnread}
		}
		return Answer{}
	}
	return AnswerIn(own)
}

// AnswerIn reads a text that is somebody's own, of one line or more, and not empty.
func AnswerIn(own string) Answer {
	a := Answer{Whole: own}
	line, text, _ := strings.Cut(own, "\n")
	for { // a row of dashes above the answer is none
		if a.Verb, a.Rest = verbOf(line); a.Verb != "" || text == "" {
			break
		}
		line, text, _ = strings.Cut(text, "\n")
	}
	if a.Verb == "" { // "?" or a picture of a thumb: not nothing
		if word, _, _ := strings.Cut(strings.TrimSpace(own), "\n"); word != "" {
			a.Verb, a.Rest = emblem(word), ""
		}
	}
	a.Text = strings.Trim(text, "\n")
	if takesBack(a, firstSentence(line, a.Rest, text)) {
		a.Verb = VerbUnread
	}
	return a
}

// Own is Rest and Text together: the reason that follows "reject", the words that follow "say".
func (a Answer) Own() string {
	switch {
	case a.Rest == "":
		return a.Text
	case a.Text == "":
		return a.Rest
	}
	return a.Rest + "\n" + a.Text
}

// verbOf divides a line into its first word, as Answer.Verb has it, and the rest. Words of nothing but punctuation are passed over.
func verbOf(line string) (verb, rest string) {
	for line = strings.TrimSpace(line); line != ""; {
		end := strings.IndexFunc(line, unicode.IsSpace)
		if end < 0 {
			end = len(line)
		}
		word := strings.TrimLeftFunc(line[:end], isOrnament)
		if i := strings.IndexAny(word, ",;:!?…—–"); i > 0 { // "approve,thanks"
			end -= len(word) - i
			word = word[:i]
		}
		word = strings.TrimRightFunc(word, isOrnament)
		if word != "" {
			return foldWord(word), restOf(line[end:])
		}
		line = strings.TrimSpace(line[end:])
	}
	return "", ""
}

// restOf is what stands behind the first word, without the punctuation that divides the two: "approve - thanks", "reject: off topic".
func restOf(s string) string {
	s = strings.TrimSpace(strings.TrimLeftFunc(s, func(r rune) bool { return strings.ContainsRune(`.,;:!?…—–*_"'’”»)`, r) }))
	if word, more, _ := strings.Cut(s, " "); strings.TrimFunc(word, unicode.IsPunct) == "" {
		return strings.TrimSpace(more)
	}
	return s
}

// isOrnament reports whether a character can stand around a word without being of it. "+1" and "#special" are words.
func isOrnament(r rune) bool {
	return (unicode.IsPunct(r) || unicode.IsSymbol(r) || !unicode.IsPrint(r)) && r != '+' && r != '#' && r != '@'
}

// foldWord makes one of the forms in which people and their keyboards write the same word.
func foldWord(word string) string {
	return strings.ReplaceAll(norm.NFC.String(strings.ToLower(norm.NFKC.String(word))), "’", "'")
}

// emblem is the first sign of a line without words, without the marks that only change its colour.
func emblem(line string) string {
	word := strings.Fields(line)[0]
	return strings.Map(func(r rune) rune {
		if r == 0xFE0F || 0x1F3FB <= r && r <= 0x1F3FF {
			return -1
		}
		return r
	}, word)
}

// yesWords and noWords are what people answer to a question, in the languages of those who use lists. A word that means one in one language and the
// other, or something else that a line may begin with, in another is in neither, and so is one that often stands before "not".
var yesWords = wordSet(`yes y yep yeah yup aye ok okay okey k sure gladly agreed +1 👍 ✅ ✔ oui ouais d'accord volontiers sí si vale sim ndiyo ndio sawa
	ja jawohl jep gern gerne graag joo kyllä jah áno igen evet tamam ναι да так ага हाँ हां जी হ্যাঁ ஆம் opo iya vâng dạ ใช่ نعم أجل بله ہاں כן
	是 是的 好 好的 可以 同意 はい 네 예 yebo hongu yego waaw eny haa አዎ`)

var noWords = wordSet(`no n nope never -1 👎 ❌ non nein não nao nee nej nei ei nie ne nem hayır όχι нет ні не hapana aiwa tsia አይ नहीं না இல்லை tidak không ไม่ لا نه نہیں خیر לא
	否 不 不是 不要 いいえ 아니요 아니오`)

func wordSet(words string) map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		set[foldWord(word)] = true
	}
	return set
}

// Yes reports whether a verb says yes, in any of many languages.
func Yes(verb string) bool { return yesWords[verb] }

// No reports whether a verb says no, in any of many languages.
func No(verb string) bool { return noWords[verb] }
