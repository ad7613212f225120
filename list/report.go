package list

import (
	"cmp"
	"strings"
	"time"

	"convene/list/message"
)

// Report is a message that came back about one member's copy of a post, as it came: a bounce, a delay warning, an automatic reply.
type Report struct {
	List   uint32
	Post   uint32
	Member uint32 // the number in the mark; who had it may have left
	Number uint32 // of the reports on this copy, from 1
	Ref    Ref
	From   string // the return path it came with; empty is <>
	// MessageID is without brackets; empty: none that could be read.
	MessageID string
	Arrived   time.Time
	// Kind is what it reports, and Class what that means for the member; empty: it was not read.
	Kind  BounceKind
	Class BounceClass
	// More counts those that came later and were not kept, in the last report on a copy.
	More uint32
}

// ReportRow is a report as explain tells it.
type ReportRow struct {
	Number  uint32    `json:"number"` // of the copy
	Arrived time.Time `json:"arrived"`
	Reports int       `json:"reports"` // how many came on this copy
	Text    string    `json:"text"`    // what the last one says, in a line
	// Means is what the worst of them comes to: "hard", "soft", "content", "policy", "ours" for failures, else "complaint", "delay", "delivered",
	// "auto-reply" or "unknown". Only the first two, and complaints, are held against the address.
	Means string `json:"means"`
}

// reportRows tells of the reports on the copies of a post: one row for each copy that has any.
func (e *Engine) reportRows(list, post uint32) ([]ReportRow, error) {
	rows := []ReportRow{}
	var refs []Ref
	err := e.Store.View(func(r Reader) error {
		return r.Reports(list, post, func(r Report) error {
			if n := len(rows); n == 0 || rows[n-1].Number != r.Member {
				rows, refs = append(rows, ReportRow{Number: r.Member}), append(refs, Ref{})
			}
			row := &rows[len(rows)-1]
			row.Arrived, refs[len(refs)-1] = r.Arrived, r.Ref
			row.Reports += 1 + int(r.More)
			row.Means = worse(row.Means, r.means())
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	for i := range rows {
		raw, err := e.Store.Raw(refs[i])
		if err != nil {
			return nil, err
		}
		rows[i].Text = reportText(raw)
	}
	return rows, nil
}

// means is what the report comes to, in a word.
func (r *Report) means() string {
	switch {
	case r.Class != ClassNone:
		return string(r.Class)
	case r.Kind != "":
		return string(r.Kind)
	}
	return string(BounceUnknown)
}

// worse is what says more against an address.
func worse(a, b string) string {
	for _, m := range []string{string(BounceComplaint), string(ClassHard), string(ClassSoft)} {
		if a == m || b == m {
			return m
		}
	}
	return cmp.Or(b, a)
}

// reportText is a line that tells people what a report is about: its first diagnostic (RFC 3464 §2.3.6), else its subject.
func reportText(raw []byte) string {
	const field, most = "diagnostic-code:", 200
	text := ""
	for rest := string(raw); rest != "" && text == ""; {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		if len(line) > len(field) && strings.EqualFold(line[:len(field)], field) {
			text = line[len(field):]
			for len(text) < most && (strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, "\t")) {
				line, rest, _ = strings.Cut(rest, "\n")
				text += " " + line
			}
		}
	}
	if text == "" {
		text = message.Parse(raw).Subject()
	}
	text = strings.Join(strings.Fields(plainLine(text)), " ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
