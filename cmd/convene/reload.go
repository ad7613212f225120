package main

import (
	"fmt"
	"strings"
)

// reload reads the config again and swaps it whole, or changes nothing and says why.
func (d *daemon) reload() error {
	d.reloading.Lock()
	defer d.reloading.Unlock()
	old := d.cfg.Load()
	cfg, faults := loadConfig(d.path)
	if len(faults) > 0 {
		for _, f := range faults {
			d.log.Error("config not reloaded", "fault", f.String())
		}
		return fmt.Errorf("the config has %s; the running one stays", count(len(faults), "fault"))
	}
	if keys := cfg.needsRestart(old); len(keys) > 0 {
		d.log.Error("config not reloaded", "needs_restart", keys)
		return fmt.Errorf("a change of %s needs a restart; nothing of the new config is in use", strings.Join(keys, ", "))
	}
	if d.clock.virtual {
		if err := loopbackOnly(cfg); err != nil {
			return err
		}
	}
	for _, gone := range cfg.removed(old) {
		d.log.Warn("list retired", "list", gone, "hint", "mail to it is refused, held posts wait, nothing is deleted; put it back and it goes on")
	}
	if err := d.loadCertificates(cfg); err != nil {
		return err
	}
	if err := d.engine.Configure(cfg.Site()); err != nil {
		return err
	}
	d.editor.Configure(cfg.Programme())
	d.editor.WarnStranded()
	if err := d.reconfigureCourier(cfg); err != nil {
		return err
	}
	d.cfg.Store(cfg)
	d.auth.Store(newAuthenticator(cfg))
	d.pages.Configure(d.pageSettings(cfg))
	d.pickups.Configure(cfg.Intake)
	d.log.Info("config reloaded", "lists", len(cfg.Lists))
	return nil
}
