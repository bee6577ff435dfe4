package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type grant struct{ resourceOfServer }

type grantState struct {
	Database   types.String   `tfsdk:"database"`
	Role       types.String   `tfsdk:"role"`
	Privileges []types.String `tfsdk:"privileges"`
}

func (*grant) Metadata(_ context.Context, _ resource.MetadataRequest, to *resource.MetadataResponse) {
	to.TypeName = "postgresql_grant"
}

func (*grant) Schema(_ context.Context, _ resource.SchemaRequest, to *resource.SchemaResponse) {
	replaced := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	to.Schema = schema.Schema{
		Description: "All that a role is granted on a database.",
		Attributes: map[string]schema.Attribute{
			"database": schema.StringAttribute{Required: true, PlanModifiers: replaced},
			"role":     schema.StringAttribute{Required: true, PlanModifiers: replaced},
			"privileges": schema.SetAttribute{
				Required: true, ElementType: types.StringType, Description: "Of CONNECT, CREATE and TEMPORARY.",
			},
		},
	}
}

func (g *grant) ValidateConfig(ctx context.Context, from resource.ValidateConfigRequest, to *resource.ValidateConfigResponse) {
	var privileges types.Set
	to.Diagnostics.Append(from.Config.GetAttribute(ctx, path.Root("privileges"), &privileges)...)
	for _, element := range privileges.Elements() {
		privilege, isText := element.(types.String)
		if !isText || privilege.IsUnknown() {
			continue
		}
		switch privilege.ValueString() {
		case "CONNECT", "CREATE", "TEMPORARY":
		default:
			to.Diagnostics.AddAttributeError(path.Root("privileges"), "No privilege on databases",
				fmt.Sprintf("%q is none: CONNECT, CREATE and TEMPORARY are.", privilege.ValueString()))
		}
	}
}

func (g *grant) Create(ctx context.Context, from resource.CreateRequest, to *resource.CreateResponse) {
	var want grantState
	to.Diagnostics.Append(from.Plan.Get(ctx, &want)...)
	if to.Diagnostics.HasError() {
		return
	}
	g.change(ctx, want.name(), &to.Diagnostics, want.statements()...)
	if !to.Diagnostics.HasError() {
		to.Diagnostics.Append(to.State.Set(ctx, want)...)
	}
}

func (g *grant) Read(ctx context.Context, from resource.ReadRequest, to *resource.ReadResponse) {
	var state grantState
	to.Diagnostics.Append(from.State.Get(ctx, &state)...)
	if to.Diagnostics.HasError() {
		return
	}
	var privileges []string
	query := `SELECT array_agg(held.privilege_type) FROM pg_database d, aclexplode(d.datacl) held
		WHERE d.datname = $1 AND held.grantee = (SELECT oid FROM pg_roles WHERE rolname = $2) HAVING count(*) > 0`
	isThere := g.read(ctx, &to.Diagnostics, query, []any{state.Database.ValueString(), state.Role.ValueString()}, &privileges)
	if to.Diagnostics.HasError() {
		return
	}
	if !isThere {
		to.State.RemoveResource(ctx)
		return
	}
	state.Privileges = nil
	for _, privilege := range privileges {
		state.Privileges = append(state.Privileges, types.StringValue(privilege))
	}
	to.Diagnostics.Append(to.State.Set(ctx, state)...)
}

func (g *grant) Update(ctx context.Context, from resource.UpdateRequest, to *resource.UpdateResponse) {
	var want grantState
	to.Diagnostics.Append(from.Plan.Get(ctx, &want)...)
	if to.Diagnostics.HasError() {
		return
	}
	g.change(ctx, want.name(), &to.Diagnostics, want.statements()...)
	if !to.Diagnostics.HasError() {
		to.Diagnostics.Append(to.State.Set(ctx, want)...)
	}
}

func (g *grant) Delete(ctx context.Context, from resource.DeleteRequest, to *resource.DeleteResponse) {
	var had grantState
	to.Diagnostics.Append(from.State.Get(ctx, &had)...)
	if !to.Diagnostics.HasError() {
		g.change(ctx, had.name(), &to.Diagnostics, had.revoke())
	}
}

func (*grant) ImportState(ctx context.Context, from resource.ImportStateRequest, to *resource.ImportStateResponse) {
	role, database, isPair := strings.Cut(from.ID, "@")
	if !isPair {
		to.Diagnostics.AddError("No grant", fmt.Sprintf("%q names none: write role@database.", from.ID))
		return
	}
	to.Diagnostics.Append(to.State.SetAttribute(ctx, path.Root("role"), role)...)
	to.Diagnostics.Append(to.State.SetAttribute(ctx, path.Root("database"), database)...)
}

func (state grantState) name() string {
	return state.Role.ValueString() + "@" + state.Database.ValueString()
}

func (state grantState) revoke() string {
	return fmt.Sprintf("REVOKE ALL ON DATABASE %s FROM %s", identifier(state.Database.ValueString()), identifier(state.Role.ValueString()))
}

func (state grantState) statements() []string {
	words := make([]string, 0, len(state.Privileges))
	for _, privilege := range state.Privileges {
		words = append(words, privilege.ValueString())
	}
	statements := []string{state.revoke()}
	if len(words) > 0 {
		statements = append(statements, fmt.Sprintf("GRANT %s ON DATABASE %s TO %s",
			strings.Join(words, ", "), identifier(state.Database.ValueString()), identifier(state.Role.ValueString())))
	}
	return statements
}
