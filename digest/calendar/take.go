package calendar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"convene/list"
)

// Takes reports whether mail to an address of the schedule is for the calendar: by its word, and by what the answer is about (Data of its secret).
func Takes(h *list.Handed) bool {
	if h.Secret == nil {
		return h.Target.Word == "events"
	}
	var what about
	return json.Unmarshal(h.Secret.Data, &what) == nil && (what.What == aboutComing || strings.HasPrefix(what.What, aboutComing+" "))
}

// Take takes such a mail. What it returns is what was done, for the log; an error is a *list.Refusal, or means that the sender should try again.
func (k *Keeper) Take(ctx context.Context, h *list.Handed) (done string, err error) {
	if h.Secret == nil {
		return k.takeEvents(ctx, h)
	}
	var what about
	if err := json.Unmarshal(h.Secret.Data, &what); err != nil {
		return "", fmt.Errorf("calendar: what an answer is about: %w", err)
	}
	takers := map[string]func(context.Context, *list.Handed, about) (string, error){aboutComing: k.takeComing, aboutSubmission: k.takeDraft, aboutNotes: k.takeNotes,
		aboutOrganiser: k.takeOrganiser, aboutMissing: k.takeMissing, aboutPresent: k.takePresent, aboutOwn: k.takeOwn}
	take, ok := takers[what.What]
	if !ok {
		return "", list.Refuse(list.NotBuilt, "That address is not in this version; write to %s", h.List.Word("owner"))
	}
	done, err = take(ctx, h, what)
	if errors.Is(err, list.ErrNotFound) {
		return "", list.Refuse(list.NoSuchAddress, "That event is gone; write to %s", h.List.Word("events"))
	}
	return done, err
}
