package mailer

import (
	"strings"

	"convene/list"
)

// bounceFormat is how one mail system writes a report for people. What is empty is not asked for; all else must hold.
type bounceFormat struct {
	name                  string
	from, subject, mailer string           // stands in that field, in lower case
	begin                 []string         // one of these stands in the text, in lower case: the report starts in its line
	end                   []string         // and names recipients above the next line that holds one of these, if there is one
	daemon                bool             // From is a program's
	says                  []string         // one of these stands anywhere in the text
	header                string           // is a field that must be there
	ways                  []way            // how a line names a recipient; the first that finds any counts; none: nobody is named but in X-Failed-Recipients
	sole                  bool             // nobody else writes so: if it names nobody, no other format can find out
	above                 bool             // the reason stands above the address
	class                 list.BounceClass // is what all such reports mean; none: what their words say
}

// prose reads a report that is written for people alone: by the first format that it has and that finds a recipient, else by the first that it has.
func (r *returned) prose() (list.BounceReport, bool) {
	if !r.automatic() || !r.daemon() && r.text.away() {
		return list.BounceReport{}, false
	}
	nameless, begun := (*bounceFormat)(nil), 0
	for i := range bounceFormats {
		f := &bounceFormats[i]
		start, ok := r.begins(f)
		if !ok {
			continue
		}
		found := r.recipients(f, start)
		if len(found) == 0 && (f.sole || len(f.ways) == 0) {
			found = []named{{line: -1}}
		}
		if len(found) > 0 {
			return r.told(f, start, found), true
		}
		if nameless == nil {
			nameless, begun = f, start
		}
	}
	if report, ok := r.enclosedStatus(); ok || nameless == nil {
		return report, ok
	}
	if _, known := classify("", 0, r.text.text(begun, len(r.text.lines))); !known && nameless.name == unknownFormat {
		return list.BounceReport{}, false // nobody, and no reason: that is no evidence
	}
	return r.told(nameless, begun, []named{{line: -1}}), true
}

// begins is the line in which a report of format f starts; ok is false if it is none.
func (r *returned) begins(f *bounceFormat) (line int, ok bool) {
	n := &r.text
	if f.daemon && !r.daemon() || f.header != "" && r.m.Count(f.header) == 0 || len(f.says) > 0 && n.find(f.says, 0) < 0 {
		return 0, false
	}
	if !strings.Contains(n.from, f.from) || !strings.Contains(n.subject, f.subject) || !strings.Contains(n.mailer, f.mailer) {
		return 0, false
	}
	if len(f.begin) > 0 {
		line = n.find(f.begin, 0)
	}
	return line, line >= 0 && line < len(n.lines) && !isQuoted(n.lines[line])
}

// isQuoted reports whether somebody quotes this line. What an SMTP client said is written down as ">>> RCPT TO".
func isQuoted(line string) bool {
	return strings.HasPrefix(line, ">") && !strings.HasPrefix(line, ">>>")
}

// named is an address, and the line that names it; -1 where none does.
type named struct {
	address string
	line    int
}

// recipients are those that the report names, each once. X-Failed-Recipients names all of them where it stands (Exim, Gmail).
func (r *returned) recipients(f *bounceFormat, start int) []named {
	n := &r.text
	var found []named
	seen := make(map[string]bool)
	add := func(address string, line int) {
		if key := strings.ToLower(address); address != "" && !seen[key] && len(found) < maxEvents {
			seen[key] = true
			found = append(found, named{address, line})
		}
	}
	for _, box := range r.m.Mailboxes("X-Failed-Recipients") {
		if address := addressOf(box.Addr); len(found) < mentionsRead {
			add(address, n.find([]string{strings.ToLower(address)}, start))
		} else {
			add(address, -1)
		}
	}
	if len(found) > 0 {
		return found
	}
	end := len(n.lines)
	if i := n.find(f.end, start+1); i >= 0 {
		end = i
	}
	for _, find := range f.ways {
		for i := start; i < end; i++ {
			if n.lines[i] != "" {
				add(find(n.lines[i]), i)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	return found
}

// text is the lines from start to end, at most 4096 octets.
func (n *notice) text(start, end int) string {
	text := strings.Join(n.lines[min(start, end):end], "\n")
	return text[:min(len(text), 4096)]
}

// told makes the report. What happened to a recipient stands in its lines, up to those of the next one; else where the address comes again, as in a
// transcript; else, if it is the only one, anywhere.
func (r *returned) told(f *bounceFormat, start int, found []named) list.BounceReport {
	n := &r.text
	report := list.BounceReport{Kind: list.BounceFailure, Format: f.name}
	if n.isDelay() {
		report.Kind = list.BounceDelay
	}
	whole := n.text(start, len(n.lines))
	above := start
	for i, to := range found {
		own := whole
		if to.line >= 0 {
			from, end := to.line, len(n.lines)
			if i+1 < len(found) && found[i+1].line > to.line {
				end = found[i+1].line
			}
			if f.above {
				from, end, above = above, to.line+1, to.line+1
			}
			own = n.text(from, end)
		}
		event := list.BounceEvent{Address: to.address, Text: oneDiagnostic("", own)}
		if first := generatedFrom(own); first != "" {
			event.Address = first
		}
		switch {
		case report.Kind != list.BounceFailure:
		case f.class != list.ClassNone:
			event.Class = f.class
		default:
			texts := []string{own, n.about(to.address)}
			if len(found) == 1 {
				texts = append(texts, whole)
			}
			classifyTexts(&event, texts)
		}
		report.Events = append(report.Events, event)
	}
	return report
}

// generatedFrom is the address that was written to, where that is not the one that failed: Exim and sendmail name it behind an alias or a forward.
func generatedFrom(text string) string {
	for line := range strings.Lines(text) {
		if addr := fromAlias(line); addr != "" {
			return addr
		}
	}
	return ""
}

var fromAlias = behind("generated from ", "(expanded from: ")

// classifyTexts classifies by the first text that says something.
func classifyTexts(event *list.BounceEvent, texts []string) {
	for _, text := range texts {
		status, code := replyIn(text)
		if says(status) > says(event.Status) {
			event.Status = status
		}
		if event.Code == 0 {
			event.Code = code
		}
		class, known := classify(status, code, text)
		if event.Class = class; known {
			return
		}
	}
}

// isDelay reports whether the text says that delivery is still being tried (B09): whatever else it says, nothing has failed yet.
func (n *notice) isDelay() bool {
	for _, s := range delaySubjects {
		if strings.Contains(n.subject, s) {
			return true
		}
	}
	for _, phrase := range delayPhrases {
		if strings.Contains(n.folded, phrase) {
			return true
		}
	}
	return false
}
