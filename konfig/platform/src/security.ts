// What the security team wants of every pod at Acme.

/** What a container may do: nothing that it does not need. */
export const lockedDown = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
} as const;

/** Who a pod runs as. */
export const acmeUser = { fsGroup: 1000, runAsGroup: 1000, runAsNonRoot: true, runAsUser: 1000 } as const;
