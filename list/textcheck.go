package list

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
)

// textBlocks has every block that there must be in English, by its name, with the values that it may name.
func textBlocks() map[string][]string {
	all := map[string][]string{}
	for name, values := range noticeValues {
		all[name+partSubject], all[name+partBody] = values, values
	}
	for name, values := range phraseValues {
		all[name+partPhrase] = values
	}
	return all
}

// check looks through all texts that are not the ones before, and tries every text, once with all values and once with none; it reports what is missing or
// goes wrong. It meters them.
func (t *Texts) check(before map[string]map[string]*parse.Tree) error {
	var faults []error
	blocks := textBlocks()
	for _, language := range slices.Sorted(maps.Keys(t.byLanguage)) {
		set := t.byLanguage[language]
		faults = append(faults, checkNames(language, set, blocks)...)
		unruly := keepRules(language, set, before[language])
		if unruly != nil {
			faults = append(faults, unruly)
		}
		set.meter()
		for _, block := range slices.Sorted(maps.Keys(blocks)) {
			one := set.Lookup(block)
			switch {
			case one != nil && unruly == nil && len(faults) < maxFaults:
				faults = append(faults, checkBlock(language, set, one, sampleText(blocks[block]))...)
			case one != nil:
			case language == baseLanguage:
				faults = append(faults, &TextFault{File: language + ".tmpl", Message: "there is no block " + block})
			}
		}
	}
	return errors.Join(faults...)
}

// checkNames reports blocks that look like those of a notice and belong to none, as one with a slip in its name does.
func checkNames(language string, set *textSet, blocks map[string][]string) (faults []error) {
	for _, one := range set.Templates() {
		name := one.Name()
		_, known := blocks[name]
		if known || !strings.HasSuffix(name, partSubject) && !strings.HasSuffix(name, partBody) && !strings.HasSuffix(name, partPhrase) {
			continue
		}
		faults = append(faults, blockFault(language, one, fmt.Sprintf("nothing is said by a block %q", name)))
	}
	return faults
}

// blockFault is a fault at the beginning of a block.
func blockFault(language string, one *template.Template, message string) error {
	if one.Tree == nil || one.Tree.Root == nil || len(one.Tree.Root.Nodes) == 0 {
		return &TextFault{File: language + ".tmpl", Message: message}
	}
	where, _ := one.Tree.ErrorContext(one.Tree.Root.Nodes[0])
	return textFault(one.Tree.ParseName, fmt.Errorf("template: %s: %s", where, message))
}

// checkBlock runs a block on sample values.
func checkBlock(language string, set *textSet, one *template.Template, full *textData) []error {
	bare := &textData{List: full.List, Values: map[string]string{}}
	for v := range full.Values {
		bare.Values[v] = ""
	}
	for _, sample := range []*textData{full, bare} {
		text, err := set.run(language, one.Name(), sample, trialWork)
		if err == nil && strings.TrimSpace(text) == "" {
			err = blockFault(language, one, one.Name()+": it says nothing")
		}
		if err != nil {
			return []error{err}
		}
	}
	return nil
}

// sampleText is what a text is tried on.
func sampleText(values []string) *textData {
	l := &List{Address: "peers@lists.example.org", Name: "Peer Learning", Description: "Practitioners learning from one another"}
	d := &textData{
		List: newTextList(l, nil), Name: "Amina", Address: "amina@example.org", Reply: "peers+confirm-token@lists.example.org",
		Link: "https://lists.example.org/c/token", Enclosed: true, Values: map[string]string{},
	}
	for _, v := range values {
		d.Values[v] = "2026-03-02T09:00:00Z"
	}
	for _, what := range []string{"bouncing", "back", "disabled", "complaint", "unreachable"} {
		d.Changes = append(d.Changes, textChange{"amina@example.org", what, "550 5.1.1 no such user", "2026-03-02T09:00:00Z"})
	}
	for _, known := range []string{"", "1"} {
		d.Posts = append(d.Posts, textPost{"1", known, known, "2026-03-02T09:00:00Z", "0", known, known,
			[]textGroup{{"There is no such mailbox:", known, []string{"amina@example.org"}, known}, {"There is no such mailbox:", known, nil, "2"}}})
	}
	return d
}
