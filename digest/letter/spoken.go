package letter

import (
	"cmp"
	"strings"

	"convene/digest/plan"
	"convene/digest/words"
)

// spoken are the words that are the facilitator's own. Nothing translates them: an edition in another language says whose words they are, and in which language.
func (c *composing) spoken(d *plannedData) {
	e := &c.p.Edits
	if d.Say = cmp.Or(e.SayIn[c.language], e.Say); d.Say == "" {
		d.Say, d.Prose = e.Prose, e.Prose != ""
		if d.Content != "" {
			d.Foreign, d.ForeignIn = c.foreign(d.Content, c.language)
		}
		return
	}
	if e.SayIn[c.language] == "" {
		d.Foreign, d.ForeignIn = c.foreign(d.Say, c.language)
	}
}

// foreign reports whether what somebody wrote is in another language than an edition, and what that calls itself; empty: nobody can tell. What cannot be told is
// taken for the list's.
func (c *composing) foreign(text, edition string) (is bool, name string) {
	tag, sure := words.Language(text)
	if !sure {
		return base(edition) != base(c.p.Discussion.Language), ""
	}
	return base(tag) != base(edition), languageName(tag)
}

// base is a language without its region.
func base(tag string) string {
	tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
	return tag
}

// untranslated is the doubt about editions in which the facilitator's words stand in another language; none: there are none. It is said in a language.
func (c *composing) untranslated(language string) []doubtData {
	e, what, text := &c.p.Edits, "say", c.p.Edits.Say
	if c.p.Row.Kind == plan.EventContent || c.p.Row.Kind == plan.EventSummary {
		what, text = "edit", c.p.Content
	}
	if text == "" {
		return nil
	}
	var tags, names []string
	for _, tag := range c.p.Discussion.Languages {
		if is, _ := c.foreign(text, tag); is && e.SayIn[tag] == "" && e.whole(tag) == "" {
			tags, names = append(tags, tag), append(names, languageName(tag))
		}
	}
	if len(tags) == 0 {
		return nil
	}
	return []doubtData{{What: what, Name: tags[0], Language: joinIn(language, false, names)}}
}
