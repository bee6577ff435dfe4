//go:build tools

// The commands that build.sh builds, so that go.mod names what they need.
package tools

import (
	_ "filippo.io/age/cmd/age-keygen"
	_ "github.com/getsops/sops/v3/cmd/sops"
)
