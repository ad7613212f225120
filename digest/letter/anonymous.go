package letter

import "convene/digest/plan"

// Anonymous is what the texts "anonymous", to who decides on a member's question without a name, and "anonymous-post", to everybody, are written from.
type Anonymous struct {
	Text string // the words of the question
	// Said is what came of an answer: "edited", "not edited", "posted", "dropped", "decided" (before), "unknown"; empty: the question is new.
	Said    string
	Hashtag string
	Place   Place
	Voice   plan.Person
}

func anonymousSamples() (all []any) {
	for _, said := range []string{"", "edited", "not edited", "posted", "dropped", "decided", "unknown"} {
		all = append(all, Anonymous{Said: said})
	}
	return all
}
