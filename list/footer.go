package list

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Footer is what stands below the text of every post of a list; nil: nothing does. The zero Footer is the one that is among the texts of notices, in the
// list's language.
type Footer struct{ own *textSet } // a template of the list's own

// footerData is what a footer may say: all links are URLs, and one that does not exist is empty. It is the same for every member, so that nothing in it
// may name one.
type footerData struct {
	List        string // the list's name
	Address     string // where posts go
	Link        string // the page of this post
	ReplyAll    string // begins a mail to the list; empty where members do not post
	ReplyAuthor string // begins a mail to the author alone
	Mute        string // an empty mail there mutes the topic
	Settings    string // an empty mail there is answered with the settings of who sends it
	Unsubscribe string // an empty mail there takes who sends it off the list, once they have confirmed it

	byItself string // whom a plain reply reaches: footerList or footerAuthor; empty: nobody that a member could post to
}

// Whom a plain reply to a post reaches, as the text of the default footer asks for it.
const (
	footerList   = "list"
	footerAuthor = "author"
)

// footerFile is what a footer is called in its faults.
const footerFile = "footer.tmpl"

// maxFooter is how long a footer may become with what it is tried on, in octets: it goes out with every copy of every post.
const maxFooter = 4 << 10

// ParseFooter reads what a config says of a footer: "default", "none" (nil, as for an empty one), or a text/template, which may use what the texts of notices may and
// is tried with all that it may say, and with as little. The error says where in the template it is wrong.
func ParseFooter(text string) (*Footer, error) {
	switch text {
	case "", "none":
		return nil, nil
	case "default":
		return &Footer{}, nil
	}
	set := newTextSet(baseLanguage)
	if _, err := set.New(footerFile).Parse(text); err != nil {
		return nil, footerFault(text, textFault(footerFile, err))
	}
	if err := keepRules(baseLanguage, set, nil); err != nil {
		return nil, footerFault(text, err)
	}
	set.meter()
	full := footerData{List: "Peer Learning", Address: "peers@lists.example.org", Link: "https://lists.example.org/m/a1%40example.org",
		ReplyAll: "mailto:peers@lists.example.org", ReplyAuthor: "mailto:amina@example.org", Mute: "mailto:peers+mute-1@lists.example.org",
		Settings: "mailto:peers+settings@lists.example.org", Unsubscribe: "mailto:peers+unsubscribe@lists.example.org"}
	for _, data := range []footerData{full, {List: full.List, Address: full.Address, Settings: full.Settings, Unsubscribe: full.Unsubscribe}} {
		said, err := set.run(baseLanguage, footerFile, &data, trialWork)
		if err != nil {
			return nil, footerFault(text, err)
		}
		if len(said) > maxFooter {
			return nil, fmt.Errorf("becomes longer than %d octets", maxFooter)
		}
	}
	return &Footer{own: set}, nil
}

// footerField is what text/template says of a field that a footer has not got.
var footerField = regexp.MustCompile(`can't evaluate field (\w+) in type \*list\.footerData`)

// footerFault says where in a template a fault is, of which all but the first are left for when that is mended.
func footerFault(text string, err error) error {
	fault, ok := errors.AsType[*TextFault](err)
	if !ok || fault.Line == 0 {
		return err
	}
	message := strings.TrimPrefix(fault.Message, `executing "`+footerFile+`" at `)
	if m := footerField.FindStringSubmatch(message); m != nil {
		message = "there is no ." + m[1] + " here, but .List .Address .Link .ReplyAll .ReplyAuthor .Mute .Settings .Unsubscribe"
	}
	if strings.Contains(strings.TrimSpace(text), "\n") {
		return fmt.Errorf("line %d: %s", fault.Line, message)
	}
	return errors.New(message)
}

// write makes the footer of one post, in lines with LF ends; empty: it has none. A template that fails on a post, which it did not on what it was tried
// with, gives way to the default footer.
func (f *Footer) write(texts *Texts, language string, data *footerData) string {
	if f == nil {
		return ""
	}
	var said string
	err := errNoFooter
	if f.own != nil {
		said, err = f.own.run(baseLanguage, footerFile, data, maxWork)
	}
	if err != nil {
		said, err = texts.phrase("footer", []string{language}, map[string]string{"title": data.List, "address": data.Address, "link": data.Link,
			"reply": data.byItself, "replyall": data.ReplyAll, "replyauthor": data.ReplyAuthor, "mute": data.Mute, "settings": data.Settings,
			"unsubscribe": data.Unsubscribe})
	}
	if err != nil || strings.TrimSpace(said) == "" {
		return ""
	}
	return foldText(plainText(said))
}

// errNoFooter stands for a footer of the list's own where there is none.
var errNoFooter = errors.New("no footer of its own")
