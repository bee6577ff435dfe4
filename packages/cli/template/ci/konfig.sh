#!/bin/sh
# What CI does, one step at a time. Any CI system can call it, and so can you:
#   sh ci/konfig.sh check                  types and tests; needs no cluster
#   sh ci/konfig.sh preview hello/prod     keeps the plan: plan.json to be applied, plan.txt to be read
#   sh ci/konfig.sh apply                  applies plan.json: exactly what was reviewed, or nothing
# preview and apply reach the cluster by the kubeconfig that KUBECONFIG names. The webhook that KONFIG_NOTIFY names is told how an apply went.
set -eu
cd "$(dirname "$0")/.."

# What GitHub shows of a job; elsewhere nothing is set. A file for another CI: --summary konfig.xml (JUnit), konfig.md.
summary() {
  "$@" ${GITHUB_STEP_SUMMARY:+--summary "$GITHUB_STEP_SUMMARY"}
}

case "${1:-}" in
  check)
    npm run typecheck
    npm test
    ;;
  preview)
    summary npx konfig preview "${2:?Name a stack: sh ci/konfig.sh preview hello/prod}" -o plan.json
    npx konfig show plan.json > plan.txt
    ;;
  apply)
    summary npx konfig apply plan.json --yes
    ;;
  *)
    sed -n 's/^#   //p' "$0" >&2
    exit 1
    ;;
esac
