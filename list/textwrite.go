package list

import (
	"fmt"
	"slices"
	"strings"
	"text/template"
)

// write says a notice in the first of these languages that has it, and in English if none has.
func (t *Texts) write(name string, languages []string, data *textData) (subject, body, language string, err error) {
	set, language := t.find(languages, name+partSubject, name+partBody)
	if set == nil {
		return "", "", "", fmt.Errorf("list: there is no text %q", name)
	}
	filled := *data
	filled.Values = map[string]string{}
	for _, v := range noticeValues[name] {
		filled.Values[v] = ""
	}
	for k, v := range data.Values {
		filled.Values[k] = plainText(v)
	}
	if subject, err = runText(set, name+partSubject, &filled); err != nil {
		return "", "", "", err
	}
	if body, err = runText(set, name+partBody, &filled); err != nil {
		return "", "", "", err
	}
	return strings.Join(strings.Fields(subject), " "), foldText(body), language, nil
}

// What the names of a notice's two blocks end in.
const (
	partSubject = ".subject"
	partBody    = ".body"
)

// find is the first of these languages, or English, that has all of these blocks. Of pt-BR, pt will do.
func (t *Texts) find(languages []string, blocks ...string) (*template.Template, string) {
	for _, tag := range append(slices.Clone(languages), baseLanguage) {
		for tag = strings.ToLower(tag); tag != ""; tag = tag[:max(0, strings.LastIndexByte(tag, '-'))] {
			set := t.byLanguage[tag]
			if set != nil && !slices.ContainsFunc(blocks, func(b string) bool { return set.Lookup(b) == nil }) {
				return set, tag
			}
		}
	}
	return nil, ""
}

// languageOf is the language that a notice is written in.
func (t *Texts) languageOf(name string, languages []string) string {
	_, language := t.find(languages, name+partSubject, name+partBody)
	return language
}

// maxText is the longest text that a template may make, in octets.
const maxText = 1 << 20

// textBuffer takes what a template writes, up to maxText.
type textBuffer struct{ strings.Builder }

func (b *textBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxText {
		return 0, fmt.Errorf("the text becomes longer than %d octets", maxText)
	}
	return b.Builder.Write(p)
}

func runText(set *template.Template, block string, data *textData) (string, error) {
	var b textBuffer
	if err := set.ExecuteTemplate(&b, block, data); err != nil {
		return "", fmt.Errorf("list: text %s: %w", block, err)
	}
	return b.String(), nil
}
