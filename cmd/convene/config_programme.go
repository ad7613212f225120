package main

import (
	"convene/digest"
	"convene/digest/letter"
)

// Programme is what the editor has to run: a new one at each call.
func (c *Config) Programme() *digest.Programme {
	p := &digest.Programme{Book: letter.Built(), Digests: map[string]string{}, Command: c.Summary.Command}
	for i := range c.Lists {
		p.Digests[c.Lists[i].Address] = c.Lists[i].Digest.Cron
	}
	return p
}
