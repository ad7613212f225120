package list

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"convene/list/message"
)

// editionSubject is the name of the paper that says which post had an edition of that base subject: those who read it answer under its subject, and some of
// their mail programs with no References at all.
func editionSubject(base string) string {
	sum := sha256.Sum256([]byte(base))
	return "subject/" + hex.EncodeToString(sum[:16])
}

// TopicOfSubject finds the topic with a base subject (case-folded) that was active last, by its own subject or that of an edition of a post in it.
// ErrNotFound: there is none.
func TopicOfSubject(r Reader, list uint32, base string) (Topic, error) {
	own, missing := r.TopicBySubject(list, base)
	if missing != nil && !errors.Is(missing, ErrNotFound) || base == "" {
		return own, missing
	}
	id, err := r.Paper(list, editionSubject(base))
	if errors.Is(err, ErrNotFound) {
		return own, missing
	} else if err != nil {
		return own, err
	}
	n, err := r.Node(list, nodeID(string(id)))
	if err == nil {
		var of Topic
		if of, err = r.Topic(list, n.Topic); err == nil && (missing != nil || of.Last.After(own.Last)) {
			return of, nil
		}
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return own, err
	}
	return own, missing
}

// keepSubjects notes under which subjects the editions of a post are answered, beside that of its topic.
func (p *pending) keepSubjects(tx Tx, list uint32) error {
	own := strings.ToLower(topicSubject(p.publication.Editions[0].Letter.Subject, p.publication.List.SubjectPrefix))
	for _, one := range p.publication.Editions[1:] {
		base := strings.ToLower(topicSubject(one.Letter.Subject, p.publication.List.SubjectPrefix))
		if base == "" || base == own {
			continue
		}
		if err := tx.PutPaper(list, editionSubject(base), []byte(p.post.MessageID)); err != nil {
			return fmt.Errorf("list: the subject of an edition of %s: %w", p.publication.Key, err)
		}
	}
	return nil
}

func topicSubject(subject, prefix string) string {
	base, _, _ := message.TopicSubject(subject, prefix)
	return base
}
