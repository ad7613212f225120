package list

import (
	"strings"

	"convene/list/message"
)

// NewSite completes a site with what look-ups of addresses need. The lists must have passed the config's checks: distinct addresses, all in
// lower case.
func NewSite(s Site) *Site {
	if s.Texts == nil {
		s.Texts = builtTexts()
	}
	s.byAddress = map[string]*List{}
	s.domains = map[string]bool{strings.ToLower(s.Hostname): true}
	for _, l := range s.Lists {
		for _, a := range append(append([]string{l.Address}, l.Aliases...), l.Was...) {
			a = strings.ToLower(a)
			s.byAddress[a] = l
			_, domain, _ := strings.Cut(a, "@")
			s.domains[domain] = true
		}
	}
	return &s
}

// List finds a list by its address, an alias or a former address, without regard to case.
func (s *Site) List(address string) (*List, bool) {
	l, ok := s.byAddress[strings.ToLower(address)]
	return l, ok
}

// roleWords are the local parts that reach the admin at every domain of ours (RFC 5321 §4.5.1, RFC 2142 §4).
var roleWords = map[string]bool{"postmaster": true, "abuse": true, "mailer-daemon": true}

// builtWords are the +words that this version takes mail for.
var builtWords = map[string]Kind{"owner": KindOwner, "moderators": KindModerators, "bounce": KindBounce, "facilitator": KindFacilitator, "core": KindCore}

// scheduleWords are those that the schedule takes mail for, without and with a token.
var (
	scheduleWords  = map[string]bool{"plan": true, "anonymous": true, wordEvents: true}
	scheduleTokens = map[string]bool{"plan": true, "draft": true, "rsvp": true}
)

// wordRequest is the Word of peers-request@, where commands stand in the mail itself.
const wordRequest = "request"

// wordSettings is that of peers+settings@, which takes commands too.
const wordSettings = "settings"

// wordFiles is that of peers+files@, which tells what is in the library; files that are sent there are for a later version.
const wordFiles = "files"

// wordEvents is that of peers+events@, which takes events and answers to them.
const wordEvents = "events"

// addressCommands are the +words that say by themselves what to do: each is a command by its name (command.go), with the commands of the mail
// behind it where the address takes them.
var addressCommands = map[string]string{"subscribe": "subscribe", "unsubscribe": "unsubscribe", "help": "help", wordSettings: "settings",
	"each": "set each", "digest": "set digest", "summary": "set summary", "catchup": "catchup", "record": "record", "special": "set special", "nomail": "set nomail", "pause": "pause", "resume": "resume", "topics": "topics", wordFiles: "files", wordImap: wordImap}

// topicWords are the +words that a topic's id stands behind, as in peers+mute-12@: commands, too.
var topicWords = map[string]string{"mute": "mute", "follow": "follow"}

// addressCommand is the command that a +word says by itself, and its argument; empty: none.
func addressCommand(word string) (name, arg string) {
	if name = addressCommands[word]; name != "" {
		return name, ""
	}
	head, id, _ := strings.Cut(word, "-")
	if _, ok := topicID(id); ok {
		return topicWords[head], id
	}
	return "", ""
}

// tokenWords are the +words that carry a token which says what they are for.
var tokenWords = map[string]Kind{"leave": KindLeave, "bounce": KindBounceMark, "confirm": KindConfirm, "held": KindHeldAnswer}

// laterWords are the other +words of the address scheme, up to the first - of those that carry a token or an id. They are refused by name,
// so that nobody takes a missing feature for a wrong address.
var laterWords = map[string]bool{
	"survey": true,
}

// Route says what a recipient address is for, without a look at whether a token in it is one of ours. The error is a *Refusal. Local parts compare
// without case, and the first + ends a list's name.
func (s *Site) Route(rcpt string) (Target, error) {
	addr, err := message.ParseAddr(rcpt)
	if err != nil {
		return Target{}, Refuse(NoSuchAddress, "That is not an address of ours")
	}
	at := strings.LastIndexByte(addr, '@')
	local, domain := strings.ToLower(addr[:at]), addr[at+1:]
	if !s.domains[domain] {
		return Target{}, Refuse(NoSuchAddress, "This server takes mail for its own lists only")
	}
	if roleWords[local] {
		return Target{Kind: KindAdmin, Address: local + "@" + domain}, nil
	}
	if l, ok := s.byAddress[local+"@"+domain]; ok {
		return Target{Kind: KindPost, List: l, Address: local + "@" + domain}, nil
	}
	name, word, plus := strings.Cut(local, "+")
	l, ok := s.byAddress[name+"@"+domain]
	if plus && ok {
		return routeWord(l, word, local+"@"+domain)
	}
	if l, ok := s.byAddress[strings.TrimSuffix(local, "-request")+"@"+domain]; ok {
		return Target{Kind: KindCommand, List: l, Address: local + "@" + domain, Word: wordRequest}, nil
	}
	return Target{}, Refuse(NoSuchAddress, "There is no list with that address here")
}

func routeWord(l *List, word, addr string) (Target, error) {
	if k, ok := builtWords[word]; ok {
		return Target{Kind: k, List: l, Address: addr}, nil
	}
	if scheduleWords[word] {
		return Target{Kind: KindSchedule, List: l, Address: addr, Word: word}, nil
	}
	if word == "subscribe" && !l.Joinable() {
		return Target{}, noJoining(l)
	}
	if name, _ := addressCommand(word); name != "" {
		return Target{Kind: KindCommand, List: l, Address: addr, Word: word}, nil
	}
	head, token, tail := strings.Cut(word, "-")
	if k, ok := tokenWords[head]; ok && tail {
		if _, ok := parseToken(token); ok {
			return Target{Kind: k, List: l, Address: addr, Token: token}, nil
		}
		return Target{}, noSuchWord(l)
	}
	if scheduleTokens[head] && tail {
		if _, ok := parseToken(token); ok {
			return Target{Kind: KindSchedule, List: l, Address: addr, Word: head, Token: token}, nil
		}
		return Target{}, noSuchWord(l)
	}
	if laterWords[head] {
		return Target{}, notBuilt(l)
	}
	return Target{}, noSuchWord(l)
}

// notBuilt is the answer to a +word that this version does not take mail for.
func notBuilt(l *List) *Refusal {
	return Refuse(NotBuilt, "That address is not in this version; write to %s", l.Word("owner"))
}

// noSuchWord is the answer to a +word that nobody knows, and to a token that is none of ours: it does not tell the two apart.
func noSuchWord(l *List) *Refusal {
	return Refuse(NoSuchAddress, "There is no such address; see %s, or write to %s", l.Word("help"), l.Word("owner"))
}

// ownAuthservIDs are the names under which nobody else may state results (RFC 8601 §5).
func (s *Site) ownAuthservIDs() []string {
	if s.AuthservID == "" || s.AuthservID == s.Hostname {
		return []string{s.Hostname}
	}
	return []string{s.Hostname, s.AuthservID}
}

// keysUnder names those of keys that sign mail of a domain: its own, or else those of the nearest domain above it that has some.
func keysUnder(domain string, keys []string) (names []string) {
	for ok := true; ok && len(names) == 0; _, domain, ok = strings.Cut(domain, ".") {
		for _, name := range keys {
			if strings.HasSuffix(name, "._domainkey."+domain) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Word returns one of the list's +word addresses.
func (l *List) Word(word string) string { return l.Local() + "+" + word + "@" + l.Domain() }

// Joinable reports whether anybody may become a member by mail.
func (l *List) Joinable() bool { return l.Join != "" && l.Join != JoinClosed && !l.Closed }

// Roles returns the roles that the config gives to an address.
func (l *List) Roles(address string) []Role {
	var roles []Role
	for _, r := range []struct {
		role  Role
		names []string
	}{{RoleOwner, l.Owners}, {RoleModerator, l.Moderators}, {RoleFacilitator, l.Facilitators}} {
		for _, a := range r.names {
			if SameAddress(a, address) {
				roles = append(roles, r.role)
				break
			}
		}
	}
	return roles
}
