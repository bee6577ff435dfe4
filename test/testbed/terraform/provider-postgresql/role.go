package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type role struct{ resourceOfServer }

type roleState struct {
	Name            types.String `tfsdk:"name"`
	Password        types.String `tfsdk:"password"`
	Login           types.Bool   `tfsdk:"login"`
	ConnectionLimit types.Int64  `tfsdk:"connection_limit"`
	Oid             types.Int64  `tfsdk:"oid"`
}

func (*role) Metadata(_ context.Context, _ resource.MetadataRequest, to *resource.MetadataResponse) {
	to.TypeName = "postgresql_role"
}

func (*role) Schema(_ context.Context, _ resource.SchemaRequest, to *resource.SchemaResponse) {
	to.Schema = schema.Schema{
		Description: "A role of the server.",
		Attributes: map[string]schema.Attribute{
			"name":     schema.StringAttribute{Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}},
			"password": schema.StringAttribute{Optional: true, Sensitive: true, Description: "Without one the role cannot log in by password."},
			"login":    schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(true)},
			"connection_limit": schema.Int64Attribute{
				Optional: true, Computed: true, Default: int64default.StaticInt64(-1), Description: "-1 for none.",
			},
			"oid": oid(),
		},
	}
}

func (r *role) Create(ctx context.Context, from resource.CreateRequest, to *resource.CreateResponse) {
	var want roleState
	to.Diagnostics.Append(from.Plan.Get(ctx, &want)...)
	if to.Diagnostics.HasError() {
		return
	}
	r.change(ctx, want.Name.ValueString(), &to.Diagnostics, "CREATE ROLE "+identifier(want.Name.ValueString())+want.options())
	if to.Diagnostics.HasError() {
		return
	}
	if made := r.find(ctx, want, &to.Diagnostics); made != nil {
		to.Diagnostics.Append(to.State.Set(ctx, made)...)
	}
}

func (r *role) Read(ctx context.Context, from resource.ReadRequest, to *resource.ReadResponse) {
	var had roleState
	to.Diagnostics.Append(from.State.Get(ctx, &had)...)
	if to.Diagnostics.HasError() {
		return
	}
	found := r.find(ctx, had, &to.Diagnostics)
	if to.Diagnostics.HasError() {
		return
	}
	if found == nil {
		to.State.RemoveResource(ctx)
		return
	}
	to.Diagnostics.Append(to.State.Set(ctx, found)...)
}

func (r *role) Update(ctx context.Context, from resource.UpdateRequest, to *resource.UpdateResponse) {
	var want roleState
	to.Diagnostics.Append(from.Plan.Get(ctx, &want)...)
	if to.Diagnostics.HasError() {
		return
	}
	r.change(ctx, want.Name.ValueString(), &to.Diagnostics, "ALTER ROLE "+identifier(want.Name.ValueString())+want.options())
	if !to.Diagnostics.HasError() {
		to.Diagnostics.Append(to.State.Set(ctx, want)...)
	}
}

func (r *role) Delete(ctx context.Context, from resource.DeleteRequest, to *resource.DeleteResponse) {
	var had roleState
	to.Diagnostics.Append(from.State.Get(ctx, &had)...)
	if !to.Diagnostics.HasError() {
		r.change(ctx, had.Name.ValueString(), &to.Diagnostics, "DROP ROLE IF EXISTS "+identifier(had.Name.ValueString()))
	}
}

func (*role) ImportState(ctx context.Context, from resource.ImportStateRequest, to *resource.ImportStateResponse) {
	resource.ImportStatePassthroughID(ctx, path.Root("name"), from, to)
}

// The server gets what it would store of a password and never the password, which its log would show with a statement that fails.
func (want roleState) options() string {
	login, password := "NOLOGIN", "NULL"
	if want.Login.ValueBool() {
		login = "LOGIN"
	}
	if !want.Password.IsNull() {
		password = literal(verifier(want.Password.ValueString()))
	}
	return fmt.Sprintf(" %s CONNECTION LIMIT %d PASSWORD %s", login, want.ConnectionLimit.ValueInt64(), password)
}

// The password stays what it was: it cannot be read.
func (r *role) find(ctx context.Context, known roleState, diagnostics *diag.Diagnostics) *roleState {
	var login bool
	var limit, oid int64
	query := "SELECT rolcanlogin, rolconnlimit, oid::bigint FROM pg_roles WHERE rolname = $1"
	if !r.read(ctx, diagnostics, query, []any{known.Name.ValueString()}, &login, &limit, &oid) {
		return nil
	}
	return &roleState{known.Name, known.Password, types.BoolValue(login), types.Int64Value(limit), types.Int64Value(oid)}
}
