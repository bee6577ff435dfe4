// Secrets in the environment of whoever applies.
import type { EnvSource } from '@konfig/core';
import { type OpenSource, unread } from './source';

export const environment: OpenSource<EnvSource> =
  ({ env }) =>
  async ({ name }) => {
    const value = env[name];
    return value === undefined ? unread('is not there', `Set it before the command: ${name}=… konfig …`) : { value };
  };
