package main

import (
	"context"
	"errors"
	"path/filepath"
	"sync"

	"convene/list"
	"convene/list/archive"
)

// archiveName is the file in the data folder that has what is derived from posts: it may be deleted while nothing runs.
const archiveName = "archive.db"

// openArchive opens what is derived from posts. Where that cannot be had mail goes on without it: nothing is found then, and the log says why.
func (d *daemon) openArchive(cfg *Config) {
	index := &archive.Index{Language: d.tongues()}
	file, err := archive.Open(archive.Options{Path: filepath.Join(cfg.Server.DataDir, archiveName), Source: d.db, Parts: []archive.Part{archive.Cards{}, index}, Log: d.log})
	if err != nil {
		d.log.Error("nothing can be searched until the next start", "error", err)
		return
	}
	d.archive = file
	d.engine.Finder = &archive.Finder{File: file, Index: index}
}

// tongues tells the language of a list by its number, as it is configured at the moment.
func (d *daemon) tongues() func(id uint32) string {
	var addresses sync.Map // by number; a list that was given another address has its record's from the next start on
	return func(id uint32) string {
		address, ok := addresses.Load(id)
		if !ok {
			err := d.db.View(func(r list.Reader) error {
				return r.Lists(func(rec list.Record) error { addresses.Store(rec.ID, rec.Address); return nil })
			})
			if address, ok = addresses.Load(id); err != nil || !ok {
				return ""
			}
		}
		if l, ok := d.engine.Site().List(address.(string)); ok {
			return l.Language
		}
		return ""
	}
}

// follow has what is derived follow the store, until ctx ends.
func (d *daemon) follow(ctx context.Context) {
	if d.archive != nil {
		d.archive.Run(ctx)
	}
}

// followed waits until what is derived has all that the store has now.
func (d *daemon) followed(ctx context.Context) {
	if d.archive == nil {
		return
	}
	if err := d.archive.CatchUp(ctx); err != nil && ctx.Err() == nil {
		d.log.Error("what is derived from the posts does not follow them", "error", err)
	}
}

// behind is how many posts cannot be found yet, about; false: none can be searched.
func (d *daemon) behind() (posts uint64, ok bool) {
	if d.archive == nil {
		return 0, false
	}
	posts, err := d.archive.Behind()
	return posts, err == nil
}

// closeStores closes what assemble has opened.
func (d *daemon) closeStores() error {
	var err error
	if d.archive != nil {
		err = d.archive.Close()
	}
	return errors.Join(err, d.db.Close())
}
