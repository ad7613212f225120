package calendar

import (
	"context"

	"convene/list"
)

// reader reads a mail to +events@, if it is for it: taken says so. Most look for something that no other reader would take.
type reader func(ctx context.Context, h *list.Handed) (done string, taken bool, err error)

// readers are all of them, in the order in which a mail is shown to them.
func (k *Keeper) readers() []reader {
	return []reader{k.readReply, k.readObject, k.readPresent, k.readWho, k.readWord, k.readCancel, k.readChange, k.readLines, k.readFeed, k.readUnread, k.readIndex}
}

// takeEvents takes a mail to +events@.
func (k *Keeper) takeEvents(ctx context.Context, h *list.Handed) (done string, err error) {
	for _, read := range k.readers() {
		if done, taken, err := read(ctx, h); taken || err != nil {
			return done, err
		}
	}
	return "", list.Refuse(list.Unreadable, "There is no event in that mail, and no answer to one; see %s", h.List.Word("help"))
}
