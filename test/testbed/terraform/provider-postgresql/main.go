// A Terraform provider for databases, roles and grants of a PostgreSQL. It makes them for real, and can be told to be slow, not to listen,
// or to crash, so that tests see what the world looks like afterwards.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
)

func main() {
	make := func() provider.Provider { return &postgresql{} }
	err := providerserver.Serve(context.Background(), make, providerserver.ServeOpts{Address: "registry.terraform.io/konfig/postgresql"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
