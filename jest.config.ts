/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

// Tests run on the sources, not on dist, so that a test never passes on yesterday's build.
const config: Config = {
  // Most tests wait for processes of their own; jest's default would leave a core idle.
  maxWorkers: '100%',
  roots: ['<rootDir>/packages', '<rootDir>/konfig', '<rootDir>/examples', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/test/e2e/', '<rootDir>/\\.konfig/'],
  modulePathIgnorePatterns: ['<rootDir>/\\.konfig/'],
  moduleNameMapper: {
    '^@konfig/([a-z-]+)$': '<rootDir>/packages/$1/src',
    '^@acme/platform$': '<rootDir>/konfig/platform/src',
    '^@company/platform$': '<rootDir>/packages/cli/template/platform/src',
  },
  transform: {
    '\\.[cm]?[jt]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, sourceMaps: 'inline' }],
  },
  // @kubernetes/client-node, cel-js, yargs and what they bring are ES modules; everything else in node_modules runs as it is.
  transformIgnorePatterns: [
    '/node_modules/(?!(@kubernetes/client-node|@marcbachmann/cel-js|openid-client|oauth4webapi|jose|yargs|yargs-parser|cliui|y18n|string-width|strip-ansi|ansi-regex|wrap-ansi|ansi-styles|get-east-asian-width|emoji-regex|escalade|get-caller-file)/)',
  ],
  testEnvironment: 'node',
  // Only against a test that hangs: many start processes of their own, which a busy machine makes wait.
  testTimeout: 120_000,
};

export default config;
