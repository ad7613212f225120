package list

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// An export of a whole site is lines of JSON, one record each, in an order that follows from what they say: the same records make the same octets. A line names its
// kind; what is empty is not in it. Lists are named by their place in the order of addresses, and posts carry their octets in base64.

// exportVersion is what the first line says.
const exportVersion = 1

// MarshalText writes a node in hexadecimal; none is empty.
func (id NodeID) MarshalText() ([]byte, error) {
	if id == (NodeID{}) {
		return nil, nil
	}
	return []byte(hex.EncodeToString(id[:])), nil
}

// UnmarshalText reads what MarshalText wrote.
func (id *NodeID) UnmarshalText(text []byte) error {
	*id = NodeID{}
	if len(text) == 0 {
		return nil
	}
	if n, err := hex.Decode(id[:], text[:min(len(text), 2*len(id))]); err != nil || n != len(id) || len(text) != 2*len(id) {
		return fmt.Errorf("list: %q is no node", text)
	}
	return nil
}

// exportLine makes a line of a record, without the fields that are left out, and with more.
func exportLine(kind string, record any, more map[string]any, without ...string) ([]byte, error) {
	b, err := json.Marshal(record)
	if err != nil {
		return nil, err
	}
	fields := map[string]any{}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber() // no number is rounded
	if err := d.Decode(&fields); err != nil {
		return nil, err
	}
	for _, name := range without {
		delete(fields, name)
	}
	for name, v := range more {
		fields[name] = v
	}
	pruneFields(fields)
	fields["Kind"] = kind
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err = e.Encode(fields) // sorted by name, with a line end
	return out.Bytes(), err
}

// pruneFields takes out what is empty.
func pruneFields(fields map[string]any) {
	for name, v := range fields {
		if isNothing(v) {
			delete(fields, name)
		}
	}
}

// isNothing reports whether a value is the zero one, and prunes what is within.
func isNothing(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == "" || v == "0001-01-01T00:00:00Z"
	case bool:
		return !v
	case json.Number:
		return v == "0"
	case []byte:
		return len(v) == 0
	case []any:
		for _, one := range v {
			if m, ok := one.(map[string]any); ok {
				pruneFields(m)
			}
		}
		return len(v) == 0
	case map[string]any:
		pruneFields(v)
		return len(v) == 0
	}
	return false
}
