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
trap 'rm -rf "$folder.part-$$"' EXIT

# rename(2) and not mv, which would put our folder inside that of a builder that was faster.
put() {
  node -e 'require("node:fs").renameSync(...process.argv.slice(1))' "$1" "$2" 2>/dev/null || [ -d "$2" ]
}

if [ ! -d "$folder" ]; then
  echo "building SOPS and Vault into $folder; the first time this takes about seven minutes of CPU" >&2
  mkdir -p "$cache"
  building=$folder.part-$$
  mkdir -p "$building/bin"
  for each in github.com/getsops/sops/v3/cmd/sops filippo.io/age/cmd/age-keygen; do
    (cd tools && CGO_ENABLED=0 nice go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$building/bin/" "$each")
  done
  (cd vault && CGO_ENABLED=0 nice go build -trimpath -buildvcs=false -ldflags '-s -w' -o "$building/bin/vault" .)
  put "$building" "$folder"
fi

# By itself, as it may be missing where the rest is built: tried again by whoever wants it next.
if [ -n "$python" ] && [ ! -d "$folder/moto" ]; then
  echo "installing moto $moto" >&2
  building=$folder.part-$$
  if $python -m venv "$building" && "$building/bin/python" -m pip install -q --disable-pip-version-check "moto[server]==$moto" >&2; then
    # The script that pip wrote names the folder it was made in.
    printf '#!/bin/sh\nexec "$(dirname "$0")/python" -m moto.server "$@"\n' >"$building/bin/moto_server"
    put "$building" "$folder/moto"
  fi
fi
echo "$folder"
