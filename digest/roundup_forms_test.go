package digest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"convene/list/event"
)

// TestRoundupFormsWrittenAtOnce: what each member gets is the same to the octet whether all forms are written at once, in one transaction, or one page after another in
// many; each reads their own language and clock, in the form that they asked for.
func TestRoundupFormsWrittenAtOnce(t *testing.T) {
	zones := []string{"Africa/Nairobi", "America/La_Paz", "Asia/Kathmandu", "Europe/Paris"}
	own := regexp.MustCompile(`\bid\d+|=_[0-9a-z]+`) // of the message, and the border of its parts, which is made of that
	send := func(atOnce int) (got map[string]string, written int) {
		s := roundStage(t, "0 8 * * MON", 1, 40, func(up *setUp) {
			for n := range 6 {
				e := dated(up, fmt.Sprint("event-", n), fmt.Sprint("Part ", n), fmt.Sprintf("2026-04-%02d 15:00", 10+2*n))
				e.About = event.Texts{"": "What made a quiet group talk, & who began?", "fr": "Qui a commencé ?"}
				if n%3 == 0 {
					e.Rule = "FREQ=WEEKLY;COUNT=4"
				}
				up.Programme.Events = append(up.Programme.Events, e)
			}
		})
		for n := 1; n <= 12; n++ {
			s.order(member(n), "set timezone "+zones[(n-1)/3], "set format "+[]string{"html", "text"}[n%2])
		}
		s.editor.calendar.WrittenAtOnce = atOnce
		s.advance("2026-03-09 08:00")
		got, at := map[string]string{}, map[uint64]bool{}
		for n := 1; n <= 12; n++ {
			m := s.last(member(n), "roundup")
			got[member(n)], at[m.Out.ID] = own.ReplaceAllString(string(m.Raw), "ID"), true
			if html := strings.Contains(string(m.Raw), "text/html"); html != (n%2 == 0) {
				t.Errorf("member %d has HTML: %v", n, html)
			}
			zone := zones[(n-1)/3]
			if city := strings.ReplaceAll(zone[strings.LastIndexByte(zone, '/')+1:], "_", " "); n > 3 && !strings.Contains(m.text(), city) {
				t.Errorf("member %d is in %s, and reads\n%s", n, city, m.text())
			}
		}
		return got, len(at)
	}
	together, written := send(0)
	alone, again := send(1)
	if written != 12 || again != 12 {
		t.Errorf("%d and %d forms went out", written, again)
	}
	for who, raw := range alone {
		if together[who] != raw {
			isText(t, together[who], raw)
		}
	}
}
