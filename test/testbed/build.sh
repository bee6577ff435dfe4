#!/bin/sh
# Builds the test bed's binary once for each version of its sources, and prints the folder it lies in as the last line:
#   <folder>/bin/testbed    etcd, the Kubernetes control plane, kubectl and KWOK
#   <folder>/bin/kubectl    a link to it, for a PATH
#   <folder>/stages/        KWOK's own rules of how nodes, pods and volumes live; ours are in stages/ beside this script
set -eu
cd "$(dirname "$0")"

if ! command -v go >/dev/null; then
  echo "The test bed is built from source and finds no Go. Install Go $(sed -n 's/^go //p' go.mod) or later (https://go.dev/dl) and put it on the PATH." >&2
  exit 1
fi

version=$(go version)
hash=$({ echo "$version"; cat ./*.go go.mod go.sum build.sh; } | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c 1-64)
cache=${KONFIG_CACHE:-$HOME/.cache/konfig}
folder=$cache/testbed-$hash

if [ ! -d "$folder" ]; then
  echo "building the test bed into $folder; the first time this takes about nine minutes of CPU" >&2
  mkdir -p "$cache"
  building=$(mktemp -d "$cache/building-XXXXXX")
  # It is not there any more once it has its name; bash would end with what the last command of this says.
  trap '[ ! -d "$building" ] || { chmod -R u+w "$building"; rm -rf "$building"; }' EXIT

  # Without these the server calls itself v0.0.0, and clients that compare versions refuse to talk to it.
  kubernetes=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
  minor=${kubernetes#v1.}
  flags='-s -w'
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags="$flags -X $package.gitVersion=$kubernetes -X $package.gitMajor=1 -X $package.gitMinor=${minor%%.*}"
    flags="$flags -X $package.gitCommit= -X $package.gitTreeState=clean"
  done
  mkdir "$building/bin" "$building/stages"
  CGO_ENABLED=0 nice go build -trimpath -buildvcs=false -ldflags "$flags" -o "$building/bin/testbed" .
  ln -s testbed "$building/bin/kubectl"

  # pod/fast/pod-complete.yaml is left out: stages/job.yaml stands in for it.
  kwok=$(go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage
  cp "$kwok/node/fast/node-initialize.yaml" "$kwok/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml" \
    "$kwok/pod/fast/pod-ready.yaml" "$kwok/pod/fast/pod-delete.yaml" \
    "$kwok/volume/fast/pvc-provision.yaml" "$kwok/volume/fast/pvc-delete.yaml" \
    "$kwok/volume/fast/pv-bind.yaml" "$kwok/volume/fast/pv-delete.yaml" "$building/stages"

  # rename(2) and not mv, which would put our folder inside that of a builder that was faster.
  chmod 755 "$building"
  node -e 'require("node:fs").renameSync(...process.argv.slice(1))' "$building" "$folder" 2>/dev/null || [ -d "$folder" ]
fi
echo "$folder"
