#!/bin/sh
# Builds what Terraform stacks run with in tests, once for each version of its sources, and prints the folder it lies in as the last line:
#   <folder>/mirror/     providers unpacked as `provider_installation { filesystem_mirror }` wants them, for Terraform and for OpenTofu
#   <folder>/bin/tofu    OpenTofu; Terraform itself comes from the PATH
# Arguments name the parts that are wanted: providers, provider-postgresql, aws, tofu. Without any: all. Each part is kept by itself.
set -eu
cd "$(dirname "$0")"
wanted=${*:-providers provider-postgresql aws tofu}

command -v go >/dev/null || { echo "Terraform's providers and OpenTofu are built from source, and there is no Go on the PATH." >&2; exit 1; }
platform=$(go env GOOS)_$(go env GOARCH)
cache=${KONFIG_CACHE:-$HOME/.cache/konfig}
mkdir -p "$cache"
trap 'rm -rf "$cache"/terraform-*.part-$$' EXIT

# Part (a folder beside this script), Go package, flags of the linker, and where it lies in its part. The providers have their versions from
# their own changelogs, since Go has other names for commits of modules that left out the `/v3`: tls is 4.0.4 and what came in the
# eleven weeks after it; the others are the commits that were released.
programs="
providers github.com/terraform-providers/terraform-provider-random -s mirror/hashicorp/random/3.6.0/$platform/terraform-provider-random_v3.6.0
providers github.com/hashicorp/terraform-provider-tls -s mirror/hashicorp/tls/4.0.4/$platform/terraform-provider-tls_v4.0.4
providers github.com/hashicorp/terraform-provider-time -s mirror/hashicorp/time/0.14.2/$platform/terraform-provider-time_v0.14.2
providers github.com/terraform-providers/terraform-provider-local -s mirror/hashicorp/local/1.4.0/$platform/terraform-provider-local_v1.4.0
provider-postgresql . -s mirror/konfig/postgresql/1.0.0/$platform/terraform-provider-postgresql_v1.0.0
aws github.com/terraform-providers/terraform-provider-aws -s mirror/hashicorp/aws/3.1.0/$platform/terraform-provider-aws_v3.1.0
tofu github.com/opentofu/opentofu/cmd/tofu -X=github.com/opentofu/opentofu/version.dev=no bin/tofu
"

digest() {
  { sha256sum 2>/dev/null || shasum -a 256; } | cut -c 1-64
}

# rename(2) and not mv, which would put our folder inside that of a builder that was faster.
put() {
  node -e 'require("node:fs").renameSync(...process.argv.slice(1))' "$1" "$2" 2>/dev/null || [ -d "$2" ]
}

# Prints the folder of a part, which it builds if it is not there.
part() {
  rows=$(echo "$programs" | grep "^$1 ") || { echo "build.sh knows no part '$1': providers, provider-postgresql, aws, tofu." >&2; return 1; }
  folder=$cache/terraform-$1-$({ go version; echo "$rows"; cat "$1"/*.go "$1"/go.*; } | digest)
  if [ ! -d "$folder" ]; then
    echo "building $folder" >&2
    echo "$rows" | while read -r _ package flags place; do
      (cd "$1" && CGO_ENABLED=0 nice go build -trimpath -buildvcs=false -ldflags "-w $flags" -o "$folder.part-$$/$place" "$package")
    done
    put "$folder.part-$$" "$folder"
  fi
  echo "$folder"
}

folders=
for each in $wanted; do
  folders="$folders $(part "$each")"
done
all=$cache/terraform-$({ echo "$folders"; cat build.sh; } | digest)
if [ ! -d "$all" ]; then
  building=$all.part-$$
  for each in $folders; do
    for place in $(cd "$each" && ls -d mirror/*/*/*/* bin/* 2>/dev/null); do
      case $place in
        bin/*) links=$place ;;
        # OpenTofu reads `hashicorp/random` as an address of its own registry.
        mirror/*) links="mirror/registry.terraform.io/${place#mirror/} mirror/registry.opentofu.org/${place#mirror/}" ;;
      esac
      for link in $links; do
        mkdir -p "$building/$(dirname "$link")"
        ln -s "$each/$place" "$building/$link"
      done
    done
  done
  put "$building" "$all"
fi
echo "$all"
