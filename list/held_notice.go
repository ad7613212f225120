package list

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/list/message"
)

// The kinds of Telling about held posts. They are on disk.
const (
	toldHeld     = "held"          // of a list: one of the notices of this hour; Post is its place among them, from 1
	toldOverflow = "held-more"     // of a list: a post for which there was no notice of its own any more this hour
	toldSummary  = "held-summary"  // of a list: the summary about those
	toldReminder = "held-reminder" // of a list: the morning of the last reminder
	toldBundle   = "held-bundle"   // of a list: the last bundle of a discussion's posts
	toldExpired  = "held-expired"  // of a list: a post that nobody decided, which the next reminder says
	toldWaiting  = "waiting"       // of a list: Hop is an author who knows that a post of theirs waits
	toldDigest   = "digest-reply"  // the same, of one who replied to a digest: they learn how to answer one topic
	toldChoices  = "held-choices"  // of a list: Hop is a moderator, and a number from 1, who was told what the choices are
)

const (
	// heldNoticesPerHour is the limit where the config leaves it at zero.
	heldNoticesPerHour = 20
	// waitingEvery is how long an author is not told again that a post of theirs waits.
	waitingEvery = 7 * 24 * time.Hour
	// heldTextQuoted is how much of a held post's text its notice quotes, in octets and in lines: enough to decide on most; the rest is attached.
	heldTextQuoted, heldLinesQuoted = 2000, 40
)

// noteTo begins a note to a person about something of a list.
func noteTo(p person, list uint32, text string, values map[string]string, now time.Time) Note {
	return Note{List: list, Text: text, To: p.Address, ToName: p.Name, Language: p.Language, Values: values, Created: now}
}

// heldNoticeID is the Message-ID, without brackets, of the notice that asks one moderator about one held post: known beforehand, so that what is
// decided elsewhere stands below it in their mail program.
func heldNoticeID(l *List, id uint64, address string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(address)))
	return fmt.Sprintf("held.%d.%s@%s", id, hex.EncodeToString(sum[:6]), l.Domain())
}

// isHeldNoticeID reports whether a Message-ID is that of a notice about this held post.
func isHeldNoticeID(l *List, id string, held uint64) bool {
	local, domain, _ := strings.Cut(id, "@")
	return strings.EqualFold(domain, l.Domain()) && strings.HasPrefix(local, fmt.Sprintf("held.%d.", held))
}

// askModerators writes what a hold owes, in the transaction of the hold: a notice to every moderator, each with a token of their own, and one to the
// author. Beyond the cap there is one summary of what waits when the hour is over; of what belongs to a discussion there is one bundle.
func (p *pending) askModerators(tx Tx, rec Record, h *Held, how Holding, now time.Time) error {
	if h.Quiet {
		return nil
	}
	if err := p.tellWaiting(tx, h, now); err != nil {
		return err
	}
	if how == HoldingBundled {
		return nil
	}
	people, err := moderators(tx, p.site, p.list, rec)
	if err != nil {
		return err
	}
	if how == HoldingAtOnce {
		people, err = withFacilitators(tx, p.schedule, p.list, rec, people, now)
	} else {
		var may bool
		if may, err = mayNotice(tx, rec.ID, p.site.Limits.HeldNoticesPerHour, now); !may {
			return err
		}
	}
	if err != nil {
		return err
	}
	values := heldValues(p.list, h, p.arrival.Message)
	for _, m := range people {
		n := noteTo(m, rec.ID, "held", values, now)
		n.Secret = &Secret{Purpose: ForHeld, List: rec.ID, Address: m.Address, Subject: h.ID, Expires: h.Expires.Add(rulingKept)}
		n.Enclosed = h.Post.Ref
		n.MessageID = heldNoticeID(p.list, h.ID, m.Address)
		if _, err := tx.PutNote(n); err != nil {
			return err
		}
	}
	return nil
}

// holding is how people are told of a post that is held.
func (p *pending) holding(r Reader, d Decision, now time.Time) (Holding, error) {
	if p.schedule == nil || d.Quiet {
		return HoldingAsEver, nil
	}
	return p.schedule.Holding(r, p.list, p.arrival.From.Addr, p.arrival.TopicID, p.post.Subject, now)
}

// mayNotice reports whether one more post may have notices of its own in this hour, and counts it if so. Otherwise it notes that there is something
// for a summary.
func mayNotice(tx Tx, list uint32, limit int, now time.Time) (bool, error) {
	place, err := noticePlace(tx, list, limit, now)
	if err != nil || place == 0 {
		return false, errors.Join(err, tx.PutTold(Telling{Kind: toldOverflow, List: list}, now))
	}
	return true, tx.PutTold(Telling{Kind: toldHeld, List: list, Post: place}, now)
}

// noticePlace is the first free place among the notices of this hour; zero: there is none.
func noticePlace(r Reader, list uint32, limit int, now time.Time) (uint32, error) {
	if limit <= 0 {
		limit = heldNoticesPerHour
	}
	return freePlace(r, Telling{Kind: toldHeld, List: list}, limit, now.Truncate(time.Hour).Add(-1))
}

// freePlace is the first place, from 1, at which something was not told after a time; zero: all up to limit are taken. They are taken in order, so that
// not all need a look.
func freePlace(r Reader, what Telling, limit int, since time.Time) (uint32, error) {
	low, high := 1, limit+1
	for low < high {
		middle := (low + high) / 2
		what.Post = uint32(middle)
		taken, err := toldSince(r, what, since)
		if err != nil {
			return 0, err
		}
		if taken {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low > limit {
		return 0, nil
	}
	return uint32(low), nil
}

// heldValues is what a moderator is told of a held post. What others wrote is cut, and has no control characters.
func heldValues(l *List, h *Held, m *message.Message) map[string]string {
	v := map[string]string{
		"subject": oneLine(h.Post.Subject, subjectQuoted), "about": oneLine("Re: "+h.Post.Subject, 24), "from": writer(&h.Post), "reasons": strings.Join(holdReasons(&h.Post), "\n"),
		"expires": h.Expires.In(l.zone()).Format(time.RFC3339), "authentic": yes(authentic(&h.Post)),
	}
	v["text"], v["cut"] = quotedText(m)
	return v
}

// quotedText is the beginning of what a message says, for a notice, and whether there is more.
func quotedText(m *message.Message) (quoted, cut string) {
	text := m.Text(heldTextQuoted + 4)
	lines := strings.Split(strings.TrimSpace(text), "\n")
	cut = yes(len(text) > heldTextQuoted || len(lines) > heldLinesQuoted)
	lines = lines[:min(len(lines), heldLinesQuoted)]
	for i := range lines {
		lines[i] = plainLine(lines[i])
	}
	return strings.ToValidUTF8(strings.Join(lines, "\n"), ""), cut
}

// holdReasons are the rules that hold a post, a line each, with the reason behind a tab.
func holdReasons(p *Post) (all []string) {
	for _, o := range p.Trace {
		if o.Action == string(ActHold) {
			all = append(all, o.Rule+"\t"+oneLine(o.Reason, statusQuoted))
		}
	}
	return all
}

// writer names the author of a post.
func writer(p *Post) string {
	return strings.TrimSpace(oneLine(p.FromName, subjectQuoted) + " <" + oneLine(p.From, addressQuoted) + ">")
}

// yes is how a template is told that something is so.
func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// rulingValues is what people are told of a ruling.
func rulingValues(l *List, r *Ruling) map[string]string {
	return map[string]string{"what": string(r.What), "by": oneLine(r.who(), addressQuoted), "at": r.At.In(l.zone()).Format(time.RFC3339),
		"subject": oneLine(r.Subject, subjectQuoted), "from": oneLine(r.From, addressQuoted)}
}

// authentic reports whether a post is known to come from its From.
func authentic(p *Post) bool { return p.Auth.OK() || p.Envelope.Authenticated }

// mayTellAuthor reports whether the author of a post may be sent a notice about it: not where it may be somebody else's address, and not where a
// machine wrote it (RFC 3834 §2).
func mayTellAuthor(p *Post) bool {
	return authentic(p) && p.From != "" && !slices.ContainsFunc(p.Trace, func(o Opinion) bool { return o.Rule == "bulk" && o.Action == string(ActHold) })
}

// tellAuthor owes the author of a held post a notice about it.
func tellAuthor(tx Tx, l *List, h *Held, text string, values map[string]string, now time.Time) error {
	p, err := personOf(tx, h.Post.List, h.Post.From)
	if err != nil {
		return err
	}
	if p.Name == "" {
		p.Name = h.Post.FromName
	}
	values["subject"] = oneLine(h.Post.Subject, subjectQuoted)
	n := noteTo(p, h.Post.List, text, values, now)
	n.Answers, n.InReplyTo, n.Thread = true, h.Post.MessageID, h.Post.MessageID
	_, err = tx.PutNote(n)
	return err
}

// tellWaiting tells a member that their post waits: once in a week, and only whoever is known to have written it.
func (p *pending) tellWaiting(tx Tx, h *Held, now time.Time) error {
	if p.arrival.Member == nil && len(p.arrival.Roles) == 0 || !mayTellAuthor(&h.Post) {
		return nil
	}
	what := Telling{Kind: toldWaiting, List: h.Post.List, Hop: strings.ToLower(h.Post.From)}
	digest := heldBy(h, "digest-reply")
	if digest {
		what.Kind = toldDigest
	}
	told, err := tx.Told(what)
	if err == nil && now.Sub(told) < waitingEvery {
		return nil
	} else if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err := tx.PutTold(what, now); err != nil {
		return err
	}
	return tellAuthor(tx, p.list, h, "waiting", map[string]string{"command": yes(heldBy(h, "administrivia")), "digest": yes(digest)}, now)
}

// heldBy reports whether a rule held a post.
func heldBy(h *Held, rule string) bool {
	return slices.ContainsFunc(h.Post.Trace, func(o Opinion) bool { return o.Rule == rule && o.Action == string(ActHold) })
}

// sameAddress compares as the rules do: without case.
func sameAddress(a, b string) bool { return SameAddress(a, b) }

func containsAddress(all []string, a string) bool {
	return slices.ContainsFunc(all, func(o string) bool { return sameAddress(o, a) })
}
