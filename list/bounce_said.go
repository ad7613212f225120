package list

import "strings"

// spoken is what a report says, as far as the one recipient of a copy goes: a mail of ours to one address that came back is that address's, whatever
// further ones it was forwarded to.
type spoken struct{ BounceReport }

// readReport reads a mail that came to a return path.
func (e *Engine) readReport(a *Arrival) spoken {
	if e.Bounces.Read == nil || a.GuardErr != nil {
		return spoken{BounceReport{Kind: BounceUnknown}}
	}
	return spoken{e.Bounces.Read(a.Message, a.Envelope.From == "")}
}

// reports says whether it is a report at all, and not what a person or an automatic reply wrote.
func (s *spoken) reports() bool {
	return s.Kind == BounceFailure || s.Kind == BounceDelay || s.Kind == BounceDelivered || s.Kind == BounceComplaint
}

// failure is the event that weighs most; false: nothing failed.
func (s *spoken) failure() (worst BounceEvent, ok bool) {
	if s.Kind != BounceFailure {
		return worst, false
	}
	for _, ev := range s.Events {
		if ev.Class != ClassNone && (!ok || ev.Class == ClassHard || worst.Class != ClassHard && ev.Class == ClassSoft) {
			worst, ok = ev, true
		}
	}
	return worst, ok
}

func (s *spoken) class() BounceClass {
	ev, _ := s.failure()
	return ev.Class
}

// words are what was said, in a line.
func (s *spoken) words() string {
	ev, _ := s.failure()
	text := oneLine(HideTokens(ev.Text), statusQuoted)
	if strings.Contains(text, ev.Status) {
		return text
	}
	return strings.TrimSpace(ev.Status + " " + text)
}
