package main

import (
	"fmt"
	"strings"
	"testing"
)

// TestAWorldCafeTakesPlaceOnce: a config that has one take place again is told where, and what to do.
func TestAWorldCafeTakesPlaceOnce(t *testing.T) {
	text := bareConfig + strings.Replace(remoteDiscussion, `format = "lunch_and_learn"`, `format = "world_cafe"`, 1)
	unpackConfig(t, []configFile{{"convene.toml", text}, {"reading.md", "# Read\n"}})
	_, faults := loadConfig("convene.toml")
	if said := fmt.Sprint(faults); len(faults) != 1 || !strings.Contains(said, "event.repeat") || !strings.Contains(said, "a World Café takes place once") {
		t.Errorf("the config is answered %s", said)
	}
}
