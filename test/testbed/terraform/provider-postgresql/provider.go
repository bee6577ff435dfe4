package main

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type postgresql struct{}

type configuration struct {
	Host         types.String `tfsdk:"host"`
	Port         types.Int64  `tfsdk:"port"`
	Username     types.String `tfsdk:"username"`
	Password     types.String `tfsdk:"password"`
	Delay        types.String `tfsdk:"delay"`
	IgnoreCancel types.Bool   `tfsdk:"ignore_cancel"`
}

func (*postgresql) Metadata(_ context.Context, _ provider.MetadataRequest, to *provider.MetadataResponse) {
	to.TypeName, to.Version = "postgresql", "1.0.0"
}

func (*postgresql) Schema(_ context.Context, _ provider.SchemaRequest, to *provider.SchemaResponse) {
	to.Schema = schema.Schema{
		Attributes: map[string]schema.Attribute{
			"host":          schema.StringAttribute{Optional: true, Description: "127.0.0.1 if it is not given."},
			"port":          schema.Int64Attribute{Optional: true, Description: "5432 if it is not given."},
			"username":      schema.StringAttribute{Optional: true, Description: "postgres if it is not given."},
			"password":      schema.StringAttribute{Optional: true, Sensitive: true},
			"delay":         schema.StringAttribute{Optional: true, Description: "How long each create, update and delete waits before it begins, as Go writes durations: 1500ms."},
			"ignore_cancel": schema.BoolAttribute{Optional: true, Description: "Whether what was begun is finished although Terraform was told to stop."},
		},
	}
}

func (*postgresql) Configure(ctx context.Context, from provider.ConfigureRequest, to *provider.ConfigureResponse) {
	var config configuration
	to.Diagnostics.Append(from.Config.Get(ctx, &config)...)
	if to.Diagnostics.HasError() {
		return
	}
	delay, err := time.ParseDuration(or(config.Delay.ValueString(), "0s"))
	if err != nil {
		to.Diagnostics.AddAttributeError(path.Root("delay"), "No duration", fmt.Sprintf("%q is none: write 1500ms or 2s.", config.Delay.ValueString()))
		return
	}
	to.ResourceData = &server{
		host:         or(config.Host.ValueString(), "127.0.0.1"),
		port:         uint16(or(config.Port.ValueInt64(), 5432)),
		username:     or(config.Username.ValueString(), "postgres"),
		password:     config.Password.ValueString(),
		delay:        delay,
		ignoreCancel: config.IgnoreCancel.ValueBool(),
	}
}

func (*postgresql) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (*postgresql) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		func() resource.Resource { return &database{} },
		func() resource.Resource { return &role{} },
		func() resource.Resource { return &grant{} },
	}
}

func or[T comparable](value, otherwise T) T {
	var none T
	if value == none {
		return otherwise
	}
	return value
}
