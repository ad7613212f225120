package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
)

// maxBody is the largest body of a POST, in octets. Our largest form has an address and a path, each octet of which may take three; "List-Unsubscribe=One-Click" as
// multipart/form-data takes about 200.
const maxBody = 4 << 10

// readForm reads the fields of a POST from its body; the query never counts. It returns the status of the answer when the body is too large,
// came too slowly, or did not come whole; zero otherwise. A body of another type, or a broken one, has no fields.
func readForm(r *http.Request) (url.Values, int) {
	if r.ContentLength > maxBody {
		return nil, http.StatusRequestEntityTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, http.StatusRequestTimeout
	case err != nil:
		return nil, http.StatusBadRequest
	case len(body) > maxBody:
		return nil, http.StatusRequestEntityTooLarge
	}
	kind := r.Header.Get("Content-Type")
	if kind == "" {
		kind = "application/x-www-form-urlencoded" // whoever took the trouble to write the pair means it
	}
	media, params, err := mime.ParseMediaType(kind)
	switch {
	case err != nil:
	case media == "application/x-www-form-urlencoded":
		if form, err := url.ParseQuery(string(body)); err == nil {
			return form, 0
		}
	case media == "multipart/form-data":
		return readParts(multipart.NewReader(bytes.NewReader(body), params["boundary"])), 0
	}
	return nil, 0
}

// readParts reads the fields of a multipart/form-data body (RFC 7578), none if it is broken anywhere. Unlike ParseMultipartForm it can make no
// temporary file.
func readParts(parts *multipart.Reader) url.Values {
	form := url.Values{}
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return form
		}
		if err != nil {
			return nil
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil
		}
		if part.FileName() == "" {
			form.Add(part.FormName(), string(value))
		}
	}
}
