package list

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// write says a notice in the first of these languages that has it, and in English if none has. A text of the site's own that fails gives way to the one
// that is built in.
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
	if subject, err = set.run(language, name+partSubject, &filled, maxWork); err == nil {
		body, err = set.run(language, name+partBody, &filled, maxWork)
	}
	if err != nil && t.built != nil {
		fault := err
		subject, body, language, err = t.built.write(name, languages, data)
		t.fault(fault, err)
		return subject, body, language, err
	}
	if err != nil {
		return "", "", "", fmt.Errorf("list: text %s: %w", name, err)
	}
	return strings.Join(strings.Fields(subject), " "), foldText(body), language, nil
}

// What the names of a notice's two blocks end in.
const (
	partSubject = ".subject"
	partBody    = ".body"
)

// find is the first of these languages, or English, that has all of these blocks. Of pt-BR, pt will do.
func (t *Texts) find(languages []string, blocks ...string) (*textSet, string) {
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

// textFaults are the faults of a site's own texts that turned up when they were to be said, each once.
type textFaults struct {
	mu  sync.Mutex
	all []*TextFault
}

// fault keeps the fault of a text, unless what is built in failed as well: then the values were at fault, or there is nothing to say.
func (t *Texts) fault(err, built error) {
	fault, ok := errors.AsType[*TextFault](err)
	if !ok || built != nil {
		return
	}
	t.failed.mu.Lock()
	defer t.failed.mu.Unlock()
	if len(t.failed.all) < maxFaults && !slices.ContainsFunc(t.failed.all, func(f *TextFault) bool { return *f == *fault }) {
		t.failed.all = append(t.failed.all, fault)
	}
}

// takeFaults are those that turned up since it was asked last.
func (t *Texts) takeFaults() []*TextFault {
	t.failed.mu.Lock()
	defer t.failed.mu.Unlock()
	all := t.failed.all
	t.failed.all = nil
	return all
}
