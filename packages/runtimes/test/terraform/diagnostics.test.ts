// The words are those of Terraform 1.11.4 and OpenTofu 1.12.6, as they came out of them.
import { configurationText } from '../../src/terraform/configuration';
import { problemsIn, type Said, warningsIn } from '../../src/terraform/diagnostics';
import { readMessage } from '../../src/terraform/messages';
import { wishOf } from '../../src/terraform/wish';

const wish = wishOf({
  id: 'terraform:Terraform/shop',
  attributes: { configuration: { resource: { aws_db: { main: { engine: 'mysql', password: 'canary' }, other: { engine: 'mysql' } } } } },
});
const text = configurationText(wish.configuration);
const binary = { path: 'terraform', kind: 'terraform' as const };

const error = (summary: string, detail = '', more: object = {}) => ({
  '@level': 'error',
  '@message': `Error: ${summary}`,
  type: 'diagnostic',
  diagnostic: { severity: 'error', summary, detail, ...more },
});
const errored = {
  '@level': 'error',
  '@message': 'aws_db.main: Creation errored after 0s',
  type: 'apply_errored',
  hook: { resource: { addr: 'aws_db.main' }, action: 'create', elapsed_seconds: 0 },
};
const interrupt = {
  '@level': 'info',
  '@message': '\nInterrupt received.\nPlease wait for Terraform to exit or data loss may occur.\nGracefully shutting down...\n',
  type: 'log',
};

function problems(lines: readonly object[], ended: Partial<Said> = {}) {
  const messages = lines.flatMap((line) => readMessage(JSON.stringify(line)) ?? []);
  return problemsIn({ code: 1, stderr: '', ...ended, messages }, { wish, binary, stack: 'shop/dev', text });
}

test('what it ended with 1 for is told by its words', () => {
  const lock = 'Error message: HTTP remote state already locked: ID=9b1c\nLock Info:\n  ID:        9b1c\n  Who:       anna@laptop';
  const codeOf = (summary: string, detail = '') => problems([error(summary, detail)])[0]?.code;
  expect(codeOf('Error acquiring the state lock', lock)).toBe('LOCK_HELD');
  expect(
    codeOf(
      'Saved plan is stale',
      'The given plan file can no longer be applied because the state was changed by another operation after the plan was created.',
    ),
  ).toBe('PLAN_STALE');
  expect(codeOf('Failed to persist state to backend')).toBe('RECORD_WRITE');
  expect(codeOf('Inconsistent dependency lock file')).toBe('TARGET_CONFIG');
  expect(codeOf('error configuring Terraform AWS Provider: no valid credential sources for Terraform AWS Provider found.')).toBe(
    'TARGET_CREDENTIALS',
  );
  expect(codeOf('error loading state: HTTP remote state endpoint requires auth')).toBe('TARGET_CREDENTIALS');
  expect(codeOf('Cannot connect', 'dial tcp 10.0.0.1:5432: connect: connection refused')).toBe('CONNECTION_LOST');
  expect(codeOf('InvalidParameterValue')).toBe('RESOURCE_REJECTED');
});

test('an output that is used as a plain value, and is sensitive to Terraform, is told with what it is made of', () => {
  const value = ['$', '{module.m.pw}'].join('');
  const exposing = wishOf({ id: wish.id, attributes: { configuration: { output: { konfig_pw: { value } } } } });
  const written = configurationText(exposing.configuration);
  const line = written.split('\n').findIndex((one) => one.includes('konfig_pw')) + 1;
  const message = error('Output refers to sensitive values', 'To reduce the risk …', {
    range: { filename: 'main.tf.json', start: { line } },
  });
  const messages = [readMessage(JSON.stringify(message)) ?? []].flat();
  expect(problemsIn({ code: 1, stderr: '', messages }, { wish: exposing, binary, stack: 'shop/dev', text: written })).toMatchObject([
    {
      code: 'SPEC_SECRET_EXPOSED',
      message: `The output konfig_pw of Terraform/shop is used as a plain value, but Terraform says that it is sensitive: ${value}.`,
      hint: expect.stringContaining('secretValue(…)'),
      at: 'terraform:Terraform/shop configuration.output.konfig_pw',
    },
  ]);
});

test('what could not be deleted is told at the resource whose id its error names, and else at the stack', () => {
  const of = (addr: string) => ({ addr });
  const begun = (addr: string, id: string) => ({
    type: 'apply_start',
    hook: { resource: of(addr), action: 'delete', id_key: 'id', id_value: id },
  });
  const failed = (addr: string) => ({ type: 'apply_errored', hook: { resource: of(addr), action: 'delete' } });
  const run = [begun('aws_db.main', 'db-a2'), begun('aws_db.other', 'db-a4'), failed('aws_db.other'), failed('aws_db.main')];
  const places = (...errors: object[]) => problems([...run, ...errors]).map(({ at }) => at?.replace('terraform:Terraform/shop', '').trim());
  expect(places(error('Refused', 'db-a2: it is in use.'), error('Refused', 'db-a4: it is in use.'))).toEqual([
    'configuration.resource.aws_db.main',
    'configuration.resource.aws_db.other',
  ]);
  expect(places(error('Refused', 'It is in use.'))).toEqual(['']);
  expect(problems([...run, error('Refused', 'It is in use.')])[0]?.hint).toMatch(/^Take out of the way what the provider names/);
});

test('an import of what is not there is told where it was to go', () => {
  const detail =
    'While attempting to import an existing object to "aws_db.main", the provider detected that no object exists with the given id. Only pre-existing objects can be imported.';
  expect(problems([error('Cannot import non-existent remote object', detail)])).toMatchObject([
    {
      code: 'RESOURCE_REJECTED',
      at: 'terraform:Terraform/shop configuration.resource.aws_db.main',
      hint: expect.stringContaining('Nothing has that id'),
    },
  ]);
  const keyed = detail.replace('aws_db.main', 'aws_db.main[\\"a\\"]');
  expect(problems([error('Cannot import non-existent remote object', keyed)])[0]?.at).toMatch(/aws_db\.main$/);
});

test('a state that OpenTofu has made is told as such to Terraform', () => {
  const detail =
    "This state requires provider registry.opentofu.org/hashicorp/random, but that provider isn't available. You may be able to install it automatically by running:\n  terraform init";
  expect(problems([error('Missing required provider', detail)])).toMatchObject([
    { code: 'TARGET_CONFIG', hint: expect.stringContaining("terraform({ binary: 'tofu' })") },
  ]);
});

test.each([
  [
    'Instance cannot be destroyed',
    'Resource aws_db.main has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed. To avoid this error and continue with the plan, either disable lifecycle.prevent_destroy or reduce the scope of the plan using the -target option.',
    'Instance cannot be destroyed: Resource aws_db.main has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed.',
  ],
  [
    'Resource instance cannot be destroyed',
    'Resource instance aws_db.main has prevent_destroy set, but the plan calls for it to be destroyed.\n\nTo proceed, either disable prevent_destroy for this resource or exclude instances of this resource from this round using:\n    -exclude="aws_db.main"',
    'Resource instance cannot be destroyed: Resource instance aws_db.main has prevent_destroy set, but the plan calls for it to be destroyed.',
  ],
])('what the program itself forbids to destroy is protected: %s', (summary, detail, message) => {
  expect(problems([error(summary, detail)])).toMatchObject([
    { code: 'RESOURCE_PROTECTED', message, hint: expect.stringContaining('preventDestroy') },
  ]);
});

test.each([
  [
    'Invalid for_each argument',
    'The "for_each" set includes values derived from resource attributes that cannot be determined until apply, and so Terraform cannot determine the full set of keys.\n\nAlternatively, you could use the -target planning option to first apply only the resources that the for_each value depends on.',
  ],
  [
    'Invalid count argument',
    'The "count" value depends on resource attributes that cannot be determined until apply, so OpenTofu cannot predict how many instances will be created.\n\nTo work around this, use the planning option -exclude=aws_db.main to first apply without this object, and then apply normally to converge.',
  ],
])('keys and counts that nobody knows are told without the advice to run a part: %s', (summary, detail) => {
  const [problem] = problems([error(summary, detail)]);
  expect(problem).toMatchObject({ code: 'SPEC_INVALID', hint: expect.stringContaining('what the program itself knows') });
  expect(problem?.message).toContain('cannot be determined until apply');
  expect(problem?.message).not.toMatch(/-target|-exclude/);
});

test('a version of the binary that the program does not allow is no matter of providers', () => {
  expect(problems([error('Unsupported Terraform Core version')])).toMatchObject([
    { code: 'TARGET_CONFIG', hint: expect.stringContaining('Name another binary') },
  ]);
});

test('an interrupt is told as such, with what the provider said of its own end as a warning, of which nothing is to be corrected', () => {
  const told = problems([
    interrupt,
    errored,
    error('Cancelled', 'It was told to stop.'),
    error('execution halted'),
    error('execution halted'),
  ]);
  expect(told).toMatchObject([
    { code: 'CANCELLED' },
    { code: 'RESOURCE_REJECTED', severity: 'warning', message: 'Cancelled: It was told to stop.' },
  ]);
  expect(told[1]).not.toHaveProperty('hint');
});

test.each([
  [
    'Plugin did not respond',
    'The plugin encountered an error, and failed to respond to the plugin6.(*GRPCProvider).ApplyResourceChange call.',
  ],
  ['Request cancelled', 'The plugin6.(*GRPCProvider).ApplyResourceChange request was cancelled.'],
])('a provider that crashes is no interrupt, though it is called “%s”, and shows the first lines of its trace', (summary, detail) => {
  const stderr =
    'Stack trace from the terraform-provider-aws plugin:\n\npanic: runtime error: index out of range\n\ngoroutine 1 [running]:\nmain.main()\n';
  expect(problems([errored, error(summary, detail)], { stderr })).toEqual([
    {
      code: 'RESOURCE_FAILED',
      message: [
        'The provider crashed while it worked on aws_db.main of Terraform/shop: a bug in it, not in the program. What was done before is kept.',
        '  Stack trace from the terraform-provider-aws plugin:',
        '  panic: runtime error: index out of range',
        '  goroutine 1 [running]:',
        '  main.main()',
      ].join('\n'),
      hint: 'Look whether aws_db.main was made all the same; try another version of the provider.',
      at: 'terraform:Terraform/shop configuration.resource.aws_db.main',
    },
  ]);
});

test('an error points at the field of its line, and never quotes the line', () => {
  const line = text.split('\n').findIndex((one) => one.includes('"password"')) + 1;
  const range = { filename: 'main.tf.json', start: { line, column: 1 } };
  const found = problems([
    error('Invalid value', 'Too short.', { address: 'aws_db.main', range, snippet: { code: '"password": "canary"', start_line: line } }),
  ]);
  expect(found).toMatchObject([
    { message: 'aws_db.main: Invalid value: Too short.', at: 'terraform:Terraform/shop configuration.resource.aws_db.main.password' },
  ]);
  expect(JSON.stringify(found)).not.toContain('canary');
});

test('who says the same twice is heard once, and who says nothing is told with what is known', () => {
  expect(problems([error('Cycle'), error('Cycle')])).toHaveLength(1);
  expect(problems([], { stderr: 'fork: out of memory' })).toMatchObject([
    { code: 'RESOURCE_REJECTED', message: expect.stringContaining('fork: out of memory') },
  ]);
  expect(problems([], { code: undefined })).toMatchObject([{ code: 'RESOURCE_FAILED', message: expect.stringContaining('was killed') }]);
  expect(problems([], { code: 0 })).toEqual([]);
});

test('what providers print cannot steer a terminal, and warnings are told once', () => {
  const warning = { type: 'diagnostic', diagnostic: { severity: 'warning', summary: '\u001b[31mDeprecated', detail: 'Use another.' } };
  const messages = [warning, warning].flatMap((line) => readMessage(JSON.stringify(line)) ?? []);
  expect(warningsIn({ messages })).toEqual(['Deprecated: Use another.']);
});
