package message

import (
	"regexp"
	"slices"
	"strings"
)

// Written is all that a person wrote, for what is read for its sense: also what stands between the pieces of a quotation, and below a signature that a
// quotation follows. It leaves out what Own does (quotations, what introduces them, signatures, footers of lists, what devices and gateways add), and
// disclaimers; where a line might be theirs it keeps it. LF line ends, one empty line where something was left out.
//
// passedOn says that there is nothing of which it is certain that it is theirs: a message that was forwarded without a word, or words below a line that
// says they are somebody else's. They are returned, since something was sent; nobody should quote them as the sender's.
func (m *Message) Written() (text string, passedOn bool) {
	lines, _, found := m.replyText()
	if !found {
		return "", false
	}
	return writtenText(lines)
}

func writtenText(lines []replyLine) (text string, passedOn bool) {
	r := reply{lines: slices.Clone(lines), above: -1, every: true}
	r.walk(0)
	if !r.own && len(r.doubtful) > 0 {
		r.out, r.own = r.doubtful, true
	}
	if r.own {
		return tidyLines(withoutDisclaimer(r.out)), false
	}
	if below := belowIntroduction(lines); below > 0 {
		text, _ = writtenText(lines[below:])
		return text, true
	}
	return "", false
}

// belowIntroduction is where a quotation without marks begins that a reply consists of: behind the first lines that introduce something. Zero: there is
// none.
func belowIntroduction(lines []replyLine) int {
	for i, l := range lines {
		if l.quoted || l.text == "" || len(l.text) > lineLimit {
			continue
		}
		rest := lines[i:]
		if a, ok := attributionAt(rest, false); ok && !a.marked {
			return i + a.lines
		}
		if n := separatorAt(rest); n > 0 {
			for n < len(rest) && rest[n].text == "" {
				n++
			}
			if n < len(rest) && !rest[n].quoted && len(rest[n].text) <= lineLimit {
				n += headerBlockAt(rest[n:])
			}
			return i + n
		}
		if n := headerBlockAt(rest); n > 0 {
			return i + n
		}
	}
	return 0
}

// sharedLine is a line that ends with an attribution. QUIRK: Yahoo Mail, which puts it behind the last word.
var sharedLine = regexp.MustCompile(`^(.*\PZ) ?-{3} (\pL+ .{6,}:)$`)

// shared divides the line i where it is one of somebody's own and an attribution.
func (r *reply) shared(i int) bool {
	if !strings.Contains(r.lines[i].text, "---") {
		return false
	}
	m := sharedLine.FindStringSubmatch(r.lines[i].text)
	if m == nil || !nextIsQuoted(r.lines[i+1:]) || !attributionWord.MatchString(m[2]) {
		return false
	}
	r.lines = slices.Concat(r.lines[:i], []replyLine{{text: m[1]}, {text: m[2]}}, r.lines[i+1:])
	return true
}

// footerLines is how many lines a list server appends, at most.
const footerLines = 12

// isFooter reports whether lines below a row of underscores are what a list server appends, or the header of a message that is quoted whole: people rule
// off parts of what they write themselves, too.
func isFooter(lines []replyLine) bool {
	n := 0
	for i, l := range lines {
		switch {
		case l.text == "":
			continue
		case n == 0 && !l.quoted && len(l.text) <= lineLimit && headerBlockAt(lines[i:]) > 0:
			return true
		}
		n++
	}
	return n <= footerLines
}

// namesMail reports whether lines that introduce words without marks name a mail: by an address or the time of day. "On 5 March 2024 the minister said:"
// is how anybody begins to tell something.
func namesMail(lines []replyLine) bool {
	return slices.ContainsFunc(lines, func(l replyLine) bool {
		return attributionMail.MatchString(l.text) || attributionTime.MatchString(l.text)
	})
}

// tornLink reports whether a line between quoted ones is the end of a link that a program broke off.
func tornLink(line, after replyLine) bool {
	return !line.quoted && after.quoted && tornLinkEnd.MatchString(line.text)
}

var tornLinkEnd = regexp.MustCompile(`^ ?(?:\(?https?://\S+|[_/&=?%]\S*)[)>\]]?(?: >)?$`)

// disclaimer is how what companies put below their people's mail begins, or what it says soon: in one paragraph, of which one sentence has two of these.
var disclaimer = regexp.MustCompile(`(?i)confidential|confidencial|confidentiel|vertraulich|vertrouwelijk|riservat|privileged|intended (?:only|solely|recipient|for the)|solely for the use|disclaimer|unauthori[sz]ed|` +
	`(?:destin[aá]t[aá]?ri?[oe]|destinataires?|destinatari[oa]s?|empfänger|geadresseerde)|received (?:this|it) (?:e-?mail |message |communication )?in error|par erreur|por error|por engano|per errore|irrtümlich|versehentlich|abusivamente|` +
	`privilegiad|uso exclusivo|usage exclusif|notify the sender|avvertire il mittente|delete (?:this|it|the)|supprimer|views expressed|opinions expressed|virus`)

// withoutDisclaimer leaves out the paragraphs at the end that only a company writes.
func withoutDisclaimer(lines []string) []string {
	end := len(lines)
	for end > 0 {
		for end > 0 && lines[end-1] == "" {
			end--
		}
		begin := end
		for begin > 0 && lines[begin-1] != "" {
			begin--
		}
		paragraph := strings.Join(lines[begin:end], " ")
		if begin == 0 || len(paragraph) < 80 || len(disclaimer.FindAllString(paragraph, 3)) < 3 {
			return lines[:end]
		}
		end = begin
	}
	return lines
}
