package letter

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// try writes every text of the site's own with each sample, filled and as it is. What cannot be read or written is as it was built in.
func (b *Book) try() (faults []error) {
	told := map[string]bool{}
	for _, tag := range b.Languages() {
		for _, name := range slices.Sorted(maps.Keys(b.texts[tag])) {
			if t := b.texts[tag][name]; t.own {
				if err := t.try(b.built); err != nil {
					delete(b.texts[tag], name)
					if place := placeOfFault(err); !told[place] { // of a shared block once, not for each text that calls it
						faults, told[place] = append(faults, err), true
					}
				}
			}
		}
	}
	for tag, texts := range b.built.texts {
		for name, t := range texts {
			if b.texts[tag][name] == nil {
				b.texts[tag][name] = t
			}
		}
	}
	return faults
}

// placeOfFault is the file and line of a fault.
func placeOfFault(err error) string {
	var f *Fault
	if errors.As(err, &f) {
		return fmt.Sprint(f.File, ":", f.Line)
	}
	return err.Error()
}

// sampleWords and sampleMarkdown are what samples are filled with: as long as what stands there mostly is.
const (
	sampleWords    = "When Mama Esther answers, the others know it is allowed."
	sampleMarkdown = "**Some** words.\n\n- one\n- two\n"
)

// try writes a text with each of its samples. It may become as long as a mail may be, or twice what is built in becomes.
func (t *text) try(built *Book) error {
	for _, sample := range samples[t.name] {
		if _, err := t.written(sample); err != nil {
			return err
		}
		m, err := t.written(filled(sample, sampleWords, sampleMarkdown))
		most := MaxMail
		if ours, err := built.find(t.name, []string{t.language}).written(filled(sample, sampleWords, sampleMarkdown)); err == nil {
			most = max(most, 2*ours.size())
		}
		switch {
		case err != nil:
			return err
		case m.Subject == "":
			return &Fault{File: t.file, Line: 1, Message: "the subject says nothing"}
		case strings.TrimSpace(m.Text) == "":
			return &Fault{File: t.file, Line: 2, Message: "the text says nothing"}
		case m.size() > most:
			return &Fault{File: t.file, Message: fmt.Sprintf("on sample data it makes a mail of %d octets; there may be %d", m.size(), most)}
		}
	}
	return nil
}

// written is the text on a sample, or a *Fault.
func (t *text) written(sample any) (Mail, error) {
	subject, doc, err := t.composeIn(trialWork, nil, sample)
	if err != nil {
		var f *Fault
		if errors.As(err, &f) {
			return Mail{}, f
		}
		return Mail{}, err
	}
	return doc.mail(subject, t.language), nil
}
