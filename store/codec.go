package store

import (
	"bufio"
	"errors"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// window is how far back compression looks, in octets: enough for a mail's text, and small enough for an idle machine.
const window = 256 << 10

// codec compresses and decompresses records. What it needs for that is given back to the garbage collector when it is not used.
type codec struct {
	encoders, decoders sync.Pool
}

// compress appends raw, compressed, to b.
func (c *codec) compress(raw, b []byte) []byte {
	e, _ := c.encoders.Get().(*zstd.Encoder)
	if e == nil {
		var err error
		e, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(window),
			zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false))
		if err != nil {
			panic(err) // the options are constants
		}
	}
	defer c.encoders.Put(e)
	return e.EncodeAll(raw, b)
}

// decompress returns at most length octets.
func (c *codec) decompress(b []byte, length uint32) ([]byte, error) {
	d := c.decoder()
	defer c.decoders.Put(d)
	return d.DecodeAll(b, make([]byte, 0, length))
}

// decompressFrom fills raw from what r has, of which it may leave octets unread. It is an error if there is more.
func (c *codec) decompressFrom(r io.Reader, raw []byte) error {
	d := c.decoder()
	defer c.decoders.Put(d)
	defer func() { _ = d.Reset(nil) }() // so that it does not keep r; without a reader there is nothing that could fail
	if err := d.Reset(bufio.NewReaderSize(r, 64<<10)); err != nil {
		return err
	}
	if _, err := io.ReadFull(d, raw); err != nil {
		return err
	}
	if n, err := d.Read(make([]byte, 1)); n > 0 || err != io.EOF {
		return errors.New("it is longer than it says")
	}
	return nil
}

func (c *codec) decoder() *zstd.Decoder {
	d, _ := c.decoders.Get().(*zstd.Decoder)
	if d == nil {
		var err error
		d, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecodeAllCapLimit(true))
		if err != nil {
			panic(err) // the options are constants
		}
	}
	return d
}
