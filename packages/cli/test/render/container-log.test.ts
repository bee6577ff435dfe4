import { linePrinter } from '../../src/render/container-log';

const printed = (color: boolean, ...lines: readonly (readonly [from: string, text: string])[]) => {
  let text = '';
  const print = linePrinter(
    (more) => {
      text += more;
    },
    { color },
  );
  for (const [from, said] of lines) print({ id: 'main:Deployment.apps/shop/web', from, text: said });
  return text;
};

test('each container has a colour of its own and keeps it', () => {
  expect(printed(true, ['a/app', 'one'], ['b/app', 'two'], ['a/app', 'three'])).toBe(
    '\u001b[36ma/app\u001b[0m  one\n\u001b[35mb/app\u001b[0m  two\n\u001b[36ma/app\u001b[0m  three\n',
  );
});

test('without colour the name alone tells, and nothing that a container says steers the terminal', () => {
  expect(printed(false, ['a/app', '\u001b[2J\u001b[31mred\u001b[0m\tand\rback'])).toBe('a/app  red  andback\n');
});
