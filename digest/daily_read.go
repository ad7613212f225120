package digest

import (
	"cmp"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/microcosm-cc/bluemonday"

	"convene/list"
	"convene/list/message"
)

// shelf is what an issue is made of: the posts of a range, each read once, whoever gets them in whatever form.
type shelf struct {
	list   *list.List
	policy *bluemonday.Policy
	posts  []*issuePost      // by number
	titles map[uint32]string // of topics
	whole  map[uint32][]byte // by number, of those that somebody gets whole
	light  map[uint32][]byte // the same without attachments
}

// tellable reports whether digests tell of a post: not of what the schedule sent at once to who reads digests, nor of what never went out or was removed.
func tellable(p *list.Post) bool { return p.Planned == "" && p.Outgoing != 0 && p.Removed.IsZero() }

// readShelf reads the posts from one number up to another. It reads messages, and so may be called in no transaction.
func (e *Editor) readShelf(l *list.List, rec list.Record, from, until uint32) (*shelf, error) {
	s := &shelf{list: l, policy: safePolicy(), titles: map[uint32]string{}, whole: map[uint32][]byte{}, light: map[uint32][]byte{}}
	var posts []list.Post
	outs := map[uint32]list.Outgoing{}
	err := e.Engine.Store.View(func(r list.Reader) error {
		return r.Posts(rec.ID, from, func(p list.Post) error {
			if p.Number > until {
				return list.ErrStop
			}
			if !tellable(&p) {
				return nil
			}
			posts = append(posts, p)
			o, err := r.Outgoing(p.Outgoing)
			if err != nil && !errors.Is(err, list.ErrNotFound) {
				return err
			}
			outs[p.Number] = o // of one that is forgotten by now, the settings are the zero ones
			if _, ok := s.titles[p.Topic]; !ok {
				topic, err := r.Topic(rec.ID, p.Topic)
				if err != nil && !errors.Is(err, list.ErrNotFound) {
					return err
				}
				s.titles[p.Topic] = cmp.Or(topic.Subject, p.Subject)
			}
			return nil
		})
	})
	for i := 0; i < len(posts) && err == nil; i++ {
		var one *issuePost
		if one, err = e.readPost(s, &posts[i], outs[posts[i].Number]); errors.Is(err, list.ErrNotFound) {
			err = nil
		} else if err == nil {
			s.posts = append(s.posts, one)
		}
	}
	return s, err
}

// textRead is how much text of one post is read for digests, in octets: more than is shown, for what is trimmed.
const textRead = 64 << 10

func (e *Editor) readPost(s *shelf, p *list.Post, out list.Outgoing) (*issuePost, error) {
	raw, err := e.Engine.Store.Raw(p.Ref)
	if err != nil {
		return nil, err
	}
	m := message.Parse(raw)
	out.Ref = p.Ref
	one := &issuePost{number: p.Number, topic: p.Topic, subject: s.subject(m.Subject()), author: cmp.Or(p.FromName, p.From), from: mailboxes(m, "From"), to: mailboxes(m, "To"),
		cc: mailboxes(m, "Cc"), keywords: strings.Join(strings.Fields(message.Decode(m.Get("Keywords"))), " "), id: "<" + p.MessageID + ">", date: p.Date,
		text: m.Text(textRead), link: e.Engine.LinkTo(s.list, p), answer: s.list.AnswerLink(p, s.titles[p.Topic]), out: out}
	for _, part := range m.Parts() {
		if part.Leaf && part.Media == "text/html" && !part.Attachment && !part.Enclosed {
			one.markup = safeHTML(s.policy, part.Markup(markupShown+1))
			break
		}
	}
	for _, a := range m.Attachments() {
		f := issueFile{name: a.Name, size: a.Size, link: out.Style.Files}
		if f.link != "" {
			f.link += strconv.Itoa(a.Index)
		} else if one.link == "" {
			f.link = getLink(s.list, p)
		} else {
			f.link = one.link
		}
		one.files = append(one.files, f)
	}
	return one, nil
}

// getLink begins the mail that is answered with a post and its files: where a list has no pages. Where it has no archive either, nothing is.
func getLink(l *list.List, p *list.Post) string {
	if l.Archive == "" || l.Archive == list.ArchiveNone || p.NoArchive {
		return ""
	}
	return "mailto:" + l.Local() + "-request@" + l.Domain() + "?subject=" + url.PathEscape("get "+strconv.FormatUint(uint64(p.Number), 10))
}

// subject is a subject without the list's prefix, on one line.
func (s *shelf) subject(subject string) string {
	if prefix := s.list.SubjectPrefix; prefix != "" {
		subject = strings.ReplaceAll(subject, prefix, " ")
	}
	return strings.Join(strings.Fields(subject), " ")
}

// mailboxes are the addresses of a field as people read them.
func mailboxes(m *message.Message, field string) string {
	var all []string
	for _, one := range m.Mailboxes(field) {
		all = append(all, strings.TrimSpace(one.Name+" <"+one.Addr+">"))
	}
	return strings.Join(all, ", ")
}
