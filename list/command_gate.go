package list

import (
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Anybody can have us write to anybody, by a mail in their name. Beside the cap of an address that is asked (mayAsk) there are these; all are counted in
// the store, so that a restart forgets none.
const (
	// asksPerSource is how many questions one network may have us ask within an hour by mails that nothing proves; trusted relays are not counted.
	asksPerSource = 30
	// asksPerHour is how many questions all mail together may have us ask within an hour, but for the invitations of owners.
	asksPerHour = 1000
	// asksByMember is how many questions to other addresses one member may have us ask in a day, and asksByOwner how many an owner.
	asksByMember, asksByOwner = 10, 500
)

// toldAsks is the kind of Telling that counts asksPerHour: Post is the place among the questions of the hour, from 1.
const toldAsks = "asks"

// mayAsk reports whether an address may be asked something for whoever has this turn, and counts it if so; false: nobody is told anything. A *Refusal
// says that it is for later, whoever is to be asked.
func (t *turn) mayAsk(address string, purpose Purpose) (bool, error) {
	if t.proof != claimed && t.from.Addr != "" && !sameAddress(address, t.from.Addr) {
		most := asksByMember
		if purpose == ForInvite {
			most = asksByOwner
		}
		if may, err := countAsk(t.tx, t.rec.ID, "by "+strings.ToLower(t.from.Addr), most, askedFor, t.now); err != nil || !may {
			t.log("question not asked", "reason", "who asks for it has had enough asked of others today")
			return false, err
		}
	}
	may, last, err := t.e.mayAsk(t.tx, t.rec.ID, askedKey(address, t.proof != claimed || purpose == ForInvite), t.now)
	if err != nil || !may {
		t.askedLast = last
		t.log("question not asked", "reason", "the address was asked enough for now")
		return false, err
	}
	if t.proof == claimed {
		if err := mayAskFrom(t.tx, t.rec.ID, t.source, t.now); err != nil {
			return false, err
		}
	}
	if purpose == ForInvite {
		return true, nil
	}
	return true, mayAskMore(t.tx, t.now)
}

// mayAskFrom counts a question that a mail from a network has us ask, which nothing proves; empty: the network is not known. A *Refusal says that it is for later.
func mayAskFrom(tx Tx, list uint32, source string, now time.Time) error {
	if source == "" {
		return nil
	}
	if may, err := countAsk(tx, list, "from "+source, asksPerSource, time.Hour, now); err != nil || !may {
		return orRefusal(err)
	}
	return nil
}

// mayAskMore counts a question among those of the hour. A *Refusal says that it is for later.
func mayAskMore(tx Tx, now time.Time) error {
	what := Telling{Kind: toldAsks}
	place, err := freePlace(tx, what, asksPerHour, now.Truncate(time.Hour).Add(-1))
	if err != nil || place == 0 {
		return orRefusal(err)
	}
	what.Post = place
	return tx.PutTold(what, now)
}

func orRefusal(err error) error {
	if err != nil {
		return err
	}
	return Refuse(TooManyCommands, "There have been too many requests within an hour; please try again later")
}

// countAsk counts one more question of somebody, or from somewhere, unless there were most of them within a time.
func countAsk(tx Tx, list uint32, who string, most int, within time.Duration, now time.Time) (bool, error) {
	all, err := tx.Asked(who)
	if err != nil {
		return false, err
	}
	all = slices.DeleteFunc(all, func(a Asking) bool { return now.Sub(a.At) >= within || a.At.After(now) })
	if len(all) >= most {
		return false, nil
	}
	return true, tx.PutAsked(who, append(all, Asking{List: list, At: now}))
}

// sourceOf is the network that a mail came from: the /24 of an IPv4 address, or the /64 of an IPv6 one. Empty: a relay stands between, or it is not known.
func sourceOf(env *Envelope) string {
	ip, err := netip.ParseAddr(env.IP)
	if err != nil || env.Relay {
		return ""
	}
	bits := 64
	if ip = ip.Unmap(); ip.Is4() {
		bits = 24
	}
	network, _ := ip.Prefix(bits) // either has that many bits
	return network.String()
}
