package mailer

import (
	"slices"
	"strings"

	"convene/list"
	"convene/list/message"
)

// Bounds on what is read of one mail, whatever its size.
const (
	maxNotice     = 64 << 10  // octets of the text for people
	maxStatus     = 256 << 10 // octets of a delivery-status or feedback-report part
	maxEvents     = 200       // recipients; a transaction of ours has no more
	maxDiagnostic = 500       // octets of BounceEvent.Text
)

// ReadBounce reads what came to a return path. returnPathNull says that it came with the null reverse-path, as all reports do (RFC 3464 §2) and
// programs that do not write them right mostly do too.
//
// A mail is a failure, a delay or a complaint only for what it is built like: a report for machines (RFC 3464, RFC 5965), or the text of a mail
// system in a mail that no person sent. Somebody who quotes a bounce has not bounced. Of a report that speaks of several recipients each has its
// event; those without a Class did not fail. It takes time in proportion to the size of the mail, and never fails: what nobody can read is
// list.BounceUnknown.
func ReadBounce(m *message.Message, returnPathNull bool) list.BounceReport {
	r := returned{m: m, parts: m.Parts(), null: returnPathNull}
	r.sort()
	report := list.BounceReport{Kind: list.BounceUnknown}
	for _, read := range []func(*returned) (list.BounceReport, bool){
		(*returned).feedback, (*returned).deliveryStatus, (*returned).statusInText, (*returned).disposition, (*returned).prose, (*returned).autoReply,
	} {
		if found, ok := read(&r); ok {
			report = found
			break
		}
	}
	r.identify(&report)
	return report
}

// returned is a mail that came back, taken apart.
type returned struct {
	m     *message.Message
	parts []message.Part
	null  bool

	status   string           // the delivery-status part; empty: none
	arf      string           // the feedback-report part
	receipt  bool             // there is a disposition-notification part
	text     notice           // what is there for people, without the copy of the original
	original *message.Message // the header of the message that it is about; nil: not enclosed
	envelope string           // Original-Envelope-Id
}

// sort finds out which part is what.
func (r *returned) sort() {
	var prose []string
	room := maxNotice
	leaves := 0
	for _, p := range r.parts {
		if p.Leaf {
			leaves++
		}
		if p.Enclosed && p.Whole && r.original == nil {
			r.original = p.Fields
		}
		if p.Enclosed || !p.Leaf { // what somebody wrote in the original says nothing
			continue
		}
		switch p.Media {
		case "message/delivery-status", "message/global-delivery-status":
			r.status += p.Text(maxStatus-min(maxStatus, len(r.status))) + "\n\n"
		case "message/feedback-report":
			r.arf += p.Text(maxStatus - min(maxStatus, len(r.arf)))
		case "message/disposition-notification", "message/global-disposition-notification":
			r.receipt = true
		case "text/rfc822-headers", "text/rfc822-header", "message/global-headers", "message/rfc822", "message/global":
			if r.original == nil {
				r.original = message.Parse([]byte(p.Text(maxStatus)))
			}
		case "text/plain":
			text := p.Text(room)
			if r.status == "" && p.Attachment && isStatus(text) {
				r.status = text // QUIRK: gateways that do not know the type hand it on as a text file
				continue
			}
			room -= len(text)
			prose = append(prose, text)
		}
	}
	if strings.TrimSpace(strings.Join(prose, "")) == "" {
		prose = []string{r.otherText(leaves)}
	}
	r.text = newNotice(r.m, strings.Join(prose, "\n"))
	if r.original == nil {
		r.original = r.text.original
	}
}

// otherText is what there is for people where no part is plain text: HTML, or a multipart whose boundary never comes.
func (r *returned) otherText(leaves int) string {
	for _, p := range r.parts {
		if p.Media == "text/html" && p.Leaf && !p.Enclosed {
			return p.Text(maxNotice)
		}
	}
	if leaves == 0 {
		body := r.m.Raw[r.m.Body:]
		return strings.ReplaceAll(strings.ToValidUTF8(string(body[:min(len(body), maxNotice)]), "?"), "\r\n", "\n")
	}
	return ""
}

// identify says which message the report is about.
func (r *returned) identify(report *list.BounceReport) {
	report.EnvelopeID = r.envelope
	if o := r.original; o != nil {
		report.MessageID = o.MessageID()
		if report.ReturnPath == "" {
			report.ReturnPath = addressOf(o.Get("Return-Path"))
		}
		report.Unsubscribe = o.Get("List-Unsubscribe")
	}
	if report.MessageID == "" { // Exchange, and who answers by himself, name it as any reply does
		if ids := r.m.References(); len(ids) > 0 {
			report.MessageID = ids[len(ids)-1]
		}
	}
}

// automatic reports whether a program wrote this, as far as that can be told from outside: only then is its text believed.
func (r *returned) automatic() bool {
	return r.null || r.m.Count("X-Failed-Recipients") > 0 || r.daemon()
}

// daemon reports whether it is a report by its structure, or From names a program that returns mail. Anybody can write that; people do not.
func (r *returned) daemon() bool {
	return len(r.parts) > 0 && r.parts[0].Media == "multipart/report" ||
		slices.ContainsFunc(daemons, func(name string) bool { return strings.Contains(r.text.from, name) })
}

// daemons are names in From of programs that return mail, in lower case.
var daemons = []string{"mailer-daemon", "postmaster", "mail delivery s", "mail administrator", "mailerdaemon", "mailer daemon", "mail-daemon",
	"mail.delivery.system", "system administrator", "post_master", "internet mail delivery", "maildaemon", "mail_delivery", "smtp_mail_service", "mmsc ndr",
	"mdaemon@", "imss@", "_for_smtp_gateways@"}
