package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/jackc/pgx/v5"
)

// The PostgreSQL of a provider's configuration, and the faults that it asks for.
type server struct {
	host         string
	port         uint16
	username     string
	password     string
	delay        time.Duration
	ignoreCancel bool
}

// What every resource has: the server, once the provider is configured.
type resourceOfServer struct{ *server }

func (r *resourceOfServer) Configure(_ context.Context, from resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	// Nil while Terraform only validates.
	r.server, _ = from.ProviderData.(*server)
}

func (s *server) connect(ctx context.Context, purpose string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig("sslmode=disable database=postgres connect_timeout=10")
	if err != nil {
		return nil, err
	}
	config.Host, config.Port, config.User, config.Password = s.host, s.port, s.username, s.password
	config.RuntimeParams["application_name"] = purpose
	return pgx.ConnectConfig(ctx, config)
}

// Carries out one change to `name`, with the faults that are asked for. While it waits, pg_stat_activity shows a client of that name, so that
// a test knows that the change is under way. What it has begun it finishes: an object that is made and then not recorded would be lost.
// Errors are in the words of the server, without the statement, which may hold what it stores of a password.
func (s *server) change(ctx context.Context, name string, diagnostics *diag.Diagnostics, statements ...string) {
	cancelled := ctx.Done()
	if s.ignoreCancel {
		cancelled = nil
	}
	ctx = context.WithoutCancel(ctx)
	connection, err := s.connect(ctx, name)
	if err != nil {
		diagnostics.AddError("No connection to PostgreSQL", err.Error())
		return
	}
	defer connection.Close(ctx)
	select {
	case <-time.After(s.delay):
	case <-cancelled:
		diagnostics.AddError("Cancelled", fmt.Sprintf("%s was left as it was, since Terraform was told to stop.", name))
		return
	}
	if strings.HasPrefix(name, "crash") {
		panic(fmt.Sprintf("%s crashes, as its name says", name))
	}
	for _, statement := range statements {
		if _, err := connection.Exec(ctx, statement); err != nil {
			diagnostics.AddError("PostgreSQL refused to change "+name, err.Error())
			return
		}
	}
}

// Reads one row, also when Terraform was told to stop, since it may be of what was just made; false where there is none.
func (s *server) read(ctx context.Context, diagnostics *diag.Diagnostics, query string, arguments []any, into ...any) bool {
	ctx = context.WithoutCancel(ctx)
	connection, err := s.connect(ctx, "read")
	if err != nil {
		diagnostics.AddError("No connection to PostgreSQL", err.Error())
		return false
	}
	defer connection.Close(ctx)
	err = connection.QueryRow(ctx, query, arguments...).Scan(into...)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		diagnostics.AddError("PostgreSQL did not answer", err.Error())
	}
	return err == nil
}

func identifier(name string) string {
	return pgx.Identifier{name}.Sanitize()
}

func literal(value string) string {
	return "'" + strings.ReplaceAll(value, "'", "''") + "'"
}

// The object's number in the server's catalogue, which a test can tell a replaced object by.
func oid() schema.Attribute {
	return schema.Int64Attribute{Computed: true, PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()}}
}
