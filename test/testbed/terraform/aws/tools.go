//go:build tools

// What build.sh builds with the versions of this module.
package aws

import _ "github.com/terraform-providers/terraform-provider-aws"
