// What TAB offers, whatever the shell.
import { complete } from '../src/completion/complete';
import type { Names } from '../src/completion/names';

const names: Names = {
  stacks: () => ['blog/dev', 'shop/dev', 'shop/prod'],
  projects: () => ['blog', 'shop'],
  resources: (stack) => (stack === 'shop/dev' ? ['Deployment/web', 'Service/web'] : []),
};

/** `konfig preview sh|` as its candidates; `+ files` where file names fit too. */
const offered = (line: string) => {
  const { candidates, files } = complete(line.split(' ').slice(1), names);
  return `${candidates.map(({ text }) => text).join(' ')}${files ? ' + files' : ''}`;
};

test.each([
  ['konfig pre', 'preview'],
  ['konfig --', '--help --screen-reader --version'],
  ['konfig nonsense ', ''],
  ['konfig status s', 'shop/dev shop/prod'],
  ['konfig status shop/dev ', ''],
  ['konfig apply ', 'blog/dev shop/dev shop/prod + files'],
  ['konfig validate shop/dev b', 'blog/dev blog'],
  ['konfig diff shop/dev shop/p', 'shop/prod'],
  ['konfig logs shop/dev ', 'Deployment/web Service/web'],
  ['konfig logs shop/dev --tail 20 D', 'Deployment/web'],
  ['konfig explain shop/dev --live S', 'Service/web'],
  ['konfig cluster st', 'start stop status'],
  ['konfig status shop/dev --output ', 'text json ndjson'],
  ['konfig status shop/dev --output=j', '--output=json'],
  ['konfig status --output json shop/d', 'shop/dev'],
  ['konfig logs shop/dev --follow --f', ''],
  ['konfig logs shop/dev -c ', ''],
  ['konfig synth shop/dev --no', '--no-type-check --no-provenance'],
  ['konfig synth shop/dev --to ', ' + files'],
  ['konfig status --via sh', 'shop/dev shop/prod'],
  ['konfig preview -f k8s --stack shop/d', 'shop/dev'],
  ['konfig completion ', 'bash zsh fish'],
])('%s| offers: %s', (line, wanted) => {
  expect(offered(line)).toBe(wanted);
});

test('each command and option says what it does', () => {
  expect(complete(['valid'], names).candidates).toEqual([{ text: 'validate', says: 'Check all that can be checked without a cluster' }]);
  expect(complete(['logs', '--fol'], names).candidates).toEqual([
    { text: '--follow', says: 'Go on until ^C, with pods that come later too' },
  ]);
});
