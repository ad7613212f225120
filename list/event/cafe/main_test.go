package cafe

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// everything is the environment variable that has the properties tried as often as rapid does by itself, and every number of people: a quarter of a minute of it.
const everything = "CONVENE_CHECKS"

// TestMain has the properties tried a few times, with other guests each time: what breaks a rule breaks it often.
func TestMain(m *testing.M) {
	if os.Getenv(everything) == "" {
		if err := flag.Set("rapid.checks", "12"); err != nil { // -rapid.checks counts over it
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}
