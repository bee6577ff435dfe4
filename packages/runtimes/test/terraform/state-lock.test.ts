// The words are those of Terraform 1.11.4 and OpenTofu 1.12.6, as they came out of them.
import type { JsonObject } from '@konfig/core';
import { lockProblem } from '../../src/terraform/state-lock';
import { wishOf } from '../../src/terraform/wish';

const lockInfo = (id: string, who: string) =>
  `Lock Info:\n  ID:        ${id}\n  Path:      \n  Operation: OperationTypePlan\n  Who:       ${who}\n  Version:   1.11.4\n  Created:   2026-11-23 00:01:50 +0000 UTC\n  Info:      \n\n\nTerraform acquires a state lock to protect the state from being written`;

test('the lock that a backend of type http holds has the id of its holder, though Terraform tells itself as that', () => {
  const problem = held(`Error message: HTTP remote state already locked: ID=a73d9c1c\n${lockInfo('c3492642', 'anna@laptop')}`);
  expect(problem).toMatchObject({
    code: 'LOCK_HELD',
    message: 'The backend that the program writes for Terraform/shop is locked. The id of the lock is a73d9c1c.',
    hint: expect.stringContaining(
      'konfig synth shop/dev --format terraform --to FOLDER, and in the folder of Terraform/shop it is terraform init, then terraform force-unlock a73d9c1c.',
    ),
  });
});

test('where it tells the holder, so do we', () => {
  const opentofu = `Error message: HTTP remote state already locked: ID=7d4d8fb2\n${lockInfo('7d4d8fb2', 'bob@ci')}`;
  const s3 = `Error message: operation error DynamoDB: PutItem\n${lockInfo('7d4d8fb2', 'bob@ci')}`;
  for (const detail of [opentofu, s3])
    expect(held(detail)?.message).toContain('is locked by bob@ci since 2026-11-23 00:01:50 +0000 UTC. The id of the lock is 7d4d8fb2.');
});

test('a lock that is not given back is one of that backend, and not of the store of releases', () => {
  const detail =
    'Error message: Failed to unlock: UNLOCK http://127.0.0.1:18577/s1 giving up after 2 attempt(s)\n\nTerraform acquires a lock when accessing your state';
  expect(problem('Error releasing the state lock', detail)).toMatchObject({
    code: 'LOCK_HELD',
    message:
      'The backend that the program writes for Terraform/shop has not given back the lock of this run: Failed to unlock: UNLOCK http://127.0.0.1:18577/s1 giving up after 2 attempt(s)',
    hint: expect.stringContaining('the next preview names its id'),
  });
});

test('a lock that could not be taken though nobody holds it, and one of the state that Konfig keeps, are told as ever', () => {
  expect(held('Error message: 2 errors occurred: AccessDeniedException')).toBeUndefined();
  expect(problem('Error acquiring the state lock', lockInfo('1', 'bob@ci'), {})).toBeUndefined();
  expect(problem('Saved plan is stale', '')).toBeUndefined();
});

const held = (detail: string) => problem('Error acquiring the state lock', detail);

function problem(summary: string, detail: string, terraform: JsonObject = { backend: { http: {} } }) {
  const wish = wishOf({ id: 'terraform:Terraform/shop', attributes: { configuration: { terraform } } });
  const binary = { kind: 'terraform', path: 'terraform' } as const;
  return lockProblem({ severity: 'error', summary, detail }, { wish, stack: 'shop/dev', binary });
}
