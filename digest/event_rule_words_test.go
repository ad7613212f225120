package digest

import (
	"strings"
	"testing"
)

// The words of a rule name days of the event's clock: whose days these are is said to whom they are others.
func TestRuleNamesWhoseDaysItMeans(t *testing.T) {
	s := nightly(t, "FREQ=WEEKLY;COUNT=6", nil)
	for n, want := range map[int]string{1: "every Monday, 6 times (the day in Nairobi)", 4: "every Monday, 6 times https"} {
		if got := flat(s.last(member(n), "invitation")); !strings.Contains(got, want) {
			t.Errorf("%q is not in %s", want, got)
		}
	}
}
