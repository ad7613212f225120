package letter

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"text/template"
)

//go:embed texts
var builtTexts embed.FS

// baseLanguage is the language in which every text exists.
const baseLanguage = "en"

// Book is a set of texts by language and name. It does not change; many may write from it at once.
type Book struct {
	texts map[string]map[string]*text // by language in lower case, then by name
	built *Book                       // what a site's texts stand in the place of; nil: this is what is built in
	// Faulty is told when a text of the site's own failed and gave way to what is built in; nil: nobody is.
	Faulty func(error)
}

// text is one text: its first line, and the rest.
type text struct {
	name, language string
	file           string // where it was read
	subject, body  *template.Template
	own            bool // a site's, or it calls parts that are
}

// Built are the texts that convene comes with. They were tried by a test, so that one that cannot be read panics.
func Built() *Book {
	ours, err := fs.Sub(builtTexts, "texts")
	if err != nil {
		panic(err)
	}
	b, faults := readBook(layer{fsys: ours})
	if len(faults) > 0 {
		panic(faults[0])
	}
	return b
}

// Languages are the tags of the languages that there are texts in, in lower case and in order.
func (b *Book) Languages() []string { return slices.Sorted(maps.Keys(b.texts)) }

// Names are the names of the texts, in order: those that there are in English.
func (b *Book) Names() []string { return slices.Sorted(maps.Keys(b.texts[baseLanguage])) }

// find is a text in the first of these languages that has it, and in English if none has. Of pt-BR, pt will do. Nil: there is no such text.
func (b *Book) find(name string, languages []string) *text {
	for _, tag := range append(slices.Clone(languages), baseLanguage) {
		for tag = strings.ToLower(tag); tag != ""; tag = tag[:max(0, strings.LastIndexByte(tag, '-'))] {
			if t := b.texts[tag][name]; t != nil {
				return t
			}
		}
	}
	return nil
}

// Language is the tag of the language that Write would write a text in: the first of these that it exists in, else English.
func (b *Book) Language(name string, languages []string) string {
	if t := b.find(name, languages); t != nil {
		return t.language
	}
	return baseLanguage
}

// Write writes the text of this name in the first of these languages that has it (the reader's first, then the list's), and in English if none has. A site's
// text that fails gives way to the one that is built in. An error says that there is no such text, or that the data does not fit what is built in.
func (b *Book) Write(name string, languages []string, data any) (Mail, error) {
	subject, doc, language, err := b.compose(name, languages, data)
	if err != nil {
		return Mail{}, err
	}
	return doc.mail(subject, language), nil
}

// compose is Write, of a document that may go into another.
func (b *Book) compose(name string, languages []string, data any) (subject string, doc document, language string, err error) {
	t := b.find(name, languages)
	if t == nil {
		return "", nil, "", fmt.Errorf("letter: there is no text %q", name)
	}
	subject, doc, err = t.compose(languages, data)
	if err != nil && t.own && b.built != nil {
		if b.Faulty != nil {
			b.Faulty(err)
		}
		return b.built.compose(name, languages, data)
	}
	return subject, doc, t.language, err
}

// compose is the subject and the document of a text.
func (t *text) compose(languages []string, data any) (subject string, doc document, err error) {
	return t.composeIn(maxWork, languages, data)
}

// composeIn is compose within so many steps.
func (t *text) composeIn(steps int, languages []string, data any) (subject string, doc document, err error) {
	w := &writing{language: t.language, languages: append([]string{t.language}, languages...), left: steps}
	subject, err = w.run(t.subject, plainFuncs(w), data)
	if err != nil {
		return "", nil, t.fault(err)
	}
	body, err := w.run(t.body, markdownFuncs(w), data)
	if err != nil {
		return "", nil, t.fault(err)
	}
	body = w.takeTables(body)
	return subjectLine(subject), parseDocument(body, w.foreign), nil
}

// mail is a document as both parts of a mail.
func (d document) mail(subject, language string) Mail {
	return Mail{Subject: subject, Language: language, Text: d.text(), HTML: d.page(language, subject)}
}

// fault is an error with its place in it.
func (t *text) fault(err error) error { return fmt.Errorf("letter: %w", faultOf(t.file, err)) }
