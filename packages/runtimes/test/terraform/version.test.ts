import { byAge, fits } from '../../src/terraform/version';

test.each([
  ['3.6.0', '~> 3.1', true],
  ['4.0.0', '~> 3.1', false],
  ['3.1.9', '~> 3.1.4', true],
  ['3.2.0', '~> 3.1.4', false],
  ['3.1.3', '~> 3.1.4', false],
  ['3.9.9', '~> 3', true],
  ['3.1.0', '>= 3.0, < 3.1.1, != 3.0.5', true],
  ['3.0.5', '>= 3.0, < 3.1.1, != 3.0.5', false],
  ['1.0.0', '1.0.0', true],
  ['1.0.0', '= 1.0', true],
  ['1.10.0', '> 1.9', true],
  ['1.0.0-beta1', '>= 1.0.0-beta1', true],
  ['2.0.0-beta1', '>= 1.0.0', false],
])('%s fits %s: %s', (version, constraint, expected) => {
  expect(fits(version, [constraint])).toBe(expected);
});

test('the newest comes first, a release before what led to it', () => {
  expect(['1.9.0', '1.10.0', '1.10.0-rc1', '2.0.0'].sort(byAge)).toEqual(['2.0.0', '1.10.0', '1.10.0-rc1', '1.9.0']);
});
