package digest

import (
	"slices"
	"strings"

	"convene/digest/letter"
	"convene/digest/plan"
)

// meant is the item that an order is about: a bare number is what the verb is mostly said of.
func (d *draftReply) meant(v verb, l draftLabel) draftLabel {
	if l.kind == 0 && v == verbAdd {
		l.kind = 'n'
	}
	return l
}

// has reports whether the draft shows an item of that number.
func (d *draftReply) has(l draftLabel) bool {
	f := d.s.Facts
	if l.n < 1 || f == nil {
		return false
	}
	switch themes := len(f.Themes); {
	case l.kind == 'n':
		return d.row.Kind == plan.Questions && l.n <= len(d.s.Open)
	case l.kind == 't' && d.row.Kind == plan.EventSummary:
		helpers, err := d.e.helpers(d.tx, d.a, d.row, d.s)
		return err == nil && l.n <= len(helpers)
	case !d.row.Kind.Summary():
		return false
	case l.kind == 't':
		return l.n <= len(f.Thanks) && d.row.Kind != plan.Midweek
	case l.kind == 'q':
		quotes := len(f.Languages)
		for _, t := range f.Themes {
			quotes += len(t.Quotes)
		}
		if d.row.Kind == plan.Midweek {
			quotes = len(f.Languages) + len(f.Threads)
		}
		return l.n <= quotes
	case d.row.Kind == plan.Midweek:
		return l.n <= len(f.Threads)
	default:
		return l.n <= themes
	}
}

// change drops, adds or keeps one item of a mail.
func change(e *letter.Edits, v verb, l draftLabel) {
	switch {
	case v == verbAdd && l.kind == 'n':
		e.Add = with(e.Add, l.n)
	case v == verbDrop && l.kind == 'n':
		e.Add = without(e.Add, l.n)
	case v == verbDrop && l.kind == 't':
		e.DropThanks = with(e.DropThanks, l.n)
	case v == verbDrop && l.kind == 'q':
		e.DropQuotes, e.Other = with(e.DropQuotes, l.n), without(e.Other, l.n)
	case v == verbDrop:
		e.Drop = with(e.Drop, l.n)
	case l.kind == 't':
		e.DropThanks = without(e.DropThanks, l.n)
	case l.kind == 'q' && slices.Contains(e.DropQuotes, l.n):
		e.DropQuotes = without(e.DropQuotes, l.n)
	case l.kind == 'q':
		e.Other = with(e.Other, l.n)
	case v == verbKeep:
		e.Drop = without(e.Drop, l.n)
	}
}

// with and without are numbers with one more, and with one less: always another slice, since what they were read from may still be compared.
func with(all []int, n int) []int {
	if slices.Contains(all, n) {
		return all
	}
	return append(slices.Clone(all), n)
}

func without(all []int, n int) []int {
	return slices.DeleteFunc(slices.Clone(all), func(o int) bool { return o == n })
}

// set is a map with one entry more.
func set[K comparable](all map[K]string, key K, text string) map[K]string {
	next := map[K]string{key: text}
	for k, v := range all {
		if k != key {
			next[k] = v
		}
	}
	return next
}

// edit takes another text for the whole mail: what stands below the word; failing that, what was changed within the quotation of the draft. For a language
// alone, without a text, that edition is shown.
func (d *draftReply) edit(o draftOrder) bool {
	tag := o.language
	if tag == "" {
		tag = d.a.Language
	}
	if !slices.Contains(d.a.editions(), tag) {
		d.remarks = append(d.remarks, letter.Remark{What: letter.RemarkLanguage, Text: tag})
		return false
	}
	d.language = tag
	text := o.text
	if text == "" {
		text = d.quoted(tag)
		d.understood = text != ""
	} else if _, whole := d.h.Message.OwnWhole(); !whole {
		d.remarks = append(d.remarks, letter.Remark{What: letter.RemarkTorn})
	}
	if text == "" {
		if o.language == "" {
			d.remarks = append(d.remarks, letter.Remark{What: letter.RemarkUnchanged})
		}
		return o.language != ""
	}
	if needsText(d.row.Kind) && (tag == d.a.Language || d.s.Content == "") {
		d.s.Content = text
	} else {
		d.s.Edits.Whole = set(d.s.Edits.Whole, tag, text)
	}
	d.edited = true
	return true
}

// say takes an opening, for every edition or for that of one language. Of a mail that goes only with their own words it is these, while it has none.
func (d *draftReply) say(o draftOrder) bool {
	e := &d.s.Edits
	switch tag := o.language; {
	case tag != "" && !slices.Contains(d.a.editions(), tag):
		d.remarks = append(d.remarks, letter.Remark{What: letter.RemarkLanguage, Text: tag})
		return false
	case o.text == "":
		return false
	case (tag == "" || tag == d.a.Language) && needsText(d.row.Kind) && isUnwrittenYet(d.s):
		d.s.Content = o.text
	case tag == "" || tag == d.a.Language:
		e.Say = o.text
	default:
		e.SayIn, d.language = set(e.SayIn, tag, o.text), tag
	}
	return true
}

// quoted is the mail as it stands in the quotation of a draft, where somebody has changed it there; empty: it is as it was, or is not there.
func (d *draftReply) quoted(tag string) string {
	found := shownMail(quotationOf(d.h.Message.Text(quotedMost)))
	if found == "" {
		return ""
	}
	plain, last := d.s.Edits, ""
	for _, edits := range []letter.Edits{plain, {Prose: plain.Prose}} {
		s := *d.s
		s.Edits = edits
		g := letter.Drafting{Planned: d.e.shown(d.a, d.row, &s, d.now)}
		if d.e.behindEvent(d.tx, d.a, g.Planned, &s) != nil {
			continue
		}
		mail, err := d.e.programme.Load().Book.Draft(&g, d.a.languagesOf(tag))
		if err != nil {
			continue
		}
		shown := shownMail(mail.Text)
		if sameWords(shown, found) {
			return ""
		}
		last = lastParagraph(shown)
	}
	if end := lastParagraph(found); sameWords(end, last) { // where replies go, which every mail says
		found = strings.TrimSuffix(found, end)
	}
	return unmarked(found)
}
