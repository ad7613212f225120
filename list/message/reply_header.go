package message

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// knownSeparator is what stands between few dashes, or none, above a message that is quoted or forwarded whole.
var (
	knownSeparator = regexp.MustCompile(`(?i)origin|ursprüngl|oprindelig|opprinnelig|alkuperäinen|oorspronkelijk|eredeti|исходное|оригинал|forward|weitergeleitet|réexpédi|transféré|transmis|inoltrat|reenviad|` +
		`encaminhad|doorgestuurd|vidareb|videresend|videresendt|välitetty|edelleenlähet|przekazan|przesłan|továbbított|preposlan|přeposlan|proslijeđen|prosleđen|redirecționat|iletilen|yönlendirilen|edastatud|` +
		`пересл|пересил|перенаправ|препрат|προωθημένο|הועבר|מועברת|محول|معاد توجيه|转发|轉寄|轉發|転送|전달|原始|元の|원본|original`)
	plainSeparator = regexp.MustCompile(`(?i)^\W*(?:begin forwarded message|forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado|` +
		`inizio messaggio inoltrato|início da mensagem (?:reencaminhada|encaminhada)|begin doorgestuurd bericht|vidarebefordrat (?:brev|mejl)|start på videresendt besked|` +
		`videresendt melding|välitetty viesti|początek przekazywanej wiadomości|započni proslijeđenu poruku|továbbított levél kezdete|începutul mesajului redirecționat|` +
		`iletilen mesajın başlangıcı|начало переадресованного сообщения|以下是转发的邮件|以下為轉寄郵件|転送されたメッセージ|전달된 메시지)\W*$`)
)

// sharedSeparator has the header of the message on the same line, as Yahoo writes it.
var sharedSeparator = regexp.MustCompile(`^-{4,} [\pL .]{3,40} -{4,} .{2,40}@`)

// separatorAt counts the lines of a separator like "-----Original Message-----" that lines begin with, in whatever language; zero: there is none.
func separatorAt(lines []replyLine) int {
	text := strings.Trim(lines[0].text, " \t*_")
	if plainSeparator.MatchString(text) {
		return 1
	}
	if sharedSeparator.MatchString(text) {
		return 1
	}
	before := len(text) - len(strings.TrimLeft(text, "-"))
	after := len(text) - len(strings.TrimRight(text, "-"))
	if before < 2 || after < 2 || before == len(text) {
		return 0
	}
	says := strings.TrimSpace(text[before : len(text)-after])
	if says == "" || utf8.RuneCountInString(says) > 120 || strings.HasPrefix(says, "BEGIN PGP") || strings.HasPrefix(says, "END PGP") {
		return 0
	}
	if before >= 4 && after >= 4 || knownSeparator.MatchString(says) || attributionVerb.MatchString(says) && attributionDate.MatchString(says) {
		return 1
	}
	return 0
}

// headerRole is what a line of a quoted header says.
type headerRole uint8

const (
	roleNone headerRole = iota
	roleFrom
	roleDate
	roleTo
	roleCopy
	roleSubject
)

const (
	headerLines = 14 // that are looked at for a quoted header
	headerFolds = 3  // lines in a row without a name: long lists of people are folded
)

// headerBlockAt counts the lines of a quoted header that lines begin with: "From: … Sent: … To: … Subject: …" in any language that it knows, in any
// order. Three different lines make one; so do two of which one names the author by address, or which stand with a date. Zero: there is none.
func headerBlockAt(lines []replyLine) int {
	if role, _ := headerLine(lines[0].text); role == roleNone {
		return 0
	}
	var seen [roleSubject + 1]bool
	n, end, folds, kinds, address, gap := 0, 0, 0, 0, false, false
	for i, l := range lines {
		if l.quoted || n == headerLines {
			break
		}
		if l.text == "" {
			if gap {
				break
			}
			gap = true
			continue
		}
		n++
		role, value := headerLine(l.text)
		if role == roleNone {
			if folds++; folds > headerFolds || gap {
				break
			}
			continue
		}
		folds, gap, end = 0, false, i+1
		if !seen[role] {
			seen[role] = true
			kinds++
		}
		address = address || role == roleFrom && strings.Contains(value, "@")
	}
	if kinds == 1 && end == 1 {
		kinds = rolesIn(lines[0].text)
	}
	if kinds >= 3 || kinds == 2 && seen[roleFrom] && (address || seen[roleDate]) {
		return end
	}
	return 0
}

// headerLine reads a line "Name: value" of a quoted header.
func headerLine(line string) (role headerRole, value string) {
	line = strings.TrimLeft(line, " \t>*_•|")
	colon, width := strings.IndexByte(line, ':'), 1
	if i := strings.Index(line, "："); i >= 0 && (colon < 0 || i < colon) {
		colon, width = i, len("：")
	}
	if colon < 1 || colon > 60 {
		return roleNone, ""
	}
	name := strings.ToLower(strings.Trim(line[:colon], " \t*_\u00a0"))
	return headerNames[name], strings.Trim(line[colon+width:], " \t*_")
}

// rolesIn counts what a line says that has a whole header in it, as some programs make of HTML.
func rolesIn(line string) int {
	var seen [roleSubject + 1]bool
	n := 0
	for word := range strings.FieldsSeq(line) {
		if name, ok := strings.CutSuffix(strings.Trim(word, "*_"), ":"); ok {
			if role := headerNames[strings.ToLower(name)]; role != roleNone && !seen[role] {
				seen[role] = true
				n++
			}
		}
	}
	return n
}
