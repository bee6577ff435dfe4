#!/bin/sh
# Builds and installs where secrets are kept in tests, once for each version of its sources, and prints the folder they lie in as the last line:
#   <folder>/bin/sops, age-keygen    SOPS, and the keys that it encrypts with
#   <folder>/bin/vault               Vault's core and HTTP API with the KV engine, in memory (vault/main.go)
#   <folder>/moto/bin/moto_server    AWS Secrets Manager as moto plays it; not where there is no Python
set -eu
cd "$(dirname "$0")"
moto=5.2.5

command -v go >/dev/null || { echo "SOPS and Vault are built from source, and there is no Go on the PATH." >&2; exit 1; }
python=$(command -v python3 || true)
hash=$({ go version; echo "${python:+$($python --version)}"; cat build.sh tools/go.* vault/*.go vault/go.*; } | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c 1-64)
cache=${KONFIG_CACHE:-$HOME/.cache/konfig}
folder=$cache/secrets-$hash

if [ ! -d "$folder" ]; then
  echo "building SOPS and Vault into $folder; the first time this takes about seven minutes of CPU" >&2
  mkdir -p "$cache"
  building=$folder.part-$$
  trap 'rm -rf "$building"' EXIT
  mkdir -p "$building/bin"
  for each in github.com/getsops/sops/v3/cmd/sops filippo.io/age/cmd/age-keygen; do
    (cd tools && CGO_ENABLED=0 nice go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$building/bin/" "$each")
  done
  (cd vault && CGO_ENABLED=0 nice go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$building/bin/vault" .)
  # Its scripts name the folder that it was made in: it is installed where it stays.
  node -e 'require("node:fs").renameSync(...process.argv.slice(1))' "$building" "$folder" 2>/dev/null || [ -d "$folder" ]
fi

if [ -n "$python" ] && [ ! -x "$folder/moto/bin/moto_server" ]; then
  echo "installing moto $moto" >&2
  rm -rf "$folder/moto"
  { $python -m venv "$folder/moto" && "$folder/moto/bin/pip" install -q --disable-pip-version-check "moto[server]==$moto" >&2; } || rm -rf "$folder/moto"
fi
echo "$folder"
