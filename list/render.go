package list

import "encoding/hex"

// Copy makes the bytes that go out for an outbox record: from what is stored alone, so that a retry is identical.
func (e *Engine) Copy(out Outgoing) ([]byte, error) {
	raw, err := e.Store.Raw(out.Ref)
	if err != nil {
		return nil, err
	}
	b, _ := Transform(stepsFor(out), raw, out.Style)
	return b, nil
}

func stepsFor(out Outgoing) []Step {
	if out.Forward {
		return ForwardSteps()
	}
	if out.Post == 0 {
		return nil
	}
	return PostSteps()
}

func hexKey(key [16]byte) string { return hex.EncodeToString(key[:]) }
