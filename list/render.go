package list

import (
	"encoding/hex"

	"convene/list/message"
)

// Copy makes what goes out for an outbox record: from what is stored alone, so that a retry is identical.
func (e *Engine) Copy(out Outgoing, form Form) (message.Pieces, error) {
	raw, err := e.Store.Raw(out.Ref)
	if err != nil {
		return nil, err
	}
	p, _ := Transform(stepsFor(out), raw, out.Style, form)
	return p, nil
}

func stepsFor(out Outgoing) []Step {
	if out.Forward {
		return ForwardSteps()
	}
	if out.Digest {
		return DigestSteps()
	}
	if out.Post == 0 {
		return nil
	}
	return PostSteps()
}

func hexKey(key [16]byte) string { return hex.EncodeToString(key[:]) }
