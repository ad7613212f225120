package mailer

import (
	"strings"

	"convene/list"
)

// feedback reads an abuse report (RFC 5965). Only what says that somebody did not want the mail is a complaint; that a mail is none, or that its
// signature failed, is not.
func (r *returned) feedback() (list.BounceReport, bool) {
	if strings.TrimSpace(r.arf) == "" {
		return list.BounceReport{}, false
	}
	report := list.BounceReport{Kind: list.BounceUnknown, Format: "arf"}
	var addresses []string
	agent, version := false, false
	for _, f := range splitFields(r.arf) {
		switch f.name {
		case "feedback-type":
			word, _, _ := strings.Cut(strings.ToLower(f.value), " ")
			if complaints[word] {
				report.Kind = list.BounceComplaint
			}
		case "user-agent":
			agent = true
		case "version":
			version = true
		case "original-envelope-id":
			r.envelope = decodeXtext(f.value)
		case "original-mail-from":
			report.ReturnPath = addressOf(f.value)
		case "original-rcpt-to", "removal-recipient":
			if len(addresses) < maxEvents {
				addresses = append(addresses, addressOf(f.value))
			}
		}
	}
	if !agent || !version { // RFC 5965 §3.1 requires both: without either it is no report
		report.Kind = list.BounceUnknown
	}
	if report.Kind == list.BounceComplaint {
		for _, address := range distinct(addresses) {
			report.Events = append(report.Events, list.BounceEvent{Address: address, Text: "complaint"})
		}
	}
	return report, true
}

// complaints are the types of feedback that say "not this": abuse of RFC 5965 §7.3, and two of the older drafts that are still sent.
var complaints = map[string]bool{"abuse": true, "opt-out": true, "opt-out-list": true}

// distinct are the addresses without those that are empty or come again.
func distinct(addresses []string) []string {
	seen := make(map[string]bool, len(addresses))
	var kept []string
	for _, a := range addresses {
		if a != "" && !seen[a] {
			seen[a] = true
			kept = append(kept, a)
		}
	}
	return kept
}
