import type { Drift } from '@konfig/engine';
import { driftText } from '../../src/render/drift-text';

const id = 'terraform:Terraform/cloud';
const at = (name: string) => ['configuration', 'resource', 'role', name];

test('each part that is no longer so has its line, with who has done it and where the program makes it', () => {
  const drift: Drift = {
    stack: 'shop/dev',
    release: 3,
    problems: [],
    sources: {
      [id]: {
        made: { file: 'konfig.ts', line: 22 },
        fields: {
          'configuration.resource.role.web': { file: 'konfig.ts', line: 24 },
          'configuration.resource.role.web.limit': { file: 'konfig.ts', line: 26 },
          'configuration.resource.role.old': { file: 'konfig.ts', line: 30 },
        },
      },
    },
    drifted: [
      {
        id,
        how: 'changed',
        changes: [],
        parts: [
          {
            name: 'role.web',
            how: 'changed',
            at: at('web'),
            changes: [{ path: ['limit'], before: 9, after: 5, by: { name: 'outside of Terraform' } }],
          },
          { name: 'role.old', how: 'deleted', at: at('old'), changes: [] },
        ],
      },
    ],
  };
  expect(driftText(drift, { color: false, width: 100, now: 0 })).toBe(`\
~ Terraform/cloud  changed
    ~ role.web  changed outside of Terraform  konfig.ts:24
        limit  5 → 9   konfig.ts:26
    - role.old  deleted  konfig.ts:30

Drift: 2 resources are no longer as release 3 of shop/dev left them.
konfig apply shop/dev takes it back; to keep it, write it into the program.
`);
});
