package store

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"convene/list"
)

// keepReports is how long reports are kept: as long as what they are about, and what a bounce may take beyond that.
const keepReports = keepDone + 5*24*time.Hour

// Reports implements list.Reader.
func (t *txn) Reports(id, post uint32, f func(list.Report) error) error {
	return t.reportsIn(pairKey(id, post), f)
}

// MemberReports implements list.Reader.
func (t *txn) MemberReports(id, post, member uint32, f func(list.Report) error) error {
	return t.reportsIn(pairKey(id, post).u32(member), f)
}

func (t *txn) reportsIn(prefix key, f func(list.Report) error) error {
	return t.walk(inReports, prefix, nil, func(_, v []byte) error {
		r, err := decodeReport(v)
		if err != nil {
			return err
		}
		return f(r)
	})
}

// PutReport implements list.Tx.
func (t *txn) PutReport(r list.Report) (list.Report, error) {
	if r.Number == 0 {
		err := t.MemberReports(r.List, r.Post, r.Member, func(last list.Report) error { r.Number = last.Number; return nil })
		if err != nil {
			return r, err
		}
		r.Number++
	} else if err := t.deleteReport(reportKey(r.List, r.Post, r.Member, r.Number)); err != nil && !errors.Is(err, list.ErrNotFound) {
		return r, err
	}
	if err := t.put(inReportAges, reportAgeKey(r.Arrived, r.List, r.Post, r.Member, r.Number), nil); err != nil {
		return r, err
	}
	return r, t.put(inReports, reportKey(r.List, r.Post, r.Member, r.Number), encodeReport(&r))
}

func (t *txn) deleteReport(k []byte) error {
	v, err := t.get(inReports, k)
	if err != nil {
		return err
	}
	r, err := decodeReport(v)
	if err != nil {
		return err
	}
	return errors.Join(t.delete(inReportAges, reportAgeKey(r.Arrived, r.List, r.Post, r.Member, r.Number)), t.delete(inReports, k))
}

// pruneReports forgets reports that are old enough, so many at most, and says whether there may be more.
func (t *txn) pruneReports(now time.Time, most int) (more bool, err error) {
	until := newKey().time(now.Add(-keepReports))
	for range most {
		k, _ := t.bucket(inReportAges).Cursor().First()
		if k == nil || bytes.Compare(k[:min(8, len(k))], until) > 0 {
			return false, nil
		}
		if len(k) != 24 {
			return false, fmt.Errorf("store: record %x of %s: %w", k, inReportAges, ErrCorrupt)
		}
		if err := t.deleteReport(bytes.Clone(k[8:])); err != nil {
			return false, err
		}
	}
	return true, nil
}
