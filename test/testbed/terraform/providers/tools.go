//go:build tools

// What build.sh builds with the versions of this module.
package providers

import (
	_ "github.com/hashicorp/terraform-provider-time"
	_ "github.com/hashicorp/terraform-provider-tls"
	_ "github.com/terraform-providers/terraform-provider-local"
	_ "github.com/terraform-providers/terraform-provider-random"
)
