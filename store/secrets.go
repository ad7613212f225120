package store

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"convene/list"
)

// hashAt reads the hash at the end of a key; one that is too short has none.
func hashAt(k []byte) (h [32]byte) {
	copy(h[:], k[max(0, len(k)-len(h)):])
	return h
}

// Secret implements list.Reader.
func (t *txn) Secret(hash [32]byte) (s list.Secret, err error) {
	v, err := t.get(inSecrets, hash[:])
	if err == nil {
		s, err = decodeSecret(v)
	}
	if err != nil {
		return s, fmt.Errorf("store: secret: %w", err)
	}
	return s, nil
}

// SecretsOf implements list.Reader.
func (t *txn) SecretsOf(id uint32, purpose list.Purpose, subject uint64, f func(list.Secret) error) error {
	return t.secretsBehind(subjectOfKey(id, purpose, subject), f)
}

// SecretsFor implements list.Reader.
func (t *txn) SecretsFor(id uint32, purpose list.Purpose, f func(list.Secret) error) error {
	return t.secretsBehind(purposeKey(id, purpose), f)
}

// secretsBehind are those whose key by subject begins in one way.
func (t *txn) secretsBehind(prefix key, f func(list.Secret) error) error {
	return t.walk(inSecretSubjects, prefix, nil, func(k, _ []byte) error {
		s, err := t.Secret(hashAt(k))
		if err != nil {
			return err
		}
		return f(s)
	})
}

// PutSecret implements list.Tx.
func (t *txn) PutSecret(s list.Secret) error {
	if s.Hash == ([32]byte{}) {
		return errors.New("store: a secret without its hash")
	}
	if err := t.DeleteSecret(s.Hash); err != nil && !errors.Is(err, list.ErrNotFound) {
		return err
	}
	return errors.Join(
		t.put(inSecretSubjects, secretSubjectKey(&s), nil),
		t.put(inSecretExpiry, secretExpiryKey(&s), nil),
		t.put(inSecrets, s.Hash[:], encodeSecret(&s)),
	)
}

// DeleteSecret implements list.Tx; list.ErrNotFound when there is no such secret.
func (t *txn) DeleteSecret(hash [32]byte) error {
	s, err := t.Secret(hash)
	if err != nil {
		return err
	}
	return errors.Join(
		t.delete(inSecretSubjects, secretSubjectKey(&s)),
		t.delete(inSecretExpiry, secretExpiryKey(&s)),
		t.delete(inSecrets, hash[:]),
	)
}

// pruneSecrets forgets secrets that have expired, so many at most, and says whether there may be more.
func (t *txn) pruneSecrets(now time.Time, most int) (more bool, err error) {
	until := newKey().time(now)
	for range most {
		k, _ := t.bucket(inSecretExpiry).Cursor().First()
		if k == nil || bytes.Compare(k[:min(8, len(k))], until) > 0 {
			return false, nil
		}
		if len(k) != 8+32 {
			return false, fmt.Errorf("store: record %x of %s: %w", k, inSecretExpiry, ErrCorrupt)
		}
		if err := t.DeleteSecret(hashAt(k)); err != nil {
			return false, err
		}
	}
	return true, nil
}

func askedKey(address string) key { return newKey().id(shorten(list.FoldAddress(address))) }

// Asked implements list.Reader.
func (t *txn) Asked(address string) ([]list.Asking, error) {
	v, err := t.get(inAsked, askedKey(address))
	if errors.Is(err, list.ErrNotFound) {
		return nil, nil
	}
	var all []list.Asking
	if err == nil {
		all, err = decodeAsked(v)
	}
	if err != nil {
		return nil, fmt.Errorf("store: what an address was asked: %w", err)
	}
	return all, nil
}

// PutAsked implements list.Tx.
func (t *txn) PutAsked(address string, all []list.Asking) error {
	if len(all) == 0 {
		return t.delete(inAsked, askedKey(address))
	}
	return t.put(inAsked, askedKey(address), encodeAsked(all))
}

// keepAsked is how long it is known what an address was asked: caps are for a day.
const keepAsked = 24 * time.Hour

// pruneAsked forgets who was asked nothing for long enough.
func (db *DB) pruneAsked(now time.Time) error {
	var old [][]byte
	err := db.view(func(t *txn) error {
		return t.walk(inAsked, nil, nil, func(k, v []byte) error {
			all, err := decodeAsked(v)
			if err == nil && lastAsked(all).Add(keepAsked).Before(now) {
				old = append(old, bytes.Clone(k))
			}
			return err
		})
	})
	if err != nil || len(old) == 0 {
		return err
	}
	return db.update(func(t *txn) error {
		for _, k := range old {
			v, err := t.get(inAsked, k)
			if errors.Is(err, list.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			all, err := decodeAsked(v)
			if err == nil && lastAsked(all).Add(keepAsked).Before(now) { // else it was asked again meanwhile
				err = t.delete(inAsked, k)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}
