package letter

import (
	"reflect"
	"time"

	"convene/digest/plan"
)

// samples has values of the data of every text, by its name. A text is tried with each of them, once with all its empty fields filled and once as it is; so
// a value says only what a text makes a difference by. A text without samples is not accepted.
var samples = map[string][]any{
	"message": {messageData{}},

	"digest": {Digest{}},

	"passed-on":   {PassedOn{}},
	"passed-told": {PassedOn{}},
}

// messageData is what the text "message" is written from: a planned email whose words the config has.
type messageData struct {
	Subject, Body, Hashtag string
	Place                  Place
	Voice                  plan.Person
}

// filled is a copy of a value in which words stand in every empty text, and something in everything else that is empty.
func filled(v any, words string) any {
	all := reflect.New(reflect.TypeOf(v)).Elem()
	all.Set(reflect.ValueOf(v))
	fill(all, words, 0)
	return all.Interface()
}

func fill(v reflect.Value, words string, depth int) {
	if _, ok := v.Interface().(time.Time); ok {
		if v.IsZero() {
			v.Set(reflect.ValueOf(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)))
		}
		return
	}
	if depth > 8 {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), words, depth+1)
			}
		}
	case reflect.String:
		if v.Len() == 0 {
			v.SetString(words)
		}
	case reflect.Int, reflect.Int64:
		if v.IsZero() {
			v.SetInt(3)
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		fillSlice(v, words, depth)
	case reflect.Map:
		if v.Type() == reflect.TypeFor[plan.Texts]() && v.Len() == 0 {
			v.Set(reflect.ValueOf(plan.Texts{"": words}))
		}
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		fill(v.Elem(), words, depth+1)
	}
}

// fillSlice gives a slice two elements where it has none. Those that it has are copied first.
func fillSlice(v reflect.Value, words string, depth int) {
	n := max(v.Len(), 2)
	all := reflect.MakeSlice(v.Type(), n, n)
	reflect.Copy(all, v)
	for i := range n {
		fill(all.Index(i), words, depth+1)
	}
	v.Set(all)
}
