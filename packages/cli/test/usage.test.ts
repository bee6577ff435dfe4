// What a command line lacks, or has too much of, is said in our words.
import { usageError } from '../src/report';

const said = (message: string, ...argv: string[]) => usageError(message, argv).problems[0]?.message;
const notEnough = (got: number, need: number) => `Not enough non-option arguments: got ${got}, need at least ${need}`;

test('what is missing is named', () => {
  expect(said(notEnough(0, 1), 'status')).toBe('The name of a stack is missing: PROJECT/STACK, e.g. shop/dev.');
  expect(said(notEnough(1, 2), 'explain', 'shop/dev')).toBe('<resource> is missing: konfig explain <stack> <resource> [field].');
  expect(said(notEnough(1, 2), 'diff', 'shop/dev')).toBe('<after> is missing: konfig diff <before> <after>.');
  expect(said(notEnough(0, 1), 'completion')).toBe('<shell> is missing: konfig completion <shell>.');
});

test('a value that is none of the choices is told with them', () => {
  expect(said('Invalid values:\n  Argument: format, Given: "svg", Choices: "text", "dot"', 'graph', 'shop/dev', '--format', 'svg')).toBe(
    '--format is "svg", but must be one of "text", "dot".',
  );
  expect(said('Invalid values:\n  Argument: shell, Given: "tcsh", Choices: "bash", "zsh"', 'completion', 'tcsh')).toBe(
    '<shell> is "tcsh", but must be one of "bash", "zsh".',
  );
});
