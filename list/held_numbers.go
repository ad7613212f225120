package list

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// allWords ask for every post of a notice that lists several.
var allWords = []string{"all", "tout", "tous", "todo", "todos", "everything", "yote"}

// joinWords stand between two numbers.
var joinWords = []string{"and", "et", "y", "e", "und", "na", "&", "+"}

// numberWord is a number, or a first and a last one, as people write them into a list.
var numberWord = regexp.MustCompile(`^#?(\d{1,4})(?:[-–—]#?(\d{1,4}))?$`)

// readHeldOrder reads an answer. A notice about one post needs no number; of one that lists several the answer has to say which are meant: numbers, or
// all. What follows the numbers, or stands below, is the text, where the verb has one. Whatever may mean that other posts are meant, or something else
// for some of them, leaves posts empty, so that nothing is done: "all but 3", "1 to 3", a number that there is not, a second line with a verb and a
// number.
func readHeldOrder(a Answer, posts []uint64, several bool) heldOrder {
	o := heldOrder{verb: verbOfWord(a), text: a.Own()}
	if o.verb == verbEdit {
		o.text, o.rest = a.Text, a.Rest
	}
	if !several {
		o.posts = posts
		return o
	}
	o.text = a.Text
	if ordersMore(a.Text) {
		return o
	}
	words := orderWords(a.Rest)
	if len(words) > 0 && !(o.verb == verbEdit && len(posts) > 1) && slices.Contains(allWords, strings.ToLower(words[0].bare())) {
		if len(words) == 1 {
			o.posts, o.every, o.rest = posts, true, ""
		}
		return o
	}
	numbers, n := readNumbers(words, len(posts))
	if o.verb != verbReject && n < len(words) || mentionsOther(words[n:]) {
		return o
	}
	if o.rest = ""; o.verb == verbEdit && len(numbers) > 1 { // one text is not for two posts
		return o
	}
	for _, i := range numbers {
		o.posts = append(o.posts, posts[i-1])
	}
	if n < len(words) {
		o.text = Answer{Rest: a.Rest[words[n].at:], Text: a.Text}.Own()
	}
	return o
}

// orderWord is a word of a line, and where it begins there.
type orderWord struct {
	text string
	at   int
}

func (w orderWord) bare() string { return strings.Trim(w.text, ".!:()*_\"") }

// wordPattern is what is between spaces and the marks that divide a list.
var wordPattern = regexp.MustCompile(`[^ \t,;]+`)

// rangePattern is a range whose dash stands by itself.
var rangePattern = regexp.MustCompile(`(\d)\s*[-–—]\s*(#?\d)`)

func orderWords(line string) (words []orderWord) {
	line = rangePattern.ReplaceAllStringFunc(line, func(m string) string { // of the same length, so that places stay right
		first, last := m[:1], strings.TrimLeft(m[1:], " \t-–—")
		return first + "-" + last + strings.Repeat(" ", len(m)-len(first)-1-len(last))
	})
	for _, at := range wordPattern.FindAllStringIndex(line, -1) {
		if w := (orderWord{line[at[0]:at[1]], at[0]}); w.bare() != "" {
			words = append(words, w)
		}
	}
	return words
}

// readNumbers reads the numbers up to most at the beginning, and says how many words they take. One that there is not, or that comes twice, is none.
func readNumbers(words []orderWord, most int) (numbers []int, taken int) {
	for n := 0; n < len(words); n++ {
		if taken > 0 && n == taken && n+1 < len(words) && slices.Contains(joinWords, strings.ToLower(words[n].text)) {
			continue
		}
		m := numberWord.FindStringSubmatch(words[n].bare())
		if m == nil {
			break
		}
		first, _ := strconv.Atoi(m[1])
		last := first
		if m[2] != "" {
			last, _ = strconv.Atoi(m[2])
		}
		if first < 1 || last < first || last > most {
			break
		}
		for i := first; i <= last; i++ {
			if slices.Contains(numbers, i) {
				return numbers, taken
			}
			numbers = append(numbers, i)
		}
		taken = n + 1
	}
	return numbers, taken
}

// mentionsOther reports whether what follows the numbers may be about posts, too: a number among the first two words, or one behind a verb.
func mentionsOther(words []orderWord) bool {
	for i, w := range words {
		if !numberWord.MatchString(w.bare()) {
			continue
		}
		if i < 2 || verbOfWord(Answer{Verb: foldWord(words[i-1].bare())}) != verbUnknown {
			return true
		}
	}
	return false
}

// ordersMore reports whether a line of a text says what is to become of a post: a verb with a number or all behind it, or nothing but numbers.
func ordersMore(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		verb, rest := verbOf(line)
		words := orderWords(rest)
		if numberWord.MatchString(verb) {
			if _, n := readNumbers(words, 9999); n == len(words) {
				return true
			}
			continue
		}
		if verbOfWord(Answer{Verb: verb, Rest: rest}) == verbUnknown || len(words) == 0 {
			continue
		}
		if first := words[0].bare(); numberWord.MatchString(first) || slices.Contains(allWords, strings.ToLower(first)) {
			return true
		}
	}
	return false
}
