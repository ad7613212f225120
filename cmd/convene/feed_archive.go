package main

import (
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// What an export of another program may unpack to, at most: one that is made to fill memory or time is stopped there.
const (
	unpackedFiles = 10_000
	unpackedSize  = 64 << 30 // octets, in all
)

// openFolder has the files of a folder come as one stream, in the order of their names: those that an export may have. What is behind links is left alone.
func (c *cli) openFolder(dir string) error {
	c.reads = true
	if c.house != nil {
		return nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	f := &feeder{}
	var size int64
	left := &unpacking{left: unpackedSize}
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !exported(name) {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		size += info.Size()
		f.files = append(f.files, feedFile{name: strings.TrimSuffix(name, ".gz"), open: func() (io.ReadCloser, error) {
			file, err := root.Open(filepath.FromSlash(name))
			return left.gunzip(name, file, err, f.passed)
		}})
		return nil
	})
	f.passed = c.progress(size)
	c.in = f
	return err
}

// openZip has the files of a zip come as one stream, as openFolder does.
func (c *cli) openZip(name string) error {
	c.reads = true
	if c.house != nil {
		return nil
	}
	z, err := zip.OpenReader(name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if len(z.File) > unpackedFiles {
		return fmt.Errorf("%s has %d files; %d are the most that are looked at", name, len(z.File), unpackedFiles)
	}
	f := &feeder{}
	var size int64
	left := &unpacking{left: unpackedSize}
	for _, one := range z.File {
		if !one.Mode().IsRegular() || !exported(one.Name) || strings.HasSuffix(one.Name, ".gz") {
			continue
		}
		size += int64(min(one.UncompressedSize64, unpackedSize))
		f.files = append(f.files, feedFile{name: one.Name, open: func() (io.ReadCloser, error) {
			r, err := one.Open()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", one.Name, err)
			}
			return left.of(&metered{r, f.passed}, r), nil
		}})
	}
	slices.SortStableFunc(f.files, func(a, b feedFile) int { return strings.Compare(a.name, b.name) })
	f.passed = c.progress(size)
	c.in = f
	return nil
}

// exported reports whether a file may be one of an export: an archive or a roster, by its name.
func exported(name string) bool {
	base := strings.ToLower(filepath.Base(name))
	return !strings.HasPrefix(base, ".") && !strings.Contains(name, "__MACOSX/") && slices.Contains([]string{".mbox", ".mbx", ".txt", ".csv", ".json"}, filepath.Ext(strings.TrimSuffix(base, ".gz")))
}

// errBomb ends the reading of what unpacks to more than any archive has.
var errBomb = errors.New("it unpacks to more than an archive can have")

// unpacking is how much may still be unpacked.
type unpacking struct{ left int64 }

// of reads something packed, which is closed with what it is in.
func (u *unpacking) of(r io.Reader, in io.Closer) io.ReadCloser { return &unpacked{u, r, in} }

// gunzip reads what is in a file that was opened, where its name says that it is packed. passed hears of the octets of the file itself, whatever they unpack to: what
// is to come is known by its size.
func (u *unpacking) gunzip(name string, file *os.File, err error, passed func(n int)) (io.ReadCloser, error) {
	if err != nil {
		return nil, err
	}
	plain := &metered{file, passed}
	if !strings.HasSuffix(strings.ToLower(name), ".gz") {
		return plain, nil
	}
	packed, err := gzip.NewReader(plain)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), file.Close())
	}
	return u.of(packed, file), nil
}

// metered tells how much was read.
type metered struct {
	io.ReadCloser
	passed func(n int)
}

func (c *metered) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.passed(n)
	return n, err
}

type unpacked struct {
	*unpacking
	r  io.Reader
	in io.Closer
}

func (u *unpacked) Read(p []byte) (int, error) {
	if u.left <= 0 {
		return 0, errBomb
	}
	n, err := u.r.Read(p[:min(int64(len(p)), u.left)])
	u.left -= int64(n)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("the packed file is cut off: %w", err)
	}
	return n, err
}

func (u *unpacked) Close() error { return u.in.Close() }
