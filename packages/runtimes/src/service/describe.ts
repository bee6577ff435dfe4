// What a service says of itself, for commands that ask it alone: no workspace names it.
import { isKonfigError, KonfigError, type Problem } from '@konfig/core';
import { defaultLimits, type Limits } from './client';
import { openService } from './connect';
import { answers, type Description } from './protocol';
import { faultsIn, isSchema } from './schema';

export interface ServicePlace {
  readonly url: string;
  readonly token?: string;
}

/** Asks it, as opening it as a target does. */
export async function askDescription(place: ServicePlace, limits: Partial<Limits>, signal: AbortSignal): Promise<Description> {
  try {
    const { url, token } = place;
    const target = { runtime: 'service', config: { url, ...(token === undefined ? {} : { token }) } };
    const { client, description } = await openService('of this command', target, { ...defaultLimits, ...limits }, signal);
    await client.close();
    return description;
  } catch (error) {
    if (!isKonfigError(error)) throw error;
    throw new KonfigError(
      error.problems.map((problem) => ({ ...problem, ...hintOf(problem, place) })),
      { cause: error },
    );
  }
}

/** What to do about it is done on the command line. */
function hintOf({ code }: Problem, { token }: ServicePlace): { readonly hint?: string } {
  if (code === 'SERVICE_PROTOCOL')
    return { hint: 'Is this the address of the service itself? GET /v1/describe in docs/services.md says what it answers.' };
  return code === 'TARGET_CREDENTIALS' && token === undefined ? { hint: 'Name the variable that holds its token: --token-env NAME.' } : {};
}

/** The types that somebody describes, each with schemas. `where` it stands is for the message. */
export function describedTypes(value: object, where: string): Pick<Description, 'name' | 'types'> {
  const { name, types } = answers.description.properties;
  const [fault] = faultsIn(value as never, { type: 'object', properties: { name, types }, required: ['name', 'types'] });
  if (fault) throw noDescription(where, `${fault.field || 'it'} ${fault.detail}`);
  const described = value as Description;
  const wrong = wrongSchema(described.types);
  if (wrong !== undefined) throw noDescription(where, `${wrong} is no JSON Schema 2020-12`);
  return described;
}

function wrongSchema(types: Description['types']): string | undefined {
  for (const [name, type] of Object.entries(types)) {
    const wrong = (['config', 'outputs', 'secrets'] as const).find((part) => !isSchema(type[part] ?? {}));
    if (wrong) return `/types/${name}/${wrong}`;
  }
  return undefined;
}

function noDescription(where: string, why: string): KonfigError {
  return new KonfigError({
    code: 'SERVICE_PROTOCOL',
    message: `${where} holds no description of a service: ${why}.`,
    hint: 'It must be what GET /v1/describe answers, as docs/services.md has it.',
  });
}
