// What is wrong with a stack that waits for a value is told when it is listed, not at its turn.
import { configuration, type PlayedStack, playedStack } from './played-stack';

const unknown = { $unknown: { resource: 'main:Service/shop/web', path: ['spec', 'clusterIP'] } };
let stack: PlayedStack;

beforeEach(() => {
  stack = playedStack();
});
afterEach(() => stack.close());

test('what Terraform finds without any value is told at its field, and the stack is listed all the same', async () => {
  await stack.open({ stateKey: Buffer.alloc(32, 3).toString('base64') });
  const waits = {
    configuration: {
      ...configuration,
      variable: { host: { type: 'string' } },
      resource: { random_pet: { pet: { lenght: 3, prefix: `\${var.host}` } } },
    },
    inputs: { host: unknown },
  };
  stack.plays(
    'validate.json',
    JSON.stringify({
      valid: false,
      diagnostics: [
        {
          severity: 'error',
          summary: 'Extraneous JSON object property',
          detail: 'No argument or block type is named "lenght". Did you mean "length"?',
          range: { filename: 'main.tf.json', start: { line: 1, column: 1, byte: 0 }, end: { line: 1, column: 2, byte: 1 } },
        },
      ],
    }),
  );
  const row = await stack.plan(waits);
  expect(row.problems).toMatchObject([
    { code: 'SPEC_INVALID', message: expect.stringContaining('No argument or block type is named "lenght"') },
  ]);
  expect(row.parts).toMatchObject([{ name: 'random_pet.pet', action: 'create' }]);
});
