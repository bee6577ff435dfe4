// Vault as a test needs it: the real core and HTTP API with the KV engine and nothing else, in memory, open from the start. Prints its address
// and its root token; ends when its standard input does.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	log "github.com/hashicorp/go-hclog"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/helper/namespace"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
)

func main() {
	logger := log.New(&log.LoggerOptions{Level: log.Error, Output: os.Stderr})
	store, err := inmem.NewInmem(nil, logger)
	exitOn(err)
	core, err := vault.NewCore(&vault.CoreConfig{
		Physical:        store,
		Logger:          logger,
		DisableMlock:    true,
		LogicalBackends: map[string]logical.Factory{"kv": kv.Factory},
		BuiltinRegistry: onlyKV{},
	})
	exitOn(err)
	token := open(core)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	exitOn(err)
	fmt.Printf("http://%s %s\n", listener.Addr(), token)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	handler := vaulthttp.Handler.Handler(&vault.HandlerProperties{Core: core, ListenerConfig: &configutil.Listener{}})
	exitOn(http.Serve(listener, handler))
}

// Initializes and unseals the core with a single key; the root token is all that is kept.
func open(core *vault.Core) string {
	ctx := namespace.ContextWithNamespace(context.Background(), namespace.RootNamespace)
	made, err := core.Initialize(ctx, &vault.InitParams{BarrierConfig: &vault.SealConfig{SecretShares: 1, SecretThreshold: 1}})
	exitOn(err)
	_, err = core.Unseal(made.SecretShares[0])
	exitOn(err)
	return made.RootToken
}

// The plugins that come with a Vault, of which we have one.
type onlyKV struct{}

func (onlyKV) Contains(name string, kind consts.PluginType) bool {
	return name == "kv" && kind == consts.PluginTypeSecrets
}

func (all onlyKV) Get(name string, kind consts.PluginType) (func() (any, error), bool) {
	return func() (any, error) { return kv.Factory, nil }, all.Contains(name, kind)
}

func (onlyKV) Keys(kind consts.PluginType) []string {
	if kind == consts.PluginTypeSecrets {
		return []string{"kv"}
	}
	return nil
}

func (all onlyKV) DeprecationStatus(name string, kind consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, all.Contains(name, kind)
}

func (onlyKV) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
