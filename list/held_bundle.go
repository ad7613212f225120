package list

import (
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"time"
)

// bundleListed is how many posts a notice lists; of the others it gives the number.
const bundleListed = 50

// waitingOn are the posts of a list that wait, or those of its discussions alone, and how many more there are: the oldest first, and behind all others those
// that are held without a notice, so that spam does not hide what is not.
func waitingOn(r Reader, list uint32, bundled bool) (all []Held, more int, err error) {
	for _, quiet := range []bool{false, true} {
		err = r.HeldPosts(list, func(h Held) error {
			switch {
			case h.Quiet != quiet, bundled && !h.Bundled:
			case len(all) == bundleListed:
				more++
			default:
				all = append(all, h)
			}
			return nil
		})
		if err != nil {
			return nil, 0, err
		}
	}
	return all, more, nil
}

// bundleDue is when the posts of discussions are told of that were held since the last bundle: when the hour is over in which the first of them came.
func bundleDue(r Reader, list uint32) (at time.Time, due bool, err error) {
	last, err := r.Told(Telling{Kind: toldBundle, List: list})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return at, false, err
	}
	err = r.HeldPosts(list, func(h Held) error {
		if !h.Bundled || !last.IsZero() && !h.Post.Arrived.After(last) {
			return nil
		}
		at, due = h.Post.Arrived.Truncate(time.Hour).Add(time.Hour), true
		return ErrStop
	})
	return at, due, err
}

// bundleSecret is the secret for a notice that lists several posts.
func bundleSecret(list uint32, address string, posts []Held) *Secret {
	s := &Secret{Purpose: ForHeld, List: list, Address: address}
	var ids []uint64
	for i := range posts {
		ids = append(ids, posts[i].ID)
		if end := posts[i].Expires.Add(rulingKept); end.After(s.Expires) {
			s.Expires = end
		}
	}
	s.Data = encodeBundle(ids)
	return s
}

// encodeBundle writes down the held posts that a notice lists, in its order.
func encodeBundle(posts []uint64) []byte {
	var b []byte
	for _, id := range posts {
		b = binary.AppendUvarint(b, id)
	}
	return b
}

func decodeBundle(b []byte) (posts []uint64) {
	for len(b) > 0 {
		id, n := binary.Uvarint(b)
		if n <= 0 {
			return posts
		}
		posts, b = append(posts, id), b[n:]
	}
	return posts
}

// postRows lists posts, a line each, in columns divided by tabs: number, subject, author, since when, until when, the first rule that holds it, and its
// reason.
func postRows(l *List, posts []Held, numbers map[uint64]int) string {
	var rows []string
	for i := range posts {
		h := &posts[i]
		reason, _, _ := strings.Cut(strings.Join(holdReasons(&h.Post), "\n"), "\n")
		rows = append(rows, strings.Join([]string{number(numbers[h.ID]), oneLine(h.Post.Subject, subjectQuoted), writer(&h.Post),
			h.Post.Arrived.In(l.zone()).Format(time.RFC3339), h.Expires.In(l.zone()).Format(time.RFC3339), reason}, "\t"))
	}
	return strings.Join(rows, "\n")
}

// number is a number for a template, which is told of none by nothing.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
