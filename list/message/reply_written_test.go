package message

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestWrittenCorpora compares Written with what others take for the text of a reply. Less may be exact than of what Own keeps, but nothing that
// somebody wrote may be lost.
func TestWrittenCorpora(t *testing.T) {
	seen, exact := map[string]int{}, map[string]int{}
	all, agreed, lost := 0, 0, 0
	for _, c := range replyCases(t) {
		seen[c.set]++
		written, passedOn := Parse(c.raw).Written()
		if written == "" && unquoted(c.want) != "" {
			t.Errorf("%s %s: nothing is left of %q", c.set, c.name, c.want)
		}
		ok := c.agrees(written) || passedOn && c.agrees("")
		if ok {
			exact[c.set]++
		} else {
			t.Logf("%s %s:\n got %q\nwant %q", c.set, c.name, written, c.want)
		}
		if missing := missingWords(unquoted(c.want), written); !c.holds && !c.begins && len(missing) > 0 {
			lost++
			t.Logf("%s %s: lost %q", c.set, c.name, missing)
		}
		if c.set != "crisp-oss+email-forward-parser" {
			all++
			if ok {
				agreed++
			}
		}
	}
	for _, set := range slices.Sorted(maps.Keys(seen)) {
		t.Logf("%s: %d of %d are exact", set, exact[set], seen[set])
	}
	t.Logf("of replies %d of %d are exact; words of %d are lost", agreed, all, lost)
	if agreed*100 < all*95 || lost > 2 {
		t.Errorf("of replies %d of %d are exact, words of %d are lost", agreed, all, lost)
	}
}

// missingWords are the words of want that do not stand in got, in that order.
func missingWords(want, got string) (missing []string) {
	rest := strings.Fields(got)
	for word := range strings.FieldsSeq(want) {
		if i := slices.Index(rest, word); i >= 0 {
			rest = rest[i+1:]
			continue
		}
		missing = append(missing, word)
	}
	return missing
}

func TestWritten(t *testing.T) {
	for name, c := range map[string]struct {
		text, want string
		passedOn   bool
	}{
		"answers between quotations are all there": {"> One?\n\nYes, one.\n\n> Two?\nNo, not two.\n> Three?\n", "Yes, one.\n\nNo, not two.", false},
		"answers below a signature are there": {"My answers are below.\n\n-- \nAnn\n\nOn 4 May 2026 at 10:11, Bob <b@x.example> wrote:\n> One?\n\nYes, one.\n",
			"My answers are below.\n\nYes, one.", false},
		"a signature and a list's footer are not": {"Yes.\n\n-- \nAnn\nVillage Radio\n_______________________________________________\nlist mailing list\nlist@x.example\n", "Yes.", false},
		"a row of underscores between what somebody wrote divides it": {"First part.\n__________\n" + strings.Repeat("A line of the second part.\n", footerLines+1),
			"First part.\n__________\n" + strings.TrimSpace(strings.Repeat("A line of the second part.\n", footerLines+1)), false},
		"who tells what somebody said wrote that":                            {"On 5 March 2024 the minister said:\n\nWater comes first.\n", "On 5 March 2024 the minister said:\n\nWater comes first.", false},
		"what stands below an attribution without marks is not the writer's": {"I agree.\n\nOn 4 May 2026 at 10:11, Bob <b@x.example> wrote:\n\nWater comes first.\n", "I agree.", false},
		"what is forwarded without a word is passed on": {"---------- Forwarded message ----------\nFrom: Bob <b@x.example>\nDate: 4 May 2026\nSubject: Water\nTo: ann@x.example\n\nWater comes first.\n",
			"Water comes first.", true},
		"words below an attribution in the first line are passed on": {"On 4 May 2026 at 10:11, Bob <b@x.example> wrote:\n\nWater comes first.\n", "Water comes first.", true},
		"text in front of an attribution on one line is theirs":      {"reply--- On Wed, Apr 4, 2012 at 3:59 PM, me@x.example wrote:\n> Hi", "reply", false},
		"the end of a link that broke off a quotation is not":        {"Yes.\n\n> See this page here:\n(http://x.example/c/YzOTYzMmE) >\n> and tell me.\n", "Yes.", false},
		"a company's disclaimer is not":                              {"Yes.\n\nThis message is confidential and intended only for the addressee. If you have received this message in error, delete it and notify the sender.\n", "Yes.", false},
		"nor in French":                                              {"Oui.\n\nCe message est confidentiel et destiné à ses seuls destinataires. Si vous l'avez reçu par erreur, merci de le supprimer.\n", "Oui.", false},
		"a sentence on what is confidential is": {"Yes.\n\nWe keep the names of those who speak confidential, since the radio is heard by everybody in town.\n",
			"Yes.\n\nWe keep the names of those who speak confidential, since the radio is heard by everybody in town.", false},
		"a colon before the mark of a quotation belongs to it": {"On Sat, 21 Jan 2006 00:18:38 +0100, Ann <a@x.example> wrote:\n:>One?\n:>\n\nYes, one.\n", "Yes, one.", false},
		"only a quotation is nothing":                          {"> One?\n", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			got, passedOn := Parse(plainReply(c.text)).Written()
			if got != c.want || passedOn != c.passedOn {
				t.Errorf("got %q, passed on: %t; want %q, %t", got, passedOn, c.want, c.passedOn)
			}
		})
	}
}
