//go:build tools

// What build.sh builds with the versions of this module.
package tofu

import _ "github.com/opentofu/opentofu/cmd/tofu"
