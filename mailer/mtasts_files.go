package mailer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// stsFiles keeps policies in a folder, one file a domain, and no more than so many.
type stsFiles struct {
	most  int        // zero: stsFilesMost
	mu    sync.Mutex // of writing
	count int        // files there may be; zero: not counted yet
}

const stsFilesMost = 10000

// stsFile names a domain's file. Names of domains can be longer than names of files.
func stsFile(dir, domain string) string {
	sum := sha256.Sum256([]byte(domain))
	return filepath.Join(dir, hex.EncodeToString(sum[:16])+".json")
}

// read returns a domain's policy, whether it still holds or not; nil: there is none. A file that cannot be understood is none, and an error.
func (f *stsFiles) read(dir, domain string) (*stsPolicy, error) {
	if dir == "" {
		return nil, nil
	}
	data, err := os.ReadFile(stsFile(dir, domain))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var p stsPolicy
	if err := json.Unmarshal(data, &p); err != nil || p.Domain != domain {
		return nil, fmt.Errorf("mailer: %s is not the policy of %s", stsFile(dir, domain), domain)
	}
	return &p, nil
}

// write keeps a policy, in place of an older one. A crash leaves the one or the other.
func (f *stsFiles) write(dir string, p *stsPolicy) error {
	if dir == "" {
		return nil
	}
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := f.makeRoom(dir); err != nil {
		return err
	}
	// CreateTemp makes files of mode 0600.
	temp, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), stsFile(dir, p.Domain))
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	f.count++
	return nil
}

// makeRoom removes the tenth of the files that was not written for longest, when there are too many.
func (f *stsFiles) makeRoom(dir string) error {
	most := f.most
	if most == 0 {
		most = stsFilesMost
	}
	if 0 < f.count && f.count < most {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	f.count = len(entries)
	if f.count < most {
		return nil
	}
	type file struct {
		name string
		at   int64
	}
	var files []file
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			files = append(files, file{e.Name(), info.ModTime().UnixNano()})
		}
	}
	slices.SortFunc(files, func(a, b file) int { return int(min(max(a.at-b.at, -1), 1)) })
	for _, old := range files[:min(len(files), most/10)] {
		if err := os.Remove(filepath.Join(dir, old.name)); err != nil {
			return err
		}
		f.count--
	}
	return nil
}
