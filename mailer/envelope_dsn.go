package mailer

// The longest values of the DSN parameters, encoded (RFC 3461 §4.4 and §4.2). Longer ones are left out: a report without them is better than
// a command that is refused.
const (
	maxEnvelopeID        = 100
	maxOriginalRecipient = 500
)

// appendReturn appends the DSN parameters of MAIL: a report needs no more than the header, and says which transaction it is about.
func appendReturn(b []byte, envelopeID string) []byte {
	b = append(b, " RET=HDRS"...)
	if envelopeID == "" {
		return b
	}
	return appendXtext(b, " ENVID=", envelopeID, maxEnvelopeID)
}

// appendNotify appends the DSN parameters of RCPT: reports of failure and no others, which name the recipient as it stands in this command.
// The address type rfc822 is ASCII (RFC 3461 §4.2); what is not has one of its own (RFC 6533 §3), which only goes where the address does.
func appendNotify(b []byte, to string) []byte {
	b = append(b, " NOTIFY=FAILURE"...)
	if !isASCII(to) {
		return appendUnitext(b, " ORCPT=utf-8;", to, maxOriginalRecipient-len("utf-8;"))
	}
	return appendXtext(b, " ORCPT=rfc822;", to, maxOriginalRecipient-len("rfc822;"))
}

// appendXtext appends a parameter with its value as xtext (RFC 3461 §4), or nothing when that is longer than longest.
func appendXtext(b []byte, name, value string, longest int) []byte {
	before := len(b)
	b = append(b, name...)
	begin := len(b)
	for i := range len(value) {
		if c := value[i]; c < '!' || c > '~' || c == '+' || c == '=' {
			b = append(b, '+', upperHex[c>>4], upperHex[c&15])
		} else {
			b = append(b, c)
		}
	}
	if len(b)-begin > longest {
		return b[:before]
	}
	return b
}

// appendUnitext appends a parameter with its value as utf-8-addr-unitext (RFC 6533 §3), or nothing when that is longer than longest.
func appendUnitext(b []byte, name, value string, longest int) []byte {
	before := len(b)
	b = append(b, name...)
	begin := len(b)
	for i := range len(value) {
		if c := value[i]; c < '!' || c == 0x7f || c == '+' || c == '=' || c == '\\' {
			b = append(b, '\\', 'x', '{', upperHex[c>>4], upperHex[c&15], '}')
		} else {
			b = append(b, c)
		}
	}
	if len(b)-begin > longest {
		return b[:before]
	}
	return b
}
