package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"convene/list"
)

// errBusy: it was not its turn in time.
var errBusy = errors.New("too many pages are being made of posts")

// Feeds is what feed readers get the newest posts of a list through, as Archive is for pages.
type Feeds interface {
	PostsFeed(session, address string) (list.PostsFeed, error)
	// OwnPostsFeed is the feed for the feed reader of a member, who is known by a token.
	OwnPostsFeed(address, token string) (list.PostsFeed, error)
	FeedTexts(list.PostsFeed) ([]list.FeedPost, error)
	// MakePostsFeed makes the address of such a feed for whose session it is, and ends the one that they had.
	MakePostsFeed(session, address string) (list.OwnFeed, error)
}

// What stands behind the address of a list in the paths of its posts for feed readers.
const (
	atomWord   = "feed.atom"
	atomEnding = ".atom"
)

// atoms are the feeds as they were written last, by the address of their list.
type atoms struct {
	mu  sync.Mutex
	all map[string]writtenAtom
}

type writtenAtom struct {
	tag  string
	body []byte // without the link to itself
}

// atomOf is the path of the feed of a list that everybody may read; of another a feed reader is told by a page of its own.
func atomOf(s list.Shelf) string {
	if !s.Public {
		return ""
	}
	return list.PostsPath(s.Address)
}

// atom answers /LIST/feed.atom.
func (v *visit) atom() {
	f, err := v.engine.PostsFeed(v.session(), v.rest)
	if err != nil {
		v.unread(err)
		return
	}
	v.answerAtom(f)
}

// ownAtom answers the feed of posts of one member.
func (v *visit) ownAtom() {
	var f list.PostsFeed
	if v.byToken(func(address, token string) (err error) { f, err = v.engine.OwnPostsFeed(address, token); return err }) {
		v.answerAtom(f)
	}
}

// selfMark stands in a feed that is kept where its own address goes, which is another for each member.
const selfMark = "<!--self-->"

// answerAtom writes a feed, or says that it is as the program has it (RFC 9110 §13).
func (v *visit) answerAtom(f list.PostsFeed) {
	body, err := v.writtenAtom(f)
	if err != nil {
		v.unread(err)
		return
	}
	path := list.PostsPath(f.Address)
	cache := "public, max-age=" + feedFresh
	if !f.Public {
		path, cache = strings.TrimPrefix(v.r.URL.Path, v.prefix), "private, max-age="+feedFresh
	}
	var self bytes.Buffer
	_ = xml.EscapeText(&self, []byte(v.BaseURL+path)) // a buffer takes all
	body = bytes.Replace(body, []byte(selfMark), []byte(`<link rel="self" type="application/atom+xml" href="`+self.String()+`"/>`), 1)
	h := v.w.Header()
	h.Set("Content-Type", "application/atom+xml; charset=utf-8")
	h.Set("ETag", `"`+f.Tag+`"`)
	h.Set("Cache-Control", cache)
	http.ServeContent(v.w, v.r, "", f.Changed, bytes.NewReader(body))
}

// writtenAtom is a feed without its own address: as it was written last, if nothing has changed.
func (v *visit) writtenAtom(f list.PostsFeed) ([]byte, error) {
	v.atoms.mu.Lock()
	known := v.atoms.all[f.Address]
	v.atoms.mu.Unlock()
	if known.tag == f.Tag {
		return known.body, nil
	}
	var posts []list.FeedPost
	err := errBusy
	v.read(func() { posts, err = v.engine.FeedTexts(f) })
	if err != nil {
		return nil, err
	}
	body, err := v.writeAtom(f, posts)
	if err != nil {
		return nil, err
	}
	v.atoms.mu.Lock()
	defer v.atoms.mu.Unlock()
	if v.atoms.all == nil {
		v.atoms.all = map[string]writtenAtom{}
	}
	v.atoms.all[f.Address] = writtenAtom{f.Tag, body}
	return body, nil
}

// The elements of a feed (RFC 4287 §4).
type (
	atomFeed struct {
		XMLName  xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
		Language string     `xml:"xml:lang,attr,omitempty"`
		ID       string     `xml:"id"`
		Title    string     `xml:"title"`
		Subtitle string     `xml:"subtitle,omitempty"`
		Updated  string     `xml:"updated"`
		Self     string     `xml:",comment"`
		Links    []atomLink `xml:"link"`
		// Entries have an author each; the feed has one, too, since it may have no entry (§4.1.1).
		Author  atomPerson  `xml:"author"`
		Entries []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr"`
		Href string `xml:"href,attr"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomText struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
	atomEntry struct {
		Language  string     `xml:"xml:lang,attr,omitempty"`
		ID        string     `xml:"id"`
		Title     string     `xml:"title"`
		Updated   string     `xml:"updated"`
		Published string     `xml:"published"`
		Author    atomPerson `xml:"author"`
		Links     []atomLink `xml:"link"`
		Content   atomText   `xml:"content"`
	}
)

const htmlType = "text/html"

func (v *visit) writeAtom(f list.PostsFeed, posts []list.FeedPost) ([]byte, error) {
	changed := f.Changed
	if changed.IsZero() {
		changed = time.Unix(0, 0) // an Atom date has to stand there
	}
	feed := atomFeed{Language: f.Language, ID: nameOf("feed", f.Address), Title: f.Title, Subtitle: f.Description, Updated: atomTime(changed), Self: "self",
		Links: []atomLink{{"alternate", htmlType, v.BaseURL + list.TopicsPath(f.Address)}}, Author: atomPerson{f.Title}}
	for i := range posts {
		p := &posts[i]
		page := list.PostPath(p.MessageID)
		if page == "" || p.Again {
			page = list.TopicPath(f.Address, p.Topic)
		}
		id := "mid:" + url.PathEscape(p.MessageID)
		if p.MessageID == "" || p.Again {
			id = nameOf("post", fmt.Sprintf("%s %d", f.Address, p.Number))
		}
		feed.Entries = append(feed.Entries, atomEntry{Language: p.Language, ID: id, Title: p.Subject, Updated: atomTime(p.Changed), Published: atomTime(p.Date),
			Author: atomPerson{p.Name}, Links: []atomLink{{"alternate", htmlType, v.BaseURL + page}}, Content: atomText{"html", feedHTML(p.Text, p.Cut)}})
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(feed); err != nil {
		return nil, fmt.Errorf("web: feed of %s: %w", f.Address, err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// atomTime is a date as RFC 4287 §3.3 has it.
func atomTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// nameOf is an identity that stays the same whatever the pages are called: a UUID of a name (RFC 9562 §5.8).
func nameOf(kind, name string) string {
	sum := sha256.Sum256([]byte("convene " + kind + " " + strings.ToLower(name)))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// feedHTML is a text as feed readers show it: paragraphs, lists, links and quotations, and nothing that could act or be fetched.
func feedHTML(text string, cut bool) string {
	var b strings.Builder
	writePieces(&b, pieces(text))
	if cut {
		b.WriteString("<p>…</p>")
	}
	return b.String()
}

func writePieces(b *strings.Builder, all []piece) {
	for _, p := range all {
		switch p.Kind {
		case pieceQuote:
			if p.Lead != "" {
				b.WriteString("<p>" + html.EscapeString(p.Lead) + "</p>")
			}
			b.WriteString("<blockquote>")
			writePieces(b, p.Pieces)
			b.WriteString("</blockquote>")
		case pieceSign:
			b.WriteString("<p>-- </p>")
			writePieces(b, p.Pieces)
		case pieceList:
			writeItems(b, p.Items)
		case pieceHead:
			b.WriteString("<p><strong>" + runsHTML(p.Runs) + "</strong></p>")
		case pieceFixed:
			b.WriteString("<pre>" + runsHTML(p.Runs) + "</pre>")
		default:
			b.WriteString("<p>" + strings.ReplaceAll(runsHTML(p.Runs), "\n", "<br>\n") + "</p>")
		}
	}
}

func writeItems(b *strings.Builder, items []item) {
	b.WriteString("<ul>")
	for _, i := range items {
		b.WriteString("<li>" + runsHTML(i.Runs))
		if len(i.Items) > 0 {
			writeItems(b, i.Items)
		}
		b.WriteString("</li>")
	}
	b.WriteString("</ul>")
}

func runsHTML(all []run) string {
	var b strings.Builder
	for _, r := range all {
		if r.Link == "" {
			b.WriteString(html.EscapeString(r.Text))
			continue
		}
		b.WriteString(`<a href="` + html.EscapeString(r.Link) + `" rel="nofollow noreferrer noopener">` + html.EscapeString(r.Text) + "</a>")
	}
	return b.String()
}
