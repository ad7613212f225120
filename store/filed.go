package store

import (
	"fmt"

	"convene/list"
)

// Filed implements list.Reader.
func (t *txn) Filed(id, post uint32) (f list.Filed, err error) {
	v, err := t.get(inFiled, filedKey(id, post))
	if err == nil {
		f, err = decodeFiled(v)
	}
	if err != nil {
		return f, fmt.Errorf("store: files of post %d of list %d: %w", post, id, err)
	}
	return f, nil
}

// FiledPosts implements list.Reader.
func (t *txn) FiledPosts(id, before uint32, f func(list.Filed) error) error {
	var from key
	if before > 0 {
		from = filedKey(id, before-1)
	}
	return t.walk(inFiled, listKey(id), from, func(_, v []byte) error {
		filed, err := decodeFiled(v)
		if err != nil {
			return err
		}
		return f(filed)
	})
}

// PutFiled implements list.Tx.
func (t *txn) PutFiled(f list.Filed) error {
	return t.put(inFiled, filedKey(f.List, f.Post), encodeFiled(&f))
}

// DeleteFiled implements list.Tx.
func (t *txn) DeleteFiled(id, post uint32) error { return t.delete(inFiled, filedKey(id, post)) }

func encodeFiled(f *list.Filed) []byte {
	e := newEncoder(64 + 96*len(f.Files))
	e.uint(1, uint64(f.List))
	e.uint(2, uint64(f.Post))
	e.flag(3, f.Hidden)
	for _, one := range f.Files {
		e.message(4, 96, func(e *encoder) {
			e.uint(1, uint64(one.Index))
			e.str(2, one.Name)
			e.str(3, one.Media)
			e.uint(4, uint64(one.Size))
		})
	}
	return e.b
}

func decodeFiled(v []byte) (f list.Filed, err error) {
	d := newDecoder(v)
	for d.next() && err == nil {
		switch d.num {
		case 1:
			f.List = d.u32()
		case 2:
			f.Post = d.u32()
		case 3:
			f.Hidden = d.flag()
		case 4:
			var one list.File
			one, err = takeFile(d.sub())
			f.Files = append(f.Files, one)
		}
	}
	if err == nil {
		err = d.err
	}
	return f, err
}

func takeFile(d *decoder) (f list.File, err error) {
	for d.next() {
		switch d.num {
		case 1:
			f.Index = int(d.u32())
		case 2:
			f.Name = d.str()
		case 3:
			f.Media = d.str()
		case 4:
			f.Size = int64(d.u)
		}
	}
	return f, d.err
}
