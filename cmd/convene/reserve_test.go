package main

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"syscall"
	"testing"
)

// reserve is a free loopback address that stays free for a program that is told of it, while that is not yet up and while it is down. A socket is bound
// there that does not listen: the kernel gives such a port to no connection and to nobody who asks for any, and lets a listener have it who asks for
// it by number and allows others (SO_REUSEADDR, as Go's do). release may be called more than once.
func reserve() (addr string, release func(), err error) {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return "", nil, fmt.Errorf("reserve: %w", err)
	}
	release = sync.OnceFunc(func() { syscall.Close(socket) })
	err = errors.Join(syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1),
		syscall.Bind(socket, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	if err == nil {
		var bound syscall.Sockaddr
		if bound, err = syscall.Getsockname(socket); err == nil {
			return fmt.Sprintf("127.0.0.1:%d", bound.(*syscall.SockaddrInet4).Port), release, nil
		}
	}
	release()
	return "", nil, fmt.Errorf("reserve: %w", err)
}

// reservedAddr is an address that is reserved until the test is over.
func reservedAddr(t testing.TB) string {
	t.Helper()
	addr, release, err := reserve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	return addr
}

// Whoever is told of a reserved address has it, again and again, and nobody else gets its port.
func TestAReservedAddressIsKeptForWhoIsToldOfIt(t *testing.T) {
	addr := reservedAddr(t)
	for range 3 {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := net.Listen("tcp", addr); !errors.Is(err, syscall.EADDRINUSE) {
			t.Errorf("a second listener: %v", err)
		}
		conn.Close()
		l.Close()
		if conn, err := net.Dial("tcp", addr); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("with no listener: %v, %v", conn, err)
		}
	}
	for range 500 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if l.Addr().String() == addr {
			t.Fatal("somebody who asked for any port got this one")
		}
	}
}
