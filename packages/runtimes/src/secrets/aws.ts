// Secrets in AWS Secrets Manager, by the client of AWS, which finds credentials and region in its own way.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Client from '@aws-sdk/client-secrets-manager';
import type { AwsSource, Json, SecretAnswer } from '@konfig/core';
import { leafAt } from './leaf';
import { type OpenSource, type Operation, once, textOf, unread } from './source';

export const aws: OpenSource<AwsSource> = (operation) => {
  const fetch = once((place: Place, signal) => readVersion(place, operation, signal));
  return async ({ from: _, key, ...place }, signal) => {
    const answer = await fetch(place, signal);
    return key === undefined || !('value' in answer) ? answer : keyOf(answer.value, key);
  };
};

type Place = Omit<AwsSource, 'from' | 'key'>;

async function readVersion({ name, region, version }: Place, { root, atEnd }: Operation, signal: AbortSignal): Promise<SecretAnswer> {
  const library = load(root);
  if (!library)
    return unread(
      'cannot be read: the client of AWS is not installed',
      'Install it in the monorepo: npm install @aws-sdk/client-secrets-manager',
    );
  const { SecretsManagerClient, GetSecretValueCommand } = library;
  try {
    const client = new SecretsManagerClient(region === undefined ? {} : { region });
    atEnd(() => client.destroy());
    const command = new GetSecretValueCommand({ SecretId: name, ...(version === undefined ? {} : { VersionId: version }) });
    const { SecretString, SecretBinary } = await client.send(command, { abortSignal: signal });
    return textOf(SecretBinary ?? Buffer.from(SecretString ?? ''));
  } catch (error) {
    if (signal.aborted) throw error;
    return refused(error as Error);
  }
}

const packageName = '@aws-sdk/client-secrets-manager';

/** The monorepo's, else one beside us; undefined: nobody has installed it. */
function load(root: string): typeof Client | undefined {
  for (const from of [join(root, 'package.json'), __filename]) {
    try {
      return createRequire(from)(packageName) as typeof Client;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return undefined;
}

const hints: { readonly [name: string]: string } = {
  ResourceNotFoundException: 'Is the name right, and the region? aws secretsmanager list-secrets',
  AccessDeniedException: 'It takes secretsmanager:GetSecretValue on this secret, and kms:Decrypt on its key.',
  CredentialsProviderError: 'Log in (aws sso login), or set AWS_PROFILE.',
  ExpiredTokenException: 'Log in again: aws sso login.',
  UnrecognizedClientException: 'These credentials are of nobody: set AWS_PROFILE, or log in.',
};

function refused({ name, message }: Error): SecretAnswer {
  const hint =
    hints[name] ??
    (/region/i.test(message)
      ? 'Name one: AWS_REGION=… konfig …, or region in the program.'
      : 'Try it by hand: aws secretsmanager get-secret-value');
  return unread(`cannot be read: ${name}: ${message}`, hint);
}

function keyOf(text: string, key: string): SecretAnswer {
  try {
    return leafAt(JSON.parse(text) as Json, [key]);
  } catch {
    return unread(`is not there: the secret is no JSON with keys`, 'Leave out the key to take its whole text.');
  }
}
