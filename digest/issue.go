package digest

import (
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
)

// issue is one digest of posts as it is written, for readers of one language, one form and the same interests. Writing it reads nothing: the same issue
// is the same octets.
type issue struct {
	mail           letter.Mail // its subject, and the head and foot of its text
	words          issueWords
	title          string // of the list
	volume, number int    // both zero: the last digest that somebody gets
	at             time.Time
	topics         []issueTopic
}

// issueTopic is one topic with the posts of it that are told.
type issueTopic struct {
	subject string
	posts   []*issuePost
}

// issuePost is a post as digests show it.
type issuePost struct {
	number, topic uint32
	subject       string // without the list's prefix
	author        string // the name, or else the address
	from          string // the From field's value, decoded
	to, cc        string
	keywords      string
	id            string // with brackets
	date          time.Time
	text          string // LF line ends; quotations and signature as they came
	markup        string // HTML that is safe to show; empty: the text is all there is
	files         []issueFile
	answer        string // begins an answer; empty: there is no such link
	link          string // its page; empty: none
	out           list.Outgoing
}

// issueFile is a file that came with a post.
type issueFile struct {
	name string
	size int64
	link string // where it is to be had; empty: nowhere
}

// posts are those of all topics in the order in which they are told.
func (i *issue) posts() (all []*issuePost) {
	for _, t := range i.topics {
		all = append(all, t.posts...)
	}
	return all
}

// head and foot are the text that stands before and behind the first rule of the mail's text.
func (i *issue) head() string {
	head, _, _ := strings.Cut(i.mail.Text, textRule)
	return strings.TrimSpace(head)
}

func (i *issue) foot() string {
	_, foot, _ := strings.Cut(i.mail.Text, textRule)
	return strings.TrimSpace(foot)
}

// textRule is what a rule of a letter's text looks like.
const textRule = "\n------------------------\n"

// letter is it as it goes out: plain text, with HTML beside it, or with every post enclosed whole.
func (i *issue) letter(form form, whole [][]byte) *list.Letter {
	l := &list.Letter{Subject: i.mail.Subject, Language: i.mail.Language, Kind: list.KindDigest, Word: list.WordPost}
	switch form {
	case formWhole:
		l.Text, l.Enclosed = i.contentsText(), whole
	case formHTML:
		l.Text, l.HTML = i.text(), i.html()
	default:
		l.Text = i.text()
	}
	return l
}

// form is how a digest is written.
type form int

// The forms, as members ask for them: set format text, html, mime.
const (
	formText form = iota
	formHTML
	formWhole
)

// formOf is the form that a member asked for.
func formOf(m *list.Member) form {
	switch {
	case m.Whole:
		return formWhole
	case m.HTML:
		return formHTML
	}
	return formText
}
