package calendar

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"convene/list"
)

// feedWords ask for an address for one's calendar program, in the languages of the texts.
var feedWords = []string{"feed", "flux", "canal"}

// asksFeed reports whether a mail says that word and nothing else: in its subject, or first in its text.
func asksFeed(h *list.Handed) bool {
	a := list.ReadAnswer(h.Message)
	words := strings.Fields(strings.ToLower(h.Message.Subject()))
	for len(words) > 0 && words[0] == "re:" {
		words = words[1:]
	}
	return len(words) == 1 && slices.Contains(feedWords, words[0]) || slices.Contains(feedWords, a.Verb) && a.Rest == ""
}

// readFeed mails a member the address of their own feed, in a mail that has nothing else. Where the feed is for everybody, or there is none, they get the events to come,
// which say so.
func (k *Keeper) readFeed(_ context.Context, h *list.Handed) (done string, taken bool, err error) {
	if !asksFeed(h) || !k.Engine.HasOwnFeeds(h.List) {
		return "", false, nil
	}
	return "feed", true, k.Engine.Store.Update(func(tx list.Tx) error {
		m, err := member(tx, h.Record, h.From.Addr)
		switch {
		case err != nil:
			return err
		case m == nil:
			return list.Refuse(list.NotMember, "Only members of the list have an address for their calendar program; to join, write to %s", h.List.Word("subscribe"))
		case !h.Proven:
			return list.Refuse(list.NotAllowed, "Nothing shows that this mail is yours; ask on the page %s", k.House.Page(h.List))
		}
		if err := k.Engine.MailFeed(tx, h.List, m, h.From.Addr, h.Message.MessageID(), k.Engine.Now()); err != nil {
			return fmt.Errorf("calendar: feed of %s: %w", h.List.Address, err)
		}
		return nil
	})
}
