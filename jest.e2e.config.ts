/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';
import unit from './jest.config';

// The scenarios on a real control plane: slower, one after the other, never part of `npm test`.
const config: Config = {
  ...unit,
  roots: ['<rootDir>/test/e2e'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 180_000,
};

export default config;
