package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
)

// controlName is the control socket in data_dir. Who may connect is who may read and write the store: mode 0600.
const controlName = "control"

var errNoDaemon = errors.New("no daemon runs on this store")

// request is what a client asks for.
type request struct {
	Args     []string `json:"args"`
	Terminal bool     `json:"terminal"`
}

// socketPath names a socket in dir by way of an open descriptor, since the path of a Unix socket has room for 107 octets only. The
// descriptor must stay open until the socket is bound or connected.
func socketPath(dir string) (string, *os.File, error) {
	d, err := os.Open(dir)
	if err != nil {
		return "", nil, err
	}
	return "/proc/self/fd/" + strconv.Itoa(int(d.Fd())) + "/" + controlName, d, nil
}

// dialControl connects to the daemon of a data_dir. errNoDaemon: there is none.
func dialControl(dir string) (net.Conn, error) {
	path, d, err := socketPath(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoDaemon
	} else if err != nil {
		return nil, err
	}
	defer d.Close()
	conn, err := net.Dial("unix", path)
	if errors.Is(err, syscall.ENOENT) || errors.Is(err, syscall.ECONNREFUSED) {
		return nil, errNoDaemon
	} else if err != nil {
		return nil, fmt.Errorf("the daemon's control socket %s: %w", filepath.Join(dir, controlName), err)
	}
	return conn, nil
}

// listenControl makes the control socket. The store's lock is held, so what is in the way is left over from a process that is gone.
func listenControl(dir string) (net.Listener, error) {
	if err := os.Remove(filepath.Join(dir, controlName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	path, d, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	old := syscall.Umask(0o177)
	l, err := net.Listen("unix", path)
	syscall.Umask(old)
	if err != nil {
		return nil, fmt.Errorf("control socket in %s: %w", dir, err)
	}
	// The name by way of the descriptor means nothing any more once it is closed: the file is removed by its real one.
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	return l, nil
}

// relay runs the command in the daemon and passes on what it reads and writes.
func (c *cli) relay(ctx context.Context, conn net.Conn) error {
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	var mu sync.Mutex
	head, err := json.Marshal(request{Args: c.args, Terminal: c.terminal})
	if err != nil {
		return err
	}
	if err := (frameWriter{&mu, conn, frameArgs}).frame(head); err != nil {
		return fmt.Errorf("control: %w", err)
	}
	in := frameWriter{&mu, conn, frameIn}
	// Nobody's standard input is eaten by a command that does not ask for it. A command may have ended before its input did.
	input := &watchedInput{r: c.in}
	if c.reads {
		go func() { // ends with the connection or the input
			if _, err := io.Copy(in, input); err == nil {
				in.frame(nil)
			} else if half, ok := conn.(*net.UnixConn); ok && input.err() != nil {
				half.CloseWrite() //nolint:errcheck // the command would wait for more for ever
			}
		}()
	}
	for {
		kind, content, err := readFrame(conn)
		if err != nil {
			return fmt.Errorf("the daemon ended before the command did: %w", err)
		}
		switch kind {
		case frameOut:
			_, err = c.out.Write(content)
		case frameErr:
			_, err = c.err.Write(content)
		case frameFile:
			if c.file == nil {
				return errors.New("control: content for a file that the command does not name")
			}
			_, err = c.file.Write(content)
		case frameExit:
			if len(content) != 1 || content[0] != exitDone {
				if err := input.err(); err != nil {
					fmt.Fprintf(c.err, "convene: %v\n", err)
				}
				return remoteExit(append(content, exitFailed)[0])
			}
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// watchedInput remembers why an input could not be read on.
type watchedInput struct {
	r      io.Reader
	failed atomic.Pointer[error]
}

func (w *watchedInput) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.failed.Store(&err)
	}
	return n, err
}

// err is nil as long as it could.
func (w *watchedInput) err() error {
	if err := w.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// serveControl runs the commands that come in through the control socket, until the listener is closed; then it waits for them.
func (d *daemon) serveControl(ctx context.Context, l net.Listener) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		wg.Go(func() {
			defer conn.Close()
			stop := context.AfterFunc(ctx, func() { conn.Close() })
			defer stop()
			d.command(ctx, conn)
		})
	}
}

// command runs one command for a client.
func (d *daemon) command(ctx context.Context, conn net.Conn) {
	kind, content, err := readFrame(conn)
	if errors.Is(err, io.EOF) {
		return // somebody who only wanted to know whether a daemon runs
	}
	var req request
	if err == nil && kind == frameArgs {
		err = json.Unmarshal(content, &req)
	}
	if err != nil || kind != frameArgs {
		d.log.Warn("control connection", "error", fmt.Sprint("not a command: ", err))
		return
	}
	var mu sync.Mutex
	c := &cli{
		args: req.Args, house: d.house(), file: frameWriter{&mu, conn, frameFile},
		streams: streams{in: &frameReader{r: conn}, out: frameWriter{&mu, conn, frameOut}, err: frameWriter{&mu, conn, frameErr}, terminal: req.Terminal},
	}
	code := c.run(ctx)
	(frameWriter{&mu, conn, frameExit}).frame([]byte{byte(code)})
}
