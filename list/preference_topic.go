package list

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

// topicsNamed is how many topics an answer names that a member muted, and how many that they follow.
const topicsNamed = 10

// topicID reads the id of a topic.
func topicID(s string) (uint32, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err == nil && n > 0 && s[0] != '+'
}

func (t *turn) setFollow(arg string) error {
	if !t.isMember() {
		return nil
	}
	t.member.Follow = !isOff(arg)
	t.say("follow-" + onOff(t.member.Follow))
	return t.change()
}

func (t *turn) mute(arg string) error   { return t.interest(arg, Muted, "muted") }
func (t *turn) follow(arg string) error { return t.interest(arg, Followed, "followed") }

func (t *turn) unmute(arg string) error   { return t.unsay(arg, Muted, "unmuted") }
func (t *turn) unfollow(arg string) error { return t.unsay(arg, Followed, "unfollowed") }

// unsay takes back what was said of a topic. What was not said cannot be taken back, and the other thing stays.
func (t *turn) unsay(arg string, i Interest, phrase string) error {
	id, _ := topicID(strings.TrimPrefix(arg, "#"))
	if t.member != nil {
		if said, err := t.tx.Interest(t.rec.ID, id, t.member.Number); err != nil {
			return err
		} else if said != i && said != Unsaid {
			return t.interest(arg, said, map[Interest]string{Muted: "muted", Followed: "followed"}[said])
		}
	}
	return t.interest(arg, Unsaid, phrase)
}

// interest notes what a member says of a topic.
func (t *turn) interest(arg string, i Interest, phrase string) error {
	if !t.isMember() {
		return nil
	}
	id, _ := topicID(strings.TrimPrefix(arg, "#"))
	topic, err := t.tx.Topic(t.rec.ID, id)
	if errors.Is(err, ErrNotFound) || err == nil && topic.Posts == 0 {
		t.say("no-topic", "topic", strconv.FormatUint(uint64(id), 10))
		return nil
	} else if err != nil {
		return err
	}
	if err := t.tx.PutInterest(t.rec.ID, id, t.member.Number, i); err != nil {
		return err
	}
	t.say(phrase, "subject", topic.Subject, "topic", strconv.FormatUint(uint64(id), 10), "follow", yes(t.member.Follow))
	t.log("member changed", "command", t.line.name, "topic", id)
	return nil
}

// topicValues name the topics that a member muted or follows: the latest, and how many others there are.
func (t *turn) topicValues(values map[string]string) error {
	topics, said, err := interestsOf(t.tx, t.rec.ID, t.member.Number, interestsBack)
	if err != nil {
		return err
	}
	slices.Reverse(topics)
	for _, kind := range []struct {
		of   Interest
		name string
	}{{Muted, "muted"}, {Followed, "followed"}} {
		var rows []string
		more := 0
		for _, id := range topics {
			if said[id] != kind.of {
				continue
			}
			if len(rows) == topicsNamed {
				more++
				continue
			}
			topic, err := t.tx.Topic(t.rec.ID, id)
			if err != nil {
				return err
			}
			rows = append(rows, strconv.FormatUint(uint64(id), 10)+"\t"+plainLine(topic.Subject))
		}
		values[kind.name] = strings.Join(rows, "\n")
		if more > 0 {
			values[kind.name+"more"] = strconv.Itoa(more)
		}
	}
	return nil
}
