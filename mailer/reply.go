package mailer

import (
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-smtp"

	"convene/list"
)

// reply is one SMTP reply: the code of RFC 5321 §4.2 and the enhanced status code of RFC 3463, which stands on every 2xx, 4xx and 5xx
// (RFC 2034 §4) but the greeting and the answer to EHLO.
type reply struct {
	code     int
	enhanced [3]int
	text     string
}

// replies is the one table from a reason to a code. What is not in it, and every error that is no Refusal, is temporary.
var replies = map[list.Reason]reply{
	list.NoSuchAddress:   {code: 550, enhanced: [3]int{5, 1, 1}},
	list.NotBuilt:        {code: 550, enhanced: [3]int{5, 1, 1}},
	list.ListClosed:      {code: 550, enhanced: [3]int{5, 7, 1}},
	list.NotMember:       {code: 550, enhanced: [3]int{5, 7, 2}},
	list.NotAllowed:      {code: 550, enhanced: [3]int{5, 7, 2}},
	list.ForgedSender:    {code: 550, enhanced: [3]int{5, 7, 1}},
	list.BannedSender:    {code: 550, enhanced: [3]int{5, 7, 1}},
	list.TopicLocked:     {code: 550, enhanced: [3]int{5, 7, 1}},
	list.TooBig:          {code: 552, enhanced: [3]int{5, 3, 4}},
	list.Unreadable:      {code: 550, enhanced: [3]int{5, 6, 0}},
	list.TooManyHops:     {code: 554, enhanced: [3]int{5, 4, 6}},
	list.NullSenderPost:  {code: 550, enhanced: [3]int{5, 7, 1}},
	list.TooManyCommands: {code: 451, enhanced: [3]int{4, 7, 1}},
	list.TooManyGuesses:  {code: 451, enhanced: [3]int{4, 7, 1}},
	list.TooManyLists:    {code: 452, enhanced: [3]int{4, 5, 3}},
	list.StorageFull:     {code: 452, enhanced: [3]int{4, 3, 1}},
	list.TemporarilyDown: {code: 451, enhanced: [3]int{4, 3, 0}},
}

// troubleText is all that a peer learns about an error on our side.
const troubleText = "Something went wrong on our side; please try again later"

// maxReplyText keeps a reply line, with its codes and CRLF, under the 512 octets of RFC 5321 §4.5.3.1.5.
const maxReplyText = 400

// answer turns an error of the engine into what the peer is told. told says that the text is the engine's own; otherwise the cause belongs
// in the log, since nothing of it is in the reply.
func answer(err error) (r reply, told bool) {
	if refusal, ok := errors.AsType[*list.Refusal](err); ok {
		if r, ok := replies[refusal.Reason]; ok {
			r.text = plain(refusal.Text)
			return r, true
		}
	}
	if errors.Is(err, list.ErrFull) {
		return reply{452, [3]int{4, 3, 1}, "There is no room for mail here now; please try again later"}, false
	}
	return reply{451, [3]int{4, 3, 0}, troubleText}, false
}

// plain makes one line of printable ASCII out of any text.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\n' || r == '\t':
			return ' '
		case r < ' ' || r > '~':
			return '?'
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxReplyText {
		text = strings.TrimRight(text[:maxReplyText-3], " ") + "..."
	}
	return text
}

// line writes the reply as it goes over the wire.
func (r reply) line() string {
	if r.enhanced == ([3]int{}) {
		return fmt.Sprintf("%d %s\r\n", r.code, r.text)
	}
	return fmt.Sprintf("%d %d.%d.%d %s\r\n", r.code, r.enhanced[0], r.enhanced[1], r.enhanced[2], r.text)
}

// smtp hands the reply to go-smtp, which knows no other error by its type.
func (r reply) smtp() *smtp.SMTPError {
	return &smtp.SMTPError{Code: r.code, EnhancedCode: smtp.EnhancedCode(r.enhanced), Message: r.text}
}
