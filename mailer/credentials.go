package mailer

import (
	"encoding/base64"
	"fmt"
)

// credentials are who we are to a smarthost; without a username there are none.
type credentials struct{ username, password string }

// authenticate says who we are: by AUTH PLAIN (RFC 4616), or AUTH LOGIN where that is all there is, as at Microsoft and many hosters. That a
// peer refuses us for good, or that it would have to be told in the clear, is for a person to mend.
func (who credentials) authenticate(c *client, verified bool) error {
	if !verified {
		return fmt.Errorf("4.7.5 %w are not sent without TLS and a valid certificate", ErrCredentials)
	}
	switch {
	case c.ext.authPlain:
		return answerTo(c, "AUTH PLAIN "+encode("\x00"+who.username+"\x00"+who.password))
	case c.ext.authLogin:
		return who.login(c)
	}
	return fmt.Errorf("4.7.0 %w: the hop offers neither AUTH PLAIN nor AUTH LOGIN", ErrCredentials)
}

// login is AUTH LOGIN (draft-murchison-sasl-login): two prompts, whose wording differs between servers and says nothing.
func (who credentials) login(c *client) error {
	for _, line := range []string{"AUTH LOGIN", encode(who.username)} {
		if err := c.command(c.wait.Command, line); err != nil {
			return c.failure("AUTH", err)
		}
		if c.resp.code != 334 {
			return refusedAuth(c)
		}
	}
	return answerTo(c, encode(who.password))
}

// answerTo sends the last line of an exchange.
func answerTo(c *client, line string) error {
	if err := c.command(c.wait.Command, line); err != nil {
		return c.failure("AUTH", err)
	}
	if c.resp.class() == 2 {
		return nil
	}
	return refusedAuth(c)
}

func refusedAuth(c *client) error {
	if c.resp.class() == 5 {
		return c.failure("AUTH", ErrCredentials)
	}
	return c.failure("AUTH", nil)
}

func encode(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
