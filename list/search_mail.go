package list

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	// hitsPerMail is how many posts an answer by mail has, and searchesPerMail how many searches one mail may ask for.
	hitsPerMail     = 10
	searchesPerMail = 3
	// hitMost is of how large posts a piece of their text is shown, in octets: nobody waits while larger ones are read.
	hitMost = 1 << 20
)

// search finds posts, for who reads no pages: whoever may read those may ask.
func (t *turn) search(words string) error {
	r := &reading{reader: t.tx, site: t.site, address: t.from.Addr}
	shelf, rec, member, err := r.shelf(t.list.Address)
	switch {
	case errors.Is(err, ErrNotFound) && t.isMember():
		t.say("search-closed")
		return nil
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	case t.e.Finder == nil:
		t.say("search-off")
		return nil
	case t.searched == searchesPerMail:
		t.say("search-many")
		return nil
	}
	t.searched++
	zone := t.list.zone()
	if t.member != nil {
		zone = t.zoneOf(t.member)
	}
	found, err := t.e.Finder.Find(rec.ID, Quest{Text: words, Member: member, Zone: zone, Now: t.now, Most: hitsPerMail})
	if err != nil {
		t.e.Log.Error("nothing can be searched", "list", shelf.Address, "error", err)
		t.say("search-off")
		return nil
	}
	posts, err := shownPosts(t.tx, rec.ID, found.Posts)
	if err != nil {
		return err
	}
	var b strings.Builder
	for i := range posts {
		t.writeHit(&b, &posts[i], found.Marks, member, zone)
	}
	t.say("search", "total", strconv.Itoa(max(found.Total, len(posts))), "more", yes(found.Total > len(posts)), "hits", strings.TrimPrefix(b.String(), "\n"))
	return nil
}

// writeHit writes one post that was found: what "get" calls it, its subject, who wrote it and when, a piece of it, and where it is to be read.
func (t *turn) writeHit(b *strings.Builder, p *Post, marks func(string) []Span, member bool, zone *time.Location) {
	hit := SearchHit{Name: shownName(p), Date: p.Date.In(zone)}
	if p.Ref.Length <= hitMost {
		if read, err := t.e.hit(p, marks, member, zone); err == nil {
			hit = read
		}
	}
	fmt.Fprintf(b, "\n%d: %s, %s, %s", p.Number, shownLine(lineFor(member, p.Subject)), hit.Name, hit.Date.Format("2006-01-02"))
	if text := shownLine(said(hit.Text)); text != "" {
		b.WriteString("\n   " + text)
	}
	if path := PostPath(p.MessageID); path != "" && t.site.BaseURL != "" {
		b.WriteString("\n   " + t.site.BaseURL + path)
	}
}

// said is a line without its marks.
func said(all []Segment) string {
	var b strings.Builder
	for _, s := range all {
		b.WriteString(s.Text)
	}
	return b.String()
}
