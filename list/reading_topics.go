package list

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// topicsPerPage is how many topics stand on one page, and topicsLookedAt how many are looked at for one: where most may not be shown, a page has fewer.
	topicsPerPage  = 25
	topicsLookedAt = 500
)

// topicPlace is a place among the topics of a list, by when something last happened in them: that of a topic, whether it is there still or not. So a page costs what stands on
// it, however far back it is, and the page behind one goes on where that ended, whatever was posted meanwhile.
type topicPlace struct {
	last  time.Time
	topic uint32
}

// topmost is the place before all topics.
var topmost = topicPlace{time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), 1<<32 - 1}

func placeOf(t *Topic) topicPlace { return topicPlace{t.Last, t.ID} }

// String is a place as a link has it: 2026-03-02T09:05:00Z.17
func (p topicPlace) String() string {
	return p.last.UTC().Format(time.RFC3339Nano) + "." + strconv.FormatUint(uint64(p.topic), 10)
}

// parsePlace reads what String wrote. ErrNotFound: it has not.
func parsePlace(s string) (p topicPlace, err error) {
	at := strings.LastIndexByte(s, '.')
	last, err := time.Parse(time.RFC3339Nano, s[:max(at, 0)])
	topic, err2 := strconv.ParseUint(s[at+1:], 10, 32)
	if err != nil || err2 != nil {
		return p, fmt.Errorf("list: page of topics: %w", ErrNotFound)
	}
	return topicPlace{last, uint32(topic)}, nil
}

// TopicsFrom tells of the topics of a list to whoever has the session; an empty one is a stranger's. before and after are places that an earlier page named as Older or Newer;
// without either it is the page of those that were active last. ErrNotFound: there is no such page, or it is not for them.
func (e *Engine) TopicsFrom(session, address, before, after string) (p TopicsPage, err error) {
	err = e.reading(session, func(r *reading) error {
		shelf, rec, member, err := r.shelf(address)
		if err != nil {
			return err
		}
		p.Shelf = shelf
		found, err := r.topicsFrom(rec.ID, before, after)
		if err != nil {
			return err
		}
		if found.newer {
			p.Newer = found.first.String()
		}
		if found.older {
			p.Older = found.last.String()
		}
		news, err := r.unreadOf(rec)
		if err != nil {
			return err
		}
		p.UpTo = rec.Posts
		zone := r.site.zoneOf(shelf.Address)
		for _, t := range found.topics {
			one := TopicLine{ID: t.ID, Subject: lineFor(member, t.Subject), Posts: t.Posts, Last: t.Last.In(zone)}
			if one.New, _, err = news.in(&t); err != nil {
				return err
			}
			p.Topics = append(p.Topics, one)
		}
		return nil
	})
	return p, err
}

// topicRun are topics that stand together, latest first, with the places of the first and the last, and whether there are more on either side.
type topicRun struct {
	topics       []Topic
	first, last  topicPlace
	newer, older bool
}

func (r *reading) topicsFrom(list uint32, before, after string) (run topicRun, err error) {
	if after != "" {
		from, err := parsePlace(after)
		if err != nil {
			return run, err
		}
		run.topics, run.first, run.newer, err = r.topicsBeside(list, from, true, topicsPerPage)
		if n := len(run.topics); err != nil || run.newer && n > 0 {
			slices.Reverse(run.topics)
			if err == nil {
				run.last = placeOf(&run.topics[n-1])
				_, _, run.older, err = r.topicsBeside(list, run.last, false, 0)
			}
			return run, err
		}
		before = "" // they are the first page, or part of it
	}
	from := topmost
	if before != "" {
		if from, err = parsePlace(before); err != nil {
			return topicRun{}, err
		}
	}
	run = topicRun{first: from}
	if run.topics, run.last, run.older, err = r.topicsBeside(list, from, false, topicsPerPage); err == nil && before != "" {
		if len(run.topics) > 0 {
			run.first = placeOf(&run.topics[0])
		}
		_, _, run.newer, err = r.topicsBeside(list, run.first, true, 0)
	}
	return run, err
}

// topicsBeside are as many topics as there may be on one side of a place, in order from there, of those that may be shown: end is where they do, and more says that there may be
// some behind it.
func (r *reading) topicsBeside(list uint32, from topicPlace, newer bool, most int) (all []Topic, end topicPlace, more bool, err error) {
	end = from
	looked := 0
	err = r.reader.TopicsBeside(list, from.last, from.topic, newer, func(t Topic) error {
		if looked++; looked > topicsLookedAt {
			more = true
			return ErrStop
		}
		shown, err := shownTopic(r.reader, t)
		if err != nil {
			return err
		}
		if more = shown && len(all) == most; more {
			return ErrStop
		}
		if shown {
			all = append(all, t)
		}
		if len(all) < most || shown {
			end = placeOf(&t)
		}
		return nil
	})
	return all, end, more, err
}

// shownTopic reports whether a topic has a post that may be shown.
func shownTopic(r Reader, t Topic) (shown bool, err error) {
	err = r.TopicPosts(t.List, t.ID, func(p Post) error {
		if shown = p.Shown(); shown {
			return ErrStop
		}
		return nil
	})
	return shown, err
}
