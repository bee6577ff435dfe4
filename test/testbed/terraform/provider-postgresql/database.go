package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type database struct{ resourceOfServer }

type databaseState struct {
	Name            types.String `tfsdk:"name"`
	Owner           types.String `tfsdk:"owner"`
	ConnectionLimit types.Int64  `tfsdk:"connection_limit"`
	Oid             types.Int64  `tfsdk:"oid"`
}

func (*database) Metadata(_ context.Context, _ resource.MetadataRequest, to *resource.MetadataResponse) {
	to.TypeName = "postgresql_database"
}

func (*database) Schema(_ context.Context, _ resource.SchemaRequest, to *resource.SchemaResponse) {
	to.Schema = schema.Schema{
		Description: "A database of the server.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}},
			"owner": schema.StringAttribute{
				Optional: true, Computed: true, Description: "A role; the one that the provider connects as, if it is not given.",
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"connection_limit": schema.Int64Attribute{
				Optional: true, Computed: true, Default: int64default.StaticInt64(-1), Description: "-1 for none.",
			},
			"oid": oid(),
		},
	}
}

func (d *database) Create(ctx context.Context, from resource.CreateRequest, to *resource.CreateResponse) {
	var want databaseState
	to.Diagnostics.Append(from.Plan.Get(ctx, &want)...)
	if to.Diagnostics.HasError() {
		return
	}
	statement := fmt.Sprintf("CREATE DATABASE %s CONNECTION LIMIT %d", identifier(want.Name.ValueString()), want.ConnectionLimit.ValueInt64())
	if owner := want.Owner.ValueString(); owner != "" {
		statement += " OWNER " + identifier(owner)
	}
	d.change(ctx, want.Name.ValueString(), &to.Diagnostics, statement)
	if to.Diagnostics.HasError() {
		return
	}
	made := d.find(ctx, want.Name, &to.Diagnostics)
	if made == nil {
		return
	}
	to.Diagnostics.Append(to.State.Set(ctx, made)...)
}

func (d *database) Read(ctx context.Context, from resource.ReadRequest, to *resource.ReadResponse) {
	var had databaseState
	to.Diagnostics.Append(from.State.Get(ctx, &had)...)
	if to.Diagnostics.HasError() {
		return
	}
	found := d.find(ctx, had.Name, &to.Diagnostics)
	if to.Diagnostics.HasError() {
		return
	}
	if found == nil {
		to.State.RemoveResource(ctx)
		return
	}
	to.Diagnostics.Append(to.State.Set(ctx, found)...)
}

func (d *database) Update(ctx context.Context, from resource.UpdateRequest, to *resource.UpdateResponse) {
	var want databaseState
	to.Diagnostics.Append(from.Plan.Get(ctx, &want)...)
	if to.Diagnostics.HasError() {
		return
	}
	name := identifier(want.Name.ValueString())
	d.change(ctx, want.Name.ValueString(), &to.Diagnostics,
		fmt.Sprintf("ALTER DATABASE %s CONNECTION LIMIT %d", name, want.ConnectionLimit.ValueInt64()),
		fmt.Sprintf("ALTER DATABASE %s OWNER TO %s", name, identifier(want.Owner.ValueString())))
	if !to.Diagnostics.HasError() {
		to.Diagnostics.Append(to.State.Set(ctx, want)...)
	}
}

func (d *database) Delete(ctx context.Context, from resource.DeleteRequest, to *resource.DeleteResponse) {
	var had databaseState
	to.Diagnostics.Append(from.State.Get(ctx, &had)...)
	if !to.Diagnostics.HasError() {
		d.change(ctx, had.Name.ValueString(), &to.Diagnostics, "DROP DATABASE IF EXISTS "+identifier(had.Name.ValueString()))
	}
}

func (*database) ImportState(ctx context.Context, from resource.ImportStateRequest, to *resource.ImportStateResponse) {
	resource.ImportStatePassthroughID(ctx, path.Root("name"), from, to)
}

func (d *database) find(ctx context.Context, name types.String, diagnostics *diag.Diagnostics) *databaseState {
	var owner string
	var limit, oid int64
	query := "SELECT pg_get_userbyid(datdba), datconnlimit, oid::bigint FROM pg_database WHERE datname = $1"
	if !d.read(ctx, diagnostics, query, []any{name.ValueString()}, &owner, &limit, &oid) {
		return nil
	}
	return &databaseState{name, types.StringValue(owner), types.Int64Value(limit), types.Int64Value(oid)}
}
