import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { secretReader } from '../../src/secrets';
import { machine } from './machine';

describe('the environment and files', () => {
  test('are read as they are, in the order in which they were asked for', async () => {
    const { read, write } = machine({ PASSWORD: 'hunter2' });
    write('tls.key', 'first\nsecond\n');
    expect(await read({ from: 'file', path: 'tls.key' }, { from: 'env', name: 'PASSWORD' })).toEqual([
      { value: 'first\nsecond\n' },
      { value: 'hunter2' },
    ]);
  });

  test('what is missing, empty, no text or too large is told', async () => {
    const { read, write } = machine({ EMPTY: '' });
    write('bytes', Uint8Array.of(0xff, 0xfe, 0x00));
    write('large', 'x'.repeat(2 ** 20 + 1));
    const answers = await read(
      { from: 'env', name: 'PASSWORD' },
      { from: 'env', name: 'EMPTY' },
      { from: 'file', path: 'gone' },
      { from: 'file', path: '.' },
      { from: 'file', path: 'bytes' },
      { from: 'file', path: 'large' },
      { from: 'file', path: '/dev/zero' },
    );
    expect(answers.map((answer) => 'why' in answer && answer.why)).toEqual([
      'is not there',
      'is empty',
      'is not there',
      expect.stringMatching(/^cannot be read: EISDIR/),
      'is no text in UTF-8',
      'is larger than 1 MiB',
      'is larger than 1 MiB',
    ]);
  });
});

describe('a command', () => {
  test('prints its secret; one line break at the end is none of it', async () => {
    const { read, command } = machine({ WHO: 'anna' });
    command('helper', 'printf "%s of %s in %s\\n\\n" "$1" "$WHO" "$(basename "$PWD")" | sed "s/konfig-secrets-.*/here/"');
    expect(await read({ from: 'exec', command: 'helper', args: ['$HOME; ls'] })).toEqual([{ value: '$HOME; ls of anna in here\n' }]);
  });

  test('that the monorepo does not allow is not run', async () => {
    const { root, command, env } = machine({});
    command('helper', 'touch ran');
    const reader = secretReader({ root, env, runtimes: {}, commands: ['pass'] });
    const sources = [{ from: 'exec', command: 'helper' }] as const;
    expect(await reader(sources, { targets: {}, signal: new AbortController().signal })).toMatchObject([
      { why: 'may not be run', hint: expect.stringContaining('"secretCommands": ["helper"]') },
    ]);
    expect(existsSync(join(root, 'ran'))).toBe(false);
  });

  test('that fails is told with what it said, and what it printed must not be', async () => {
    const { read, command } = machine({ HELPER_TOKEN: 't0ken-of-helper' });
    command('helper', 'echo hunter2-half', 'echo "no access for hunter2-half" >&2', 'exit 7');
    const [failed, unknown, line] = await read(
      { from: 'exec', command: 'helper' },
      { from: 'exec', command: 'gone' },
      { from: 'exec', command: 'pass show db' },
    );
    expect(failed).toEqual({
      why: 'failed with 7: no access for (secret)',
      hint: 'Try it by hand, in the root of the monorepo.',
      taints: ['hunter2-half\n', 't0ken-of-helper'],
    });
    expect(unknown).toMatchObject({ why: 'cannot be started: there is no such command', hint: 'Install gone, or put it on the PATH.' });
    expect(line).toMatchObject({ hint: 'Name the command alone, and what follows it as args: there is no shell.' });
  });

  test.each([3, 5, 9])(
    'that fails tells nothing of other secrets where what it said is cut, with %s characters of one before the cut',
    async (fits) => {
      const { read, command } = machine({ OTHER: 'hunter2-canary' });
      const before = 600 - 'failed with 7: '.length - 2 - fits;
      command('helper', `printf "%0${before}d hunter2-canary is no answer, and much more is said\\n" 0 >&2`, 'exit 7');
      const [failed] = await read({ from: 'exec', command: 'helper' }, { from: 'env', name: 'OTHER' });
      expect(failed).toMatchObject({ why: expect.stringMatching(/^failed with 7: 0+ [^h]*…$/) });
    },
  );

  test('that does not end is ended in time, with all that it has started, and holds up nobody else', async () => {
    const { read, root, command } = machine({ NAME: 'anna' });
    command('helper', 'mkfifo held', 'cat held &', 'wait');
    const [slow, quick] = await read({ from: 'exec', command: 'helper', timeout: 1 }, { from: 'env', name: 'NAME' });
    expect([slow, quick]).toEqual([{ why: 'did not come within 1 s', hint: expect.any(String), taints: [] }, { value: 'anna' }]);
    while (isRead(join(root, 'held'))) await new Promise((resolve) => setImmediate(resolve));
  });

  test('that prints without end is ended', async () => {
    const { read, command } = machine();
    command('helper', 'exec cat /dev/zero');
    expect(await read({ from: 'exec', command: 'helper' })).toMatchObject([{ why: 'is larger than 1 MiB' }]);
  });

  test('is ended when the operation is', async () => {
    const { readUntil, command } = machine();
    command('helper', 'mkfifo held', 'cat held');
    const stop = new AbortController();
    const reading = readUntil(stop.signal, { from: 'exec', command: 'helper' });
    stop.abort(new Error('cancelled'));
    await expect(reading).rejects.toThrow('cancelled');
  });
});

describe('a Secret in a cluster', () => {
  const data = { password: Buffer.from('hunter2').toString('base64'), bytes: Buffer.of(0xff).toString('base64') };
  const key = (name: string, target?: string) => ({
    from: 'kubernetes' as const,
    namespace: 'shop',
    name: 'db',
    key: name,
    ...(target ? { target } : {}),
  });

  test('is read once, however many of its keys are asked for', async () => {
    const { read, target } = machine();
    const asked: string[] = [];
    target('main', async (id, type) => {
      asked.push(`${type} ${id}`);
      return { data };
    });
    expect(await read(key('password'), key('bytes'), key('pasword'))).toEqual([
      { value: 'hunter2' },
      expect.objectContaining({ why: 'is no text in UTF-8' }),
      expect.objectContaining({
        why: 'is not there: the Secret has password, bytes',
        hint: expect.stringMatching(/^Did you mean password\?/),
      }),
    ]);
    expect(asked).toEqual(['v1/Secret main:Secret/shop/db']);
  });

  test('may lie in another target, which must be there', async () => {
    const { read, target } = machine();
    target('eu', async (id) => (id === 'eu:Secret/shop/db' ? { data } : undefined));
    expect(await read(key('password', 'eu'), key('password', 'us'))).toEqual([
      { value: 'hunter2' },
      expect.objectContaining({ why: 'cannot be read: There is no target us.', hint: 'The workspace has the targets eu.' }),
    ]);
  });
});

/** Does somebody hold the other end of this pipe? */
function isRead(pipe: string): boolean {
  try {
    closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}
