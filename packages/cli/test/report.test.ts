import { report } from '../src/report';
import type { Shell } from '../src/shell';

test.each([[['--notify', 'https://hooks.example/T0123']], [['--notify=https://hooks.example/T0123']]])(
  'a bug of ours is told with the command line, but without the address of a webhook: %s',
  (option) => {
    let told = '';
    const stream = { write: (text: string) => (told += text) } as unknown as Shell['stderr'];
    const shell = { stdout: stream, stderr: stream, env: {} } as unknown as Shell;
    expect(report(new Error('it broke'), ['apply', 'shop/dev', ...option, '--yes'], shell)).toBe(1);
    expect(told.replace(/\s+/g, ' ')).toMatch(/INTERNAL konfig apply shop\/dev --notify[ =]\(secret\) --yes: it broke/);
  },
);
