package mailer

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convene/mailer/mailtest"
)

// FuzzConversation makes peers of bad habits up, and holds what the client says about its messages against what the peer has. Each rule is four
// octets of script: when, how often, what is said, what is done then.
func FuzzConversation(f *testing.F) {
	verbs := []string{"MAIL", "RCPT", "DATA", "DOT", "RSET", "CONTENT"}
	says := []string{
		"", "250 ok", "250-ok\n250 ok", "354 go on", "421 4.3.2 off", "450 4.2.0 later", "452 4.5.3 too many", "503 5.5.1 order", "530 5.7.0 who?",
		"550 5.1.1 no", "552 5.3.4 too much", "250 ok\n250 ok", "354 go on\n250 ok", "250 ok\n354 go on", "250 ok\n550 no", "354 go on\n550 no", "garbage",
	}
	acts := []mailtest.Act{mailtest.GoOn, mailtest.GoOn, mailtest.GoOn, mailtest.Close, mailtest.Hang, mailtest.Flood}
	for _, seed := range []string{
		"", "\x00\x02\x05\x00", "\x01\x01\x09\x00\x02\x01\x03\x00", "\x03\x01\x01\x03", "\x03\x01\x00\x04", "\x03\x02\x0b\x00", "\x05\x01\x0a\x03", "\x02\x01\x0c\x00",
		"\x01\x00\x09\x00\x02\x00\x03\x00\x03\x00\x01\x00", "\x02\x01\x05\x00\x04\x00\x07\x00", "\x03\x02\x04\x00", "\x01\x02\x06\x00", "\x01\x01\x0d\x00",
	} {
		for flags := range byte(8) {
			f.Add(flags, seed)
		}
	}
	f.Add(byte(1), "\x01\x00\x0d\x00\x02\x00\x0d\x00") // says more than it was asked, to each recipient and to DATA
	f.Fuzz(func(t *testing.T, flags byte, script string) {
		synctest.Test(t, func(t *testing.T) {
			peer := &mailtest.Peer{}
			talk := conversation{peer: peer, lookAhead: flags&1 != 0, lmtp: flags&2 != 0}
			for ; len(script) >= 4 && len(peer.Rules) < 10; script = script[4:] {
				r := mailtest.Rule{
					Verb: verbs[int(script[0])%len(verbs)], Nth: int(script[1]) % 6, Say: says[int(script[2])%len(says)],
					Then: acts[int(script[3])%len(acts)], After: int(script[3]),
				}
				if r.Then == mailtest.Flood {
					r.Say = "250-and" // its response has no end
				}
				if r.Verb == "CONTENT" && strings.HasPrefix(r.Say, "2") {
					continue // who takes what is not there yet and reads on cannot be told from an honest peer
				}
				if r.Verb == "DOT" && (r.Say == "" && r.Then == mailtest.GoOn || talk.lmtp && strings.Contains(r.Say, "\n")) {
					continue // nor who leaves this one out, or over LMTP says one too many, from one who speaks of what comes next
				}
				peer.Rules = append(peer.Rules, r)
			}
			if flags&4 != 0 {
				peer.Keywords = []string{"PIPELINING"}
			}
			talk.add(300, 1, 1, 3, 1)
			talk.connect(t)
			talk.run()
			time.Sleep(time.Hour) // whoever waits finds out
			talk.check(t)
			if peer.Open() != 0 {
				t.Error("the connection is open")
			}
		})
	})
}
