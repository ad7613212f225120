package mailer

import (
	"bytes"
	"fmt"
	"slices"

	"convene/list"
	"convene/list/message"
)

// asWhole returns the rendering of the whole message where the light form has lost nothing, so that it is signed and kept once; nil where it has.
func (c *contents) asWhole(out *list.Outgoing, s *settings, f form, light message.Pieces) (*rendering, error) {
	whole, err := c.source.Copy(*out, list.Form{ASCII: f.ascii, SevenBit: f.sevenBit})
	if err != nil {
		return nil, fmt.Errorf("mailer: copies of %d: %w", out.ID, err)
	}
	if whole.Len() != light.Len() || !bytes.Equal(whole.Bytes(), light.Bytes()) {
		return nil, nil
	}
	f.light = false
	made, _, err := c.get(out, s, f.shape)
	return made, err
}

// byForm puts the copies of a claim in an order in which those of one form stand together, the whole ones first.
func byForm(copies []list.Copy) {
	slices.SortStableFunc(copies, func(a, b list.Copy) int {
		switch {
		case a.Light == b.Light:
			return 0
		case b.Light:
			return -1
		}
		return 1
	})
}

// oneForm is how many copies at the beginning are of one form.
func oneForm(copies []list.Copy) int {
	for i := range copies {
		if copies[i].Light != copies[0].Light {
			return i
		}
	}
	return len(copies)
}

// forms are the renderings of one claim in which a worker's connection takes them: the whole one, and the light one.
type forms [2]*rendering

func (f *forms) of(copy *list.Copy) **rendering {
	if copy.Light {
		return &f[1]
	}
	return &f[0]
}
