package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// volume is a file system of its own, made for one test.
type volume struct {
	dir string
	// of one that can lose power:
	image, fs, options string
}

// newVolume makes a file system in a file, and skips the test where that cannot be done.
func newVolume(t *testing.T, fs, options string) *volume {
	if os.Geteuid() != 0 {
		t.Skip("only root may mount file systems")
	}
	mkfs, err := exec.LookPath("mkfs." + fs)
	if err != nil {
		t.Skip("file systems of that kind cannot be made here: ", err)
	}
	dir := t.TempDir()
	v := &volume{dir: filepath.Join(dir, "mnt"), image: filepath.Join(dir, "image"), fs: fs, options: options}
	image, err := os.Create(v.image)
	if err != nil {
		t.Fatal(err)
	}
	defer image.Close()
	if err := image.Truncate(512 << 20); err != nil { // the least that mkfs.xfs takes is 300 MB
		t.Fatal(err)
	}
	if out, err := exec.Command(mkfs, "-q", v.image).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", mkfs, err, out)
	}
	if err := os.Mkdir(v.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := v.mount(); err != nil {
		t.Skip("a file cannot be mounted here: ", err)
	}
	t.Cleanup(func() { unix.Unmount(v.dir, unix.MNT_DETACH) })
	return v
}

// mount mounts the file, through a loop device that goes away with the mount.
func (v *volume) mount() error {
	out, err := exec.Command("mount", "-t", v.fs, "-o", "loop,"+v.options, v.image, v.dir).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}

// What ends a file system at once, without writing what is not yet written; ext4 has it as EXT4_IOC_SHUTDOWN.
const (
	goingDown      = 0x8004587d // XFS_IOC_GOINGDOWN
	goWithoutFlush = 2          // XFS_FSOP_GOING_FLAGS_NOLOGFLUSH
)

// cutPower takes the power from the volume: what was not synced is gone. Whoever uses it gets errors from then on.
func (v *volume) cutPower() error {
	d, err := os.Open(v.dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return unix.IoctlSetPointerInt(int(d.Fd()), goingDown, goWithoutFlush)
}

// sync writes all that the kernel has of the volume.
func (v *volume) sync() error {
	d, err := os.Open(v.dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return unix.Syncfs(int(d.Fd()))
}

// restore mounts the volume again, as after the power has come back. Nobody may be using it. Where somebody else on this machine makes a mount
// namespace at that moment, the dead file system lives on in it, and would be mounted again as it is: then that has to go first.
func (v *volume) restore() error {
	for deadline := time.Now().Add(patience); ; {
		if err := unix.Unmount(v.dir, 0); err != nil {
			return err
		}
		if err := v.mount(); err != nil {
			return err
		}
		probe := filepath.Join(v.dir, "probe")
		err := os.WriteFile(probe, nil, 0o600)
		if err == nil {
			return os.Remove(probe)
		}
		if time.Now().After(deadline) {
			return err
		}
		<-time.After(50 * time.Millisecond)
	}
}

// newMemoryVolume makes a file system of so many octets in memory.
func newMemoryVolume(t *testing.T, size int64) *volume {
	if os.Geteuid() != 0 {
		t.Skip("only root may mount file systems")
	}
	v := &volume{dir: t.TempDir()}
	if err := syscall.Mount("tmpfs", v.dir, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		t.Skip("file systems cannot be mounted here: ", err)
	}
	t.Cleanup(func() { unix.Unmount(v.dir, unix.MNT_DETACH) })
	return v
}

// leave takes up room until at most so many octets are free. Another process's file could do the same.
func (v *volume) leave(octets int64) error {
	var st unix.Statfs_t
	if err := unix.Statfs(v.dir, &st); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(v.dir, "filler"), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return unix.Fallocate(int(f.Fd()), 0, info.Size(), int64(st.Bavail)*st.Bsize-octets)
}

// clear gives back what leave took.
func (v *volume) clear() error { return os.Remove(filepath.Join(v.dir, "filler")) }
