package facts

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"convene/digest/words"
)

// numbering is the number of a part at the end of a subject.
var numbering = regexp.MustCompile(`\s+[#(\[]?\p{Nd}+(?:\s?[-–/]\s?\p{Nd}+)?[)\]]?$`)

// titleOf is a subject as the title of a theme; empty: it is too long for one, or says too little.
func titleOf(subject string) string {
	subject = numbering.ReplaceAllString(subject, "")
	title := strings.TrimRight(subject, " ?!.…")
	if strings.HasSuffix(subject, "?") {
		title = strings.TrimSpace(strings.TrimRight(subject, " ?")) + "?"
	}
	all := words.Words(title)
	if len(all) < 2 || len(all) > longTitle || utf8.RuneCountInString(title) > 80 || strings.ContainsAny(title, "{}[]<>=\\|") {
		return ""
	}
	return title
}
