#!/bin/sh
# What CI does, one step at a time. Any CI system can call it, and so can you:
#   sh ci/konfig.sh check                  types and tests; needs no cluster
#   sh ci/konfig.sh preview hello/prod     keeps the plan: plan.json to be applied, plan.txt to be read
#   sh ci/konfig.sh apply                  applies plan.json: exactly what was reviewed, or nothing
# preview and apply reach the cluster by the kubeconfig that KUBECONFIG names.
set -eu
cd "$(dirname "$0")/.."

case "${1:-}" in
  check)
    npm run typecheck
    npm test
    ;;
  preview)
    npx konfig preview "${2:?Name a stack: sh ci/konfig.sh preview hello/prod}" -o plan.json
    npx konfig show plan.json > plan.txt
    ;;
  apply)
    npx konfig apply plan.json --yes
    ;;
  *)
    sed -n 's/^#   //p' "$0" >&2
    exit 1
    ;;
esac
