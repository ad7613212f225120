package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"convene/mailer"
)

func (c *cli) checkCmd() *cobra.Command {
	var dns bool
	cmd := &cobra.Command{Use: "check", Short: "validates the config and says what is wrong with it, a line for each fault", Args: exactly(0),
		Long: "Validates the config and says what is wrong with it, a line for each fault. With --dns it also looks up what the domains publish (MX, SPF,\n" +
			"DKIM, DMARC, PTR, TLS), a line for each finding, and prints the records to publish where some are missing or wrong. The exit status is 1\n" +
			"when there is an error, or something that DNS did not answer.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := c.load()
			if err != nil {
				return err
			}
			if dns {
				return c.checkDNS(cmd.Context(), cfg)
			}
			for _, line := range slices.Concat(cfg.Advice(), cfg.dates(time.Now())) {
				fmt.Fprintln(c.out, line)
			}
			_, err = fmt.Fprintln(c.out, "the config is good")
			return err
		}}
	cmd.Flags().BoolVar(&dns, "dns", false, "look up what the domains publish")
	return cmd
}

// checkDNS looks up what DNS says of the site, and prints it.
func (c *cli) checkDNS(ctx context.Context, cfg *Config) error {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return fmt.Errorf("addresses of this machine: %w", err)
	}
	check, err := newDNSCheck(cfg, addrs, time.Now())
	if err != nil {
		return err
	}
	findings := check.Run(ctx)
	if c.json {
		err = c.printJSON(findings)
	} else {
		err = c.printFindings(findings)
	}
	if err == nil && slices.ContainsFunc(findings, unsettled) {
		return errTold
	}
	return err
}

// unsettled reports whether a check cannot be content with a finding.
func unsettled(f mailer.Finding) bool {
	return f.Level == mailer.LevelError || f.Level == mailer.LevelUnknown
}

// printFindings prints a line for each, the records to publish below it, and the sum.
func (c *cli) printFindings(findings []mailer.Finding) error {
	count := map[mailer.Level]int{}
	var b strings.Builder
	for _, f := range findings {
		count[f.Level]++
		fmt.Fprintf(&b, "%-8s %-8s %s: %s\n", f.Level, f.Check, f.Name, f.Text)
		for _, record := range f.Publish {
			fmt.Fprintf(&b, "    %s\n", strings.ReplaceAll(record, "\n", "\n    "))
		}
	}
	fmt.Fprintf(&b, "%d ok, %s, %s, %d not known\n", count[mailer.LevelOK], counted(count[mailer.LevelWarning], "warning"),
		counted(count[mailer.LevelError], "error"), count[mailer.LevelUnknown])
	_, err := c.out.Write([]byte(b.String()))
	return err
}

// counted is a number of things, by the name of one.
func counted(n int, name string) string {
	if n == 1 {
		return "1 " + name
	}
	return fmt.Sprintf("%d %ss", n, name)
}

// newDNSCheck is what a config says that DNS should agree with, on a machine with these addresses.
func newDNSCheck(cfg *Config, interfaces []net.Addr, now time.Time) (*mailer.DNSCheck, error) {
	directory, err := mailer.NewDirectory(cfg.DNS.Resolver)
	if err != nil {
		return nil, err
	}
	check := &mailer.DNSCheck{Directory: directory, Hostname: strings.ToLower(cfg.Server.Hostname), Behind: cfg.behind(), Now: now}
	for _, l := range cfg.Lists {
		if _, domain, _ := strings.Cut(l.Address, "@"); !slices.Contains(check.Domains, domain) {
			check.Domains = append(check.Domains, domain)
		}
	}
	if check.Keys, err = signingKeys(cfg.DKIM); err != nil {
		return nil, err
	}
	if cfg.HTTP.Listen != "" {
		check.BaseURL = cfg.HTTP.BaseURL
	}
	if cfg.TLS.Cert != "" {
		pair, err := tls.LoadX509KeyPair(cfg.TLS.Cert, cfg.TLS.Key)
		if err != nil {
			return nil, fmt.Errorf("tls.cert: %w", err)
		}
		check.Certificate = pair.Leaf
	}
	for _, a := range interfaces {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil && !prefix.Addr().IsLoopback() {
			check.Interfaces = append(check.Interfaces, prefix.Addr().Unmap())
		}
	}
	check.Way, check.Smarthost = cfg.way(check.Interfaces)
	return check, nil
}

// way is how mail leaves, as receivers see it: a smarthost on this machine sends from its addresses.
func (c *Config) way(interfaces []netip.Addr) (mailer.Way, string) {
	switch c.Delivery.Transport {
	case "mx":
		return mailer.WayDirect, ""
	case "smarthost":
		host, _, _ := net.SplitHostPort(c.Delivery.Smarthost)
		at, err := netip.ParseAddr(host)
		if loopback(host) || strings.EqualFold(host, c.Server.Hostname) || err == nil && slices.Contains(interfaces, at.Unmap()) {
			return mailer.WayDirect, ""
		}
		return mailer.WaySmarthost, strings.ToLower(host)
	}
	return mailer.WayNowhere, ""
}

// behind reports whether nobody outside can reach the SMTP listener, so that other servers have to hand mail on to it.
func (c *Config) behind() bool {
	host, _, err := net.SplitHostPort(c.SMTP.Listen)
	return err != nil || loopback(host) || c.SMTP.LMTP != ""
}
