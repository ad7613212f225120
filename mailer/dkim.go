package mailer

import (
	"bytes"
	"context"

	"github.com/emersion/go-msgauth/dkim"

	"convene/list"
)

// maxSignatures is how many DKIM signatures of a message are looked at, from the top: each costs a look-up and a pass over the message.
const maxSignatures = 5

// checkDKIM verifies the signatures of a message (RFC 6376).
func (a *Authenticator) checkDKIM(ctx context.Context, raw []byte) evidence {
	verified, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{
		LookupTXT:        func(name string) ([]string, error) { return a.Resolver.LookupTXT(ctx, name) },
		MaxVerifications: maxSignatures,
	})
	e := evidence{dkim: list.None}
	if err != nil && err != dkim.ErrTooManySignatures {
		e.dkim = "permerror"
		return e
	}
	for _, v := range verified {
		switch {
		case v.Err == nil:
			e.dkimPassed = append(e.dkimPassed, v.Domain)
		default:
			e.dkimFailed = append(e.dkimFailed, v.Domain)
			e.dkimBroken = e.dkimBroken || dkim.IsTempFail(v.Err)
		}
	}
	switch {
	case len(e.dkimPassed) > 0:
		e.dkim = list.Pass
	case e.dkimBroken:
		e.dkim = list.TempError
	case len(verified) > 0:
		e.dkim = list.Fail
	}
	return e
}
