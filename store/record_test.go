package store

import (
	"reflect"
	"testing"
	"time"

	"convene/list"
)

// fill gives every field of a record a value that is not its zero, so that one which an encoder forgets is missed.
func fill(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString("v" + string(rune('a'+*n%26)))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(*n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(t, v.Index(i), n)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 3, 2, 9, 0, *n, *n, time.UTC)))
			return
		}
		for i := range v.NumField() {
			fill(t, v.Field(i), n)
		}
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		fill(t, value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("name"), value)
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*list.Note]() {
			return // a note holds a secret that holds a note: the test sets it
		}
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	default:
		t.Fatalf("a field of kind %s: teach this test about it", v.Kind())
	}
}

func TestRecordsForgetNothing(t *testing.T) {
	n := 0
	var m list.Member
	fill(t, reflect.ValueOf(&m).Elem(), &n)
	if back, err := decodeMember(encodeMember(&m)); err != nil || !reflect.DeepEqual(back, m) {
		t.Errorf("member %+v, want %+v (%v)", back, m, err)
	}
	var h list.Held
	fill(t, reflect.ValueOf(&h).Elem(), &n)
	if back, err := decodeHeld(encodeHeld(&h)); err != nil || !reflect.DeepEqual(back, h) {
		t.Errorf("held %+v, want %+v (%v)", back, h, err)
	}
	var ruling list.Ruling
	fill(t, reflect.ValueOf(&ruling).Elem(), &n)
	if back, err := decodeRuling(encodeRuling(&ruling)); err != nil || back != ruling {
		t.Errorf("ruling %+v, want %+v (%v)", back, ruling, err)
	}
	var note list.Note
	fill(t, reflect.ValueOf(&note).Elem(), &n)
	if back, err := decodeNote(encodeNote(&note)); err != nil || !reflect.DeepEqual(back, note) {
		t.Errorf("note %+v, want %+v (%v)", back, note, err)
	}
	secret := *note.Secret
	secret.Note = &note
	if back, err := decodeSecret(encodeSecret(&secret)); err != nil || !reflect.DeepEqual(back, secret) {
		t.Errorf("secret %+v, want %+v (%v)", back, secret, err)
	}
	asked := []list.Asking{{List: 1, At: note.Created}, {List: 2, At: secret.Expires}}
	if back, err := decodeAsked(encodeAsked(asked)); err != nil || !reflect.DeepEqual(back, asked) {
		t.Errorf("asked %+v, want %+v (%v)", back, asked, err)
	}
	var topic list.Topic
	fill(t, reflect.ValueOf(&topic).Elem(), &n)
	if back, err := decodeTopic(encodeTopic(&topic)); err != nil || !reflect.DeepEqual(back, topic) {
		t.Errorf("topic %+v, want %+v (%v)", back, topic, err)
	}
	var out outgoingRow
	fill(t, reflect.ValueOf(&out.Outgoing).Elem(), &n)
	out.reason, out.dropped = "r", true
	if back, err := decodeOutgoing(out.encode()); err != nil || !reflect.DeepEqual(back, out) {
		t.Errorf("outgoing %+v, want %+v (%v)", back, out, err)
	}
	var key list.MarkKey
	fill(t, reflect.ValueOf(&key).Elem(), &n)
	if back, err := decodeMarkKey(encodeMarkKey(&key)); err != nil || back != key {
		t.Errorf("mark key %#v, want %#v (%v)", back, key, err)
	}
	var report list.Report
	fill(t, reflect.ValueOf(&report).Elem(), &n)
	if back, err := decodeReport(encodeReport(&report)); err != nil || back != report {
		t.Errorf("report %+v, want %+v (%v)", back, report, err)
	}
	var state list.AddressState
	fill(t, reflect.ValueOf(&state).Elem(), &n)
	if back, err := decodeAddressState(encodeAddressState(&state)); err != nil || !reflect.DeepEqual(back, state) {
		t.Errorf("state %+v, want %+v (%v)", back, state, err)
	}
	var change list.AddressChange
	fill(t, reflect.ValueOf(&change).Elem(), &n)
	if back, err := decodeAddressChange(encodeAddressChange(&change)); err != nil || back != change {
		t.Errorf("change %+v, want %+v (%v)", back, change, err)
	}
	var ban list.Ban
	fill(t, reflect.ValueOf(&ban).Elem(), &n)
	if back, err := decodeBan(encodeBan(&ban)); err != nil || !reflect.DeepEqual(back, ban) {
		t.Errorf("ban %+v, want %+v (%v)", back, ban, err)
	}
}
