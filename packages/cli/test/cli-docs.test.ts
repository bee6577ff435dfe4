// docs/cli.md and the commands themselves say the same; docs/events.md and the events.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '@konfig/core';
import { allCommands } from '../src/arguments/table';
import { takesOf } from '../src/completion/takes';

const commands = allCommands();
const docs = join(__dirname, '..', '..', '..', 'docs');
const page = readFileSync(join(docs, 'cli.md'), 'utf8');

test.each(commands.map((command) => [command.usage, command] as const))(
  'docs/cli.md has konfig %s and each of its options',
  (usage, command) => {
    const name = usage.split(' ')[0];
    expect(page).toMatch(new RegExp(`^\\| \`${name}[ \`]`, 'm'));
    const missing = takesOf(command).options.filter((option) => {
      const text = option.isOnByDefault ? `--no-${option.name}` : `--${option.name}`;
      return !new RegExp(`\`${text}[\` ]`).test(page);
    });
    expect(missing.map((option) => option.name)).toEqual([]);
  },
);

test('docs/cli.md has no command and no option that is not there', () => {
  const named = new Set([...page.matchAll(/^\| `([a-z]+)[ `]/gm)].map(([, name]) => name));
  const known = new Set(commands.map((command) => command.usage.split(' ')[0]));
  expect([...named].filter((name) => !known.has(name))).toEqual([]);
  const options = new Set(
    commands.flatMap((command) => takesOf(command).options.map((option) => (option.isOnByDefault ? `no-${option.name}` : option.name))),
  );
  const said = [...page.matchAll(/`--([a-z-]+)/g)].map(([, name]) => name as string);
  expect(
    [...new Set(said)].filter((name) => !options.has(name) && !['help', 'stack', 'screen-reader', 'no-screen-reader'].includes(name)),
  ).toEqual([]);
});

// The compiler asks for each type of the union.
const events: { readonly [type in Event['type']]: true } = {
  'operation-started': true,
  'lock-held': true,
  'step-started': true,
  'step-applied': true,
  'step-observed': true,
  'step-log': true,
  'step-done': true,
  'step-failed': true,
  'step-skipped': true,
  cancelling: true,
  note: true,
  heartbeat: true,
  'operation-finished': true,
};

test.each(Object.keys(events))('docs/events.md has %s', (type) => {
  expect(readFileSync(join(docs, 'events.md'), 'utf8')).toContain(`\n| \`${type}\` | `);
});
