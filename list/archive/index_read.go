package archive

import (
	"encoding/binary"
	"regexp"
	"slices"
	"strings"

	"convene/digest/words"
	"convene/list"
	"convene/list/message"
)

const (
	// indexedText is how much of a text is read, in octets (that is also what Written reads at most), and indexedWords how many words of a post are indexed.
	indexedText  = 64 << 10
	indexedWords = 16 << 10
	// maxCount is how often one word counts in one post: what is there more often is a log, or wants to be found.
	maxCount = 255
	// subjectWords is how many words of a subject count; those of the text are behind them.
	subjectWords = 60
	// gap is between what does not follow one another: a phrase does not go over it.
	gap = 4
	// toldBy is how much of a text its language is told by, in octets.
	toldBy = 600
	// indexedFiles is how many attachments are found by their names.
	indexedFiles = 50
)

// readPost is what the index keeps of a post: for each term the places in which it stands.
type readPost struct {
	language   string
	words      int
	attachment bool
	terms      []readTerm // in order
}

// readTerm is a term with its places, as they are encoded in postings.
type readTerm struct {
	term    string
	count   uint32
	subject bool
	places  []byte
}

// reader reads posts, one at a time.
type reader struct {
	stems map[string]*stems
	// of the post that is read:
	order map[string]int
	found []foundTerm
	place uint32
	left  int
}

// foundTerm is a term while its post is read.
type foundTerm struct {
	readTerm
	last uint32
}

// mostLanguages is for how many languages one reader keeps what it found.
const mostLanguages = 8

func newReader() *reader { return &reader{stems: map[string]*stems{}, order: map[string]int{}} }

func (r *reader) of(language string) *stems {
	if s := r.stems[language]; s != nil {
		return s
	}
	if len(r.stems) >= mostLanguages {
		clear(r.stems)
	}
	s := newStems(language)
	r.stems[language] = s
	return s
}

// read reads a post. What is quoted in it is not its author's: it is found where it was written. Of addresses in it their domains are left out of the words, as they
// are on pages for who is no member.
func (r *reader) read(p *list.Post, raw []byte, otherwise string) *readPost {
	clear(r.order)
	r.found, r.place, r.left = r.found[:0], 0, indexedWords
	m := message.Parse(raw)
	text, _ := m.Written()
	if len(text) > indexedText {
		text = text[:indexedText]
	}
	one := &readPost{language: languageOf(m, text, otherwise)}
	s := r.of(one.language)
	r.words(s, p.Subject, subjectWords)
	r.place = subjectWords + gap
	r.words(s, text, indexedWords)
	files := attachments(m)
	for _, name := range files {
		r.place += gap
		r.words(s, name, subjectWords)
	}
	one.attachment, one.words = len(files) > 0, indexedWords-r.left
	r.place, r.left = 0, subjectWords
	eachWord(nameOf(p), func(w word) bool {
		r.add(ofName+folded(nameOf(p)[w.from:w.to]), r.place)
		r.place++
		return true
	})
	r.address(p.From)
	local, _, _ := strings.Cut(p.From, "@")
	r.add(ofAddress+folded(local), 0)
	one.terms = make([]readTerm, 0, len(r.found))
	for _, f := range r.found {
		f.places = slices.Clone(f.places)
		one.terms = append(one.terms, f.readTerm)
	}
	return one
}

// words adds the words of a text, at most so many.
func (r *reader) words(s *stems, text string, most int) {
	plain := text
	if strings.Contains(text, "@") || strings.Contains(text, "%40") {
		plain = r.addresses(text)
	}
	left := min(most, r.left)
	r.left -= left
	eachWord(plain, func(w word) bool {
		if left == 0 {
			return false
		}
		left--
		if w.pair {
			r.add(folded(plain[w.from:w.to]), r.place)
		} else {
			terms := s.terms(plain[w.from:w.to])
			r.add(terms[0], r.place)
			if terms[1] != "" {
				r.add(terms[1], r.place)
			}
			if w.tag {
				r.add(ofTag+tagOf(plain[w.from:]), r.place)
			}
		}
		r.place++
		return true
	})
	r.left += left
}

// addresses adds the addresses of a text, and returns it without their domains.
func (r *reader) addresses(text string) string {
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.Contains(line, "@") {
			continue
		}
		for _, a := range wholeAddress.FindAllString(line, maxCount) {
			r.address(a)
		}
	}
	var b strings.Builder
	for line := range strings.SplitAfterSeq(text, "\n") {
		if strings.Contains(line, "@") || strings.Contains(line, "%40") {
			line = list.WithoutAddresses(line)
		}
		b.WriteString(line)
	}
	return b.String()
}

// wholeAddress finds addresses that stand in a text.
var wholeAddress = regexp.MustCompile(`[\pL\pN!#$%&'*+/=?^_{|}~.-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+`)

// address adds an address and its domain.
func (r *reader) address(a string) {
	a = folded(a)
	if len(a) > 4*longestWord {
		return
	}
	r.add(ofAddress+a, 0)
	if _, domain, ok := strings.Cut(a, "@"); ok {
		r.add(ofAddress+domain, 0)
	}
}

// add adds a term in a place; places of one term ascend.
func (r *reader) add(term string, place uint32) {
	if term == "" || len(term) > 5*longestWord {
		return
	}
	i, ok := r.order[term]
	if !ok {
		i = len(r.found)
		r.order[term] = i
		if i < cap(r.found) {
			r.found = r.found[:i+1]
			r.found[i] = foundTerm{readTerm: readTerm{term: term, places: r.found[i].places[:0]}}
		} else {
			r.found = append(r.found, foundTerm{readTerm: readTerm{term: term}})
		}
	}
	f := &r.found[i]
	if f.count == maxCount || f.count > 0 && place <= f.last {
		return
	}
	f.places = binary.AppendUvarint(f.places, uint64(place-f.last))
	f.last, f.subject = place, f.subject || place < subjectWords && term[0] > ofTag[0]
	f.count++
}

// languageOf is the language of a text, or of its list; empty: one without stems.
func languageOf(m *message.Message, text, otherwise string) string {
	if len(text) > toldBy {
		text = text[:toldBy]
	}
	tag, sure := words.Language(text)
	if !sure {
		tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(m.Get("Content-Language"))), "-")
		if len(tag) != 2 {
			tag, _, _ = strings.Cut(strings.ToLower(otherwise), "-")
		}
	}
	if !stemmed(tag) {
		return ""
	}
	return tag
}

// nameOf is the name of the author as pages show it: never an address, but for its local part where there is no name.
func nameOf(p *list.Post) string {
	name := p.FromName
	if strings.TrimSpace(name) == "" {
		name = p.From
	}
	name, _, _ = strings.Cut(name, "@")
	return name
}

// attachments are the names of the files of a message. Most messages have no part for one.
func attachments(m *message.Message) (names []string) {
	if kind, _ := m.ContentType(); strings.HasPrefix(kind, "text/") {
		return nil
	}
	for _, a := range m.Attachments() {
		if len(names) == indexedFiles {
			break
		}
		names = append(names, a.Name)
	}
	return names
}
