package list

import (
	"fmt"
	"strings"
)

// topicsListed is how many topics the index by mail has.
const topicsListed = 50

// topics tells what is talked about, and by which number a topic is muted or followed, for who reads no pages.
func (t *turn) topics(string) error {
	if !t.isMember() {
		return nil
	}
	var b strings.Builder
	n := 0
	err := t.tx.Topics(t.rec.ID, func(topic Topic) error {
		shown, err := shownTopic(t.tx, topic)
		if err != nil || !shown || t.rec.Importing {
			return err
		}
		if n++; n > topicsListed {
			return ErrStop
		}
		fmt.Fprintf(&b, "\n%d: %s, %s", topic.ID, shownLine(topic.Subject), topic.Last.In(t.zoneOf(t.member)).Format("2006-01-02"))
		return nil
	})
	if err == nil {
		t.say("topics", "topics", strings.TrimPrefix(b.String(), "\n"))
	}
	return err
}
