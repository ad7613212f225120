package digest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// TestEveryPostOnce: whoever changes hour, zone and mode whenever they like, over both changes of clocks and hours of downtime, gets every post once, one by one
// or in a digest.
func TestEveryPostOnce(t *testing.T) {
	zones := []string{"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Nairobi", "America/La_Paz", "Asia/Kathmandu"}
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 1))
			begin := []string{"2026-03-20 09:00", "2026-10-20 09:00"}[seed%2]
			s := idleStage(t, func(up *setUp) { up.Now = begin })
			posts := 0
			for range 100 {
				who := member(1 + rnd.IntN(3))
				switch rnd.IntN(8) {
				case 0:
					s.order(who, fmt.Sprintf("set digest %d:%02d", rnd.IntN(24), rnd.IntN(2)*30))
				case 1:
					s.order(who, "set digest list")
				case 2:
					s.order(who, "set timezone "+zones[rnd.IntN(len(zones))])
				case 3:
					s.order(who, "set each")
				default:
					posts++
					s.post(member(4), fmt.Sprintf("Post-%d.", posts), "Words.", "")
					s.tick()
				}
				to := s.time().Add(time.Duration(rnd.IntN(8*60)) * time.Minute).In(s.zone)
				if rnd.IntN(10) == 0 { // nobody is at home until then
					s.set(to)
				}
				s.advance(to.Format("2006-01-02 15:04"))
			}
			s.advance(s.time().Add(80 * time.Hour).In(s.zone).Format("2006-01-02 15:04"))
			for n := 1; n <= 3; n++ {
				got := map[string]int{}
				for _, m := range s.mails(member(n), "") {
					if m.Kind != list.KindDigest && m.Out.Post != 0 {
						got[strings.TrimPrefix(m.Subject, "[peers] ")]++
					}
				}
				for _, one := range s.issues(member(n)) {
					_, told, _ := strings.Cut(one, ": Post")
					for subject := range strings.SplitSeq("Post"+told, ", ") {
						got[subject]++
					}
				}
				for i := 1; i <= posts; i++ {
					if subject := fmt.Sprintf("Post-%d.", i); got[subject] != 1 {
						t.Errorf("%s got %s %d times", member(n), subject, got[subject])
					}
				}
			}
		})
	}
}
