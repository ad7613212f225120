package list

import "time"

// Action is what a rule, or all of them together, want done with a post.
type Action string

// The actions. Accept, Refuse and Discard end the deciding; Hold collects: every rule that would hold is heard.
const (
	ActPass    Action = "pass"
	ActAccept  Action = "accept"
	ActHold    Action = "hold"
	ActRefuse  Action = "refuse"
	ActDiscard Action = "discard"
)

// Verdict is what one rule says of one arrival.
type Verdict struct {
	Action Action
	Text   string // for people: why; a sentence without a full stop
	Why    Reason // of a refusal
	// Quiet holds without a notice of its own, and for seven days at most.
	Quiet bool
	// Final ends the deciding with a hold: of what stands in the message no further rule can be asked.
	Final bool
}

// Rule is one question about an arrival. Check is pure: it reads the arrival and nothing else.
type Rule struct {
	Name  string
	Check func(*Arrival) Verdict
}

// Decision is what the rules say together. The trace has one opinion for each rule that was asked, in order.
type Decision struct {
	Action  Action
	Refusal *Refusal // of ActRefuse
	Reasons []string // why it is held, one for each rule that holds it
	Rule    string   // that ended it; of a hold, the first
	Quiet   bool
	Trace   []Opinion
}

// quietFor is how long a quietly held post waits at most.
const quietFor = 7 * 24 * time.Hour

// Decide asks the rules in order. When none of them accepts, refuses or discards, the post is held if any held it, and accepted otherwise.
func Decide(rules []Rule, a *Arrival) Decision {
	d := Decision{Action: ActAccept, Rule: "default", Trace: make([]Opinion, 0, len(rules))}
	for _, r := range rules {
		v := r.Check(a)
		if v.Action == "" {
			v.Action = ActPass
		}
		d.Trace = append(d.Trace, Opinion{Rule: r.Name, Action: string(v.Action), Reason: v.Text})
		switch v.Action {
		case ActHold:
			if d.Action != ActHold {
				d.Action, d.Rule, d.Quiet = ActHold, r.Name, true
			}
			d.Quiet = d.Quiet && v.Quiet
			d.Reasons = append(d.Reasons, v.Text)
			if v.Final {
				return d
			}
		case ActAccept, ActDiscard:
			d.Action, d.Rule, d.Reasons, d.Quiet = v.Action, r.Name, nil, false
			return d
		case ActRefuse:
			d.Action, d.Rule, d.Reasons, d.Quiet = v.Action, r.Name, nil, false
			d.Refusal = Refuse(v.Why, "%s", v.Text)
			return d
		}
	}
	return d
}

// HeldUntil is when a post held now expires.
func (d Decision) HeldUntil(l *List, now time.Time) time.Time {
	keep := l.HeldFor
	if d.Quiet && (keep == 0 || keep > quietFor) {
		keep = quietFor
	}
	return now.Add(keep)
}

func refuse(why Reason, text string) Verdict { return Verdict{Action: ActRefuse, Why: why, Text: text} }
func hold(text string) Verdict               { return Verdict{Action: ActHold, Text: text} }
func discard(text string) Verdict            { return Verdict{Action: ActDiscard, Text: text} }
