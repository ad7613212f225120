package facts

import (
	"sync"

	"convene/digest/words"
)

// Reader gathers facts, and keeps what it found out about the sentences of a text for when its post is in the next input too. The facts are the same as without
// it. The zero Reader is ready, and many may use one at the same time.
type Reader struct {
	mu   sync.Mutex
	all  map[textKey][]said
	size int // of the texts in all, in octets
}

// textKey is all that a text's sentences follow from.
type textKey struct{ tag, text string }

// keptTexts is how much text is kept, in octets; its sentences take about five times that.
const keptTexts = 8 << 20

// said is what is known of a sentence by itself, whoever wrote it.
type said struct {
	words.Sentence
	words     []string
	plain     string // small letters and no signs: what is the same in two of them
	long      bool   // so long that it counts though it is not whole
	asks      bool
	alone     float64       // how well it stands by itself; of one that is whole
	addresses bool          // it talks to one person
	known     []words.Given // what it names as known, of one that may be quoted
}

// mostSentences is how many sentences of one post are looked at.
const mostSentences = 400

// longRest is how many words what is not a whole sentence has at least to count for what a post is about.
const longRest = 5

// sentences are those of a text in a language, which nobody changes.
func (k *Reader) sentences(text string, lex *words.Lexicon, tag string) []said {
	key := textKey{tag, text}
	k.mu.Lock()
	all, ok := k.all[key]
	k.mu.Unlock()
	if ok {
		return all
	}
	all = sentencesOf(text, lex)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil || k.size+len(text) > keptTexts {
		k.all, k.size = map[textKey][]said{}, 0
	}
	k.all[key] = all
	k.size += len(text)
	return all
}

func sentencesOf(text string, lex *words.Lexicon) (all []said) {
	for i, one := range words.Sentences(text, lex) {
		if i == mostSentences {
			break
		}
		s := said{Sentence: one, words: words.Words(one.Text)}
		s.plain, s.long = plainWords(s.words), words.Count(one.Text) >= longRest
		if s.Whole {
			s.asks, s.alone, s.addresses = lex.Asks(s.Text), lex.StandsAlone(s.Text), lex.Addresses(s.Text)
			if s.asks {
				s.alone = max(s.alone, lex.QuestionAlone(s.Text))
			}
			if s.alone >= leastAlone {
				s.known = lex.Given(s.Text)
			}
		}
		all = append(all, s)
	}
	return all
}
