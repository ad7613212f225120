package message

import (
	"strings"
	"unicode"
)

// BaseSubject is the base subject of RFC 5256 §2.1 of a decoded subject: what IMAP clients thread by. It takes linear time.
func BaseSubject(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' }), " ")
	for {
		s = cutTrailers(s)
		s = cutLeaders(s)
		inner, ok := cutForward(s)
		if !ok {
			return s
		}
		s = inner
	}
}

// cutTrailers removes subj-trailer from the end: "(fwd)" and space.
func cutTrailers(s string) string {
	for {
		s = strings.TrimRight(s, " ")
		if n := len(s) - len("(fwd)"); n < 0 || !strings.EqualFold(s[n:], "(fwd)") {
			return s
		}
		s = s[:len(s)-len("(fwd)")]
	}
}

// cutLeaders removes subj-leader and subj-blob from the start as long as there are any (steps 3 to 5). A run of blobs is walked once: either a "re:"
// behind it takes all of it away, or it goes blob by blob until nothing else would be left.
func cutLeaders(s string) string {
	for {
		s = strings.TrimLeft(s, " ")
		blobs, last := s, s // what is behind the blobs, and behind all of them but the last
		for {
			rest, ok := cutBlob(blobs)
			if !ok {
				break
			}
			last, blobs = blobs, rest
		}
		if rest, ok := cutRefwd(blobs); ok {
			s = rest
			continue
		}
		if blobs == "" {
			return last
		}
		return blobs
	}
}

// cutBlob removes one subj-blob: "[" *BLOBCHAR "]" *WSP.
func cutBlob(s string) (string, bool) {
	if s == "" || s[0] != '[' {
		return s, false
	}
	i := strings.IndexAny(s[1:], "[]")
	if i < 0 || s[1+i] != ']' {
		return s, false
	}
	return strings.TrimLeft(s[i+2:], " "), true
}

// cutRefwd removes one subj-refwd: ("re" / ("fw" ["d"])) *WSP [subj-blob] ":".
func cutRefwd(s string) (string, bool) {
	n := 2
	switch {
	case len(s) >= 3 && strings.EqualFold(s[:3], "fwd"):
		n = 3
	case len(s) >= 2 && (strings.EqualFold(s[:2], "re") || strings.EqualFold(s[:2], "fw")):
	default:
		return s, false
	}
	rest, _ := cutBlob(strings.TrimLeft(s[n:], " "))
	if rest, ok := strings.CutPrefix(rest, ":"); ok {
		return rest, true
	}
	return s, false
}

// cutForward removes "[fwd:" and "]" from around s (step 6).
func cutForward(s string) (string, bool) {
	const head = "[fwd:"
	if len(s) <= len(head) || !strings.EqualFold(s[:len(head)], head) || s[len(s)-1] != ']' {
		return s, false
	}
	return s[len(head) : len(s)-1], true
}

// TopicSubject is what a list threads by where headers do not help: a decoded subject without the list's prefix, reply and forward markers of any
// language, "(fwd)", and with single spaces. Other tags stay: "[RFC] x" is another topic than "x". reply says that there was a reply marker; a forward
// marker alone makes no reply. was is the old subject, cleaned in the same way, of one that was changed: "new (was: old)", "(war: old)",
// "[was: old]"; base is then the new one.
func TopicSubject(s, prefix string) (base string, reply bool, was string) {
	now, was := cutWas(strings.TrimSpace(oneLine(s)))
	base, reply = topicBase(now, prefix)
	older, _ := cutWas(was)
	was, _ = topicBase(older, prefix)
	return base, reply, was
}

func topicBase(s, prefix string) (base string, reply bool) {
	s = removePrefix(s, strings.TrimSpace(oneLine(prefix)))
	for {
		s = strings.TrimSpace(cutTrailers(strings.TrimSpace(s)))
		t, re := cutMarkers(s, replyMarkers)
		t, fwd := cutMarkers(t, forwardMarkers)
		reply = reply || re
		inner, wrapped := cutForward(t)
		if !re && !fwd && !wrapped {
			return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " "), reply
		}
		s = inner
	}
}

// cutWas splits "new (was: old)". The old subject may have brackets of its own; where they do not match up, the first "(was:" counts.
func cutWas(s string) (now, was string) {
	end := len(s) - 1
	if end < 0 || s[end] != ')' && s[end] != ']' {
		return s, ""
	}
	opening, closing := byte('('), s[end]
	if closing == ']' {
		opening = '['
	}
	now = s
	depth := 0
	for i := end; i >= 0; i-- {
		switch s[i] {
		case closing:
			depth++
		case opening:
			depth--
			old, ok := cutWasWord(s[i+1 : end])
			if ok {
				now, was = strings.TrimSpace(s[:i]), strings.TrimSpace(old)
			}
			if ok && depth == 0 {
				return now, was
			}
		}
	}
	return now, was
}

// cutWasWord removes "was:" or "war:" from the start.
func cutWasWord(s string) (string, bool) {
	if len(s) < 4 || !strings.EqualFold(s[:3], "was") && !strings.EqualFold(s[:3], "war") {
		return s, false
	}
	return strings.CutPrefix(strings.TrimLeft(s[3:], " "), ":")
}
