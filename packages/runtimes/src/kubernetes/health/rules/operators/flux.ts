import type { HealthRule } from '../rule';

// Of a registry nobody fetches an index: such a repository is a name, and has no status.
export const flux: readonly HealthRule[] = [
  {
    kind: 'HelmRepository.source.toolkit.fluxcd.io',
    from: 'https://fluxcd.io/flux/components/source/helmrepositories/#helm-oci-repository',
    cases: [{ when: "spec.?type.orValue('') == 'oci'", health: 'ready', message: 'names a registry' }],
  },
];
