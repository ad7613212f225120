package store

import (
	"bytes"
	"fmt"

	"convene/list"
)

// paperName is how long the name of a paper may be, in octets.
const paperName = 200

// Paper implements list.Reader. What it returns is the caller's own.
func (t *txn) Paper(id uint32, name string) ([]byte, error) {
	v, err := t.get(inPapers, listKey(id).str(name))
	if err != nil {
		return nil, fmt.Errorf("store: paper %q of list %d: %w", name, id, err)
	}
	return bytes.Clone(v), nil
}

// Papers implements list.Reader.
func (t *txn) Papers(id uint32, prefix string, f func(name string, content []byte) error) error {
	return t.walk(inPapers, listKey(id).str(prefix), nil, func(k, v []byte) error { return f(string(k[4:]), bytes.Clone(v)) })
}

// PutPaper implements list.Tx.
func (t *txn) PutPaper(id uint32, name string, content []byte) error {
	if name == "" || len(name) > paperName {
		return fmt.Errorf("store: paper of list %d: a name of %d octets: %w", id, len(name), list.ErrNotFound)
	}
	return t.put(inPapers, listKey(id).str(name), content)
}

// DeletePaper implements list.Tx; list.ErrNotFound when there is no such paper.
func (t *txn) DeletePaper(id uint32, name string) error {
	if !t.has(inPapers, listKey(id).str(name)) {
		return fmt.Errorf("store: paper %q of list %d: %w", name, id, list.ErrNotFound)
	}
	return t.delete(inPapers, listKey(id).str(name))
}
