package calendar

import (
	"maps"
	"regexp"
	"slices"
	"strconv"

	"convene/list/event"
)

// agendaMinutes finds how long a point of an agenda takes, and how often, at its beginning: "10 min", "3 × 20 min".
var agendaMinutes = regexp.MustCompile(`(?i)^\s*(?:(\d{1,2})\s*[×x*]\s*)?(\d{1,3})\s*(?:min|['’′])`)

// leastRound is the shortest round, in minutes.
const leastRound = 5

// agendaRounds is how many minutes pass before the first round, and how many each takes; zero: it is too short for rounds. The point of the rounds is the one that says how many
// there are, else the longest
// behind the first; it must take a third of the time at least.
func agendaRounds(agenda []event.Texts, rounds, minutes int) (before, each int) {
	most, first, passed := 0, 0, 0
	for i, point := range agenda {
		times, long := pointMinutes(point)
		if i == 0 {
			first = long
		}
		total := times * long
		if times == rounds && times > 1 {
			total += minutes // it says so itself
		} else if i == 0 {
			total = 0 // something comes before tables
		}
		if total > most && times*long*3 >= minutes && passed+times*long <= minutes {
			most, before, each = total, passed, times*long/rounds
		}
		passed += times * long
	}
	if each >= leastRound {
		return before, each
	}
	before = 10
	if first > 0 && first*3 <= minutes {
		before = first
	}
	each = (minutes - before - minutes/5) / rounds
	if each >= 2*leastRound {
		each -= each % leastRound
	}
	if each < leastRound {
		return 0, 0
	}
	return before, each
}

// pointMinutes is how long a point of an agenda takes, in the first of its languages that says so.
func pointMinutes(point event.Texts) (times, long int) {
	for _, language := range slices.Sorted(maps.Keys(point)) {
		if m := agendaMinutes.FindStringSubmatch(point[language]); m != nil {
			times, _ = strconv.Atoi(m[1]) // digits, or empty: once
			long, _ = strconv.Atoi(m[2])
			return max(times, 1), long
		}
	}
	return 1, 0
}
