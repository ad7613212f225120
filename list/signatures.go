package list

import (
	"slices"
	"strings"

	"convene/list/message"
)

// signatureFields are the signatures that a message may come with. ARC sets are not here: they say what was so when they were made, and stay.
var signatureFields = []string{"dkim-signature", "x-google-dkim-signature", "domainkey-signature"}

// maxPasses is how often a message's body is hashed for its signatures. Nobody means to send so many, and each is a pass over all of it.
const maxPasses = 8

// signatures takes out each signature that no longer covers what goes out, and of a list that rewrites also those that were no good when they came:
// every signature on its copies holds (RFC 6376 §5.5, RFC 6377 §5.7). Whatever still holds stays. It looks at the message as the steps before
// it left it, in the encoding in which it goes out, and knows which fields are put in later.
func signatures(d *Draft) {
	if !slices.ContainsFunc(d.Message.Fields, isSignature) {
		return
	}
	c := coverage{before: d.Message, old: d.Message.ByName(), rewritten: d.rewrites(), plain: d.Form.ASCII, later: laterFields(d.Style)}
	c.bodyBefore = message.Pieces{d.Message.Raw[d.Message.Body:]}
	c.see(d.encoded(new([]Change)))
	var stay []int
	for i, f := range d.Message.Fields {
		if isSignature(f) && !c.out(d, i, c.broken(f)) {
			stay = append(stay, i)
		}
	}
	for gone := true; gone && len(stay) > 0; { // what is left may have covered what went
		gone = false
		c.see(d.encoded(new([]Change)))
		stay = slices.DeleteFunc(stay, func(i int) bool {
			out := c.out(d, i, c.changedHeader(d.Message.Fields[i]))
			gone = gone || out
			return out
		})
	}
}

func isSignature(f message.Field) bool {
	return slices.Contains(signatureFields, strings.ToLower(f.Name))
}

// rewrites reports whether the copies of this style and form may differ from what came in more than in fields of the way and of the list.
func (d *Draft) rewrites() bool {
	return len(d.Style.Rewrites()) > 0 || d.Style.AttachmentsOver > 0 || d.Style.Munge || d.Form != Form{}
}

// laterFields are the fields that a copy gets above all others when it is sent.
func laterFields(s *Style) []string {
	var names []string
	if s.Personal {
		names = append(names, "list-unsubscribe", "list-unsubscribe-post")
	}
	if len(s.Signing) > 0 {
		names = append(names, "dkim-signature")
	}
	if len(s.Sealing) > 0 {
		names = append(names, "arc-seal", "arc-message-signature", "arc-authentication-results")
	}
	return names
}
