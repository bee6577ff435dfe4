/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';
import unit from './jest.config';

// The scenarios on a real control plane: slower, never part of `npm test`. As many files at a time as there are cores, each with servers of its own: mostly they wait.
const config: Config = {
  ...unit,
  roots: ['<rootDir>/test/e2e'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 180_000,
};

export default config;
