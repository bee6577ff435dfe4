import type { Problem } from '@konfig/core';
import { problemsText, problemText } from '../../src/render/problem-text';

const cycle: Problem = {
  code: 'SPEC_CYCLE',
  message: 'Service/web waits for itself: Service/web → Route/web → Service/web.',
  hint: 'Remove one of these dependencies, or let the route refer to the Service.',
  at: 'main:Service/shop/web',
  source: { file: 'projects/shop/app.ts', line: 12 },
};

test('a problem says what is wrong, what to do and where', () => {
  expect(problemText(cycle, { color: false })).toBe(`\
SPEC_CYCLE  Service/web waits for itself: Service/web → Route/web → Service/web.
            Remove one of these dependencies, or let the route refer to the Service.
            at main:Service/shop/web (projects/shop/app.ts:12)
`);
});

test('its lines are wrapped under each other, indented ones stay indented, its title on demand', () => {
  const failed: Problem = {
    code: 'RESOURCE_FAILED',
    message: 'Deployment/web will not become ready: Pod/web-6c9: CrashLoopBackOff, app exits with 1 again and again\n  Error: ECONNREFUSED',
    at: 'main:Deployment.apps/shop/web',
  };
  expect(problemText(failed, { color: false, width: 70, title: true })).toBe(`\
RESOURCE_FAILED  A resource will not become ready
                 Deployment/web will not become ready: Pod/web-6c9:
                 CrashLoopBackOff, app exits with 1 again and again
                   Error: ECONNREFUSED
                 at main:Deployment.apps/shop/web
`);
});

test('on a narrow screen the code has a line of its own', () => {
  expect(problemText(cycle, { color: false, width: 44 })).toBe(`\
SPEC_CYCLE
    Service/web waits for itself:
    Service/web → Route/web → Service/web.
    Remove one of these dependencies, or let
    the route refer to the Service.
    at main:Service/shop/web (projects/shop/app.ts:12)
`);
});

test('several stand apart, warnings last and marked as such', () => {
  const warning: Problem = { code: 'PLAN_RISKY', message: 'shop/dev would lose 3 of its 4 resources.', severity: 'warning' };
  const error: Problem = { code: 'USAGE', message: 'There is no stack "x".', source: { file: 'a.ts', line: 1, guess: true } };
  expect(problemsText([warning, error], { color: false })).toBe(`\
USAGE  There is no stack "x".
       at ~a.ts:1

PLAN_RISKY  warning: shop/dev would lose 3 of its 4 resources.
`);
});

test('a line from a log that a CI system would take for a command is only a line', () => {
  const problem: Problem = { code: 'RESOURCE_FAILED', message: 'Job/seed failed:\n  ::set-env name=PATH::x\n  ##[error] y' };
  expect(problemText(problem, { color: false })).toBe(`\
RESOURCE_FAILED  Job/seed failed:
                   │ ::set-env name=PATH::x
                   │ ##[error] y
`);
});
