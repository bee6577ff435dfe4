// What is wrong with the form of a wished Terraform stack, before any binary is asked.
import { isAbsolute } from 'node:path';
import { isObject, type Json, type JsonObject, type Problem, type Resource, shortId } from '@konfig/core';
import { encryptsState } from './encrypted';
import { blocksOf, hasOwnBackend, wishOf } from './wish';

export const stackType = 'terraform/Stack';

export function checkForm(resources: readonly Resource[]): readonly Problem[] {
  return resources.flatMap((resource): readonly Problem[] => {
    const { id, type, attributes } = resource;
    const wrong = (message: string, hint: string, at: string = id): Problem => ({
      code: 'SPEC_INVALID',
      message: `${shortId(id)} ${message}`,
      hint,
      at,
    });
    if (type !== stackType) return [wrong(`is of the type ${JSON.stringify(type)}.`, `The runtime terraform keeps one: ${stackType}.`)];
    if (!isObject(attributes.configuration))
      return [wrong('has a configuration that is no object.', 'It is the Terraform JSON of one root module.', `${id} configuration`)];
    const { inputs, outputs, configuration } = wishOf(resource);
    const missing = (kind: 'variable' | 'output', names: string[]) =>
      names
        .filter((name) => !isObject(configuration[kind]) || !Object.hasOwn(configuration[kind], name))
        .map((name) => wrong(`speaks of the ${kind} ${name}, which its configuration does not have.`, `Declare it: ${kind}.${name}.`));
    return [
      ...missing('variable', Object.keys(inputs)),
      ...missing('output', Object.keys(outputs)),
      ...(encryptsState(configuration) && !hasOwnBackend({ configuration })
        ? [
            wrong(
              'has OpenTofu encrypt its state, which Konfig keeps and must read.',
              'Take encryption.state out: Konfig seals the state itself, with the stateKey of the target. Or write a backend: what lies there may be encrypted.',
              `${id} configuration.terraform.encryption`,
            ),
          ]
        : []),
      ...placesOfRuns(configuration).map((path) =>
        wrong(
          `has a local backend ${path === undefined ? 'without a path' : `with the path ${JSON.stringify(path)}, which is not absolute`}: the state would lie in the folder of the run, and be gone with it.`,
          'Give it the absolute path of a file that is meant for this stack alone, or leave the backend out: Konfig keeps the state then.',
          `${id} configuration.terraform.backend.local`,
        ),
      ),
    ];
  });
}

/** Paths of local backends that lead into the folder in which Terraform works, which each run makes anew. */
function placesOfRuns({ terraform }: JsonObject): readonly (Json | undefined)[] {
  const backends = blocksOf(terraform).flatMap(({ backend }) => blocksOf(backend));
  const paths = backends.flatMap(({ local }) => blocksOf(local)).map(({ path }) => path);
  return paths.filter((path) => typeof path !== 'string' || !isAbsolute(path));
}
