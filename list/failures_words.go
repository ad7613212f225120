package list

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// oneLine makes what others wrote fit to be quoted on one line, cut to so many characters.
func oneLine(s string, most int) string {
	s = strings.TrimSpace(plainLine(strings.ToValidUTF8(s, "?")))
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// How many characters of what others wrote a notice quotes.
const (
	subjectQuoted = 100
	nameQuoted    = 60
	statusQuoted  = 400
	addressQuoted = 254 // RFC 5321 §4.5.3.1.3 leaves no more for an address
)

// textPost is what a text may say of a post, and of its copies that failed. Numbers are written out; one that would be zero is empty, but Delivered.
type textPost struct {
	Number, Subject, From string // empty but Number where it is not known
	Accepted              string // RFC 3339
	Delivered             string
	Failed, Deferred      string
	Groups                []textGroup // of the copies that failed
}

// textGroup is the copies of one post that failed for the same reason.
type textGroup struct {
	Meaning   string // what the code comes to, in plain words: a sentence that ends in a colon
	Status    string // what was said about the first of them; empty: nothing
	Addresses []string
	More      string // how many others there are; empty: none
}

// textChange is what a text may say of an address of which something has changed.
type textChange struct {
	Address string
	What    string // "bouncing", "back", "disabled", "complaint", "unreachable"
	Why     string // what a server said, in a line; empty: nothing
	When    string // RFC 3339
}

// newTextPost is a post without what became of it.
func newTextPost(p *Post, l *List) textPost {
	about := textPost{Number: strconv.FormatUint(uint64(p.Number), 10), Subject: quotedLine(p.Subject, subjectQuoted),
		Accepted: p.Accepted.In(l.zone()).Format(time.RFC3339)}
	if p.From != "" {
		about.From = strings.TrimSpace(quotedLine(p.FromName, nameQuoted) + " <" + quotedLine(p.From, addressQuoted) + ">")
	}
	return about
}

// quotedLine is oneLine without what would turn the direction of writing.
func quotedLine(s string, most int) string { return oneLine(plainText(s), most) }

// someOf writes a number; none: empty.
func someOf[N int | uint64](n N) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatUint(uint64(n), 10)
}

// notice tells the owners. Its Message-ID has the morning that it is for, so that there is one for each day.
func (r *failureReport) notice(now time.Time) *notice {
	l, rest := r.list, len(r.all)
	for _, p := range r.reported() {
		rest -= p.copies
	}
	return &notice{
		site: r.site, domain: l.Domain(), list: l, date: now.In(l.zone()), text: "failures", changes: r.sayChanges(), posts: r.say,
		values: map[string]string{"copies": someOf(len(r.all)), "rest": someOf(rest), "more": someOf(len(r.posts) - len(r.reported())), "changed": someOf(r.changed()),
			"changedmore": someOf(max(0, len(r.changes)-changesReported))},
		id: "failures." + r.morning.In(l.zone()).Format("20060102") + "." + l.Local(),
	}
}

// say is what the notice tells of the posts that it has room for: which, how many have each, and who does not and why.
func (r *failureReport) say(languages []string) (all []textPost, err error) {
	for _, p := range r.reported() {
		one := newTextPost(&p.post, r.list)
		one.Delivered = strconv.FormatUint(p.tally.Delivered, 10)
		one.Failed, one.Deferred = someOf(p.tally.Failed), someOf(p.tally.Deferred)
		for _, g := range p.groups {
			said := textGroup{Status: quotedLine(g.status, statusQuoted), More: someOf(g.copies - len(g.addresses))}
			if said.Meaning, err = r.site.Texts.phrase(g.meaning(), languages, nil); err != nil {
				return nil, err
			}
			for _, a := range g.addresses {
				said.Addresses = append(said.Addresses, quotedLine(a, addressQuoted))
			}
			one.Groups = append(one.Groups, said)
		}
		all = append(all, one)
	}
	return all, nil
}

// meanings are the enhanced codes (RFC 3463 §3, and what servers use it for) that there is a phrase for, by their last two numbers or the first of
// them: "failed-1.1" says what 5.1.1 means, and "failed-1" what any other 5.1 does.
var meanings = []string{"1", "1.1", "1.2", "1.6", "1.7", "1.8", "1.10", "2", "2.1", "2.2", "2.3", "3", "3.4", "4.7", "6", "7"}

// meaning is the phrase for what the code of a group comes to.
func (g *statusGroup) meaning() string {
	if g.code == "" {
		return "failed-several"
	}
	enhanced := g.code[strings.LastIndexByte(g.code, ' ')+1:]
	if _, detail, ok := strings.Cut(enhanced, "."); ok {
		subject, _, _ := strings.Cut(detail, ".")
		for _, code := range []string{detail, subject} {
			if slices.Contains(meanings, code) {
				return "failed-" + code
			}
		}
	}
	return "failed-other"
}
