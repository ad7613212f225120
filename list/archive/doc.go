// Package archive keeps what is derived from the posts of a site: whatever must be at hand at once when the archive is read, and would take too long to be
// made then. It stands in one file beside the store, which may be thrown away at any time: it is made again from the store, and nothing that
// somebody wrote or decided is in it alone.
//
// It never accepts, changes or sends anything, knows nothing of who may read what (that is the engine's), and no transaction of the store waits for it.
//
// The walk through it:
//
//	what is derived, and from what     Part, Source      part.go
//	the file, and whether it still     Open              file.go
//	fits the store
//	it follows the store: new posts    File.Run          trail.go
//	by number, removals by sequence
//	posts by their words               Index, Finder     index.go, query.go
//
// A post is in the file within moments of its acceptance: the store rings a bell (list.Store.Watch), and one goroutine reads what is behind. After a restart it
// goes on where it was. A file that is damaged, of another version or site, or ahead of its store (which was restored from a backup) begins anew.
package archive
