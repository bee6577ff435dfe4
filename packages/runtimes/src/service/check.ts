// What is wrong with wished resources before the service is asked: their form, and their config by the schema that their construct brings.
import { didYouMean, isObject, type Problem, type Resource, shortId, type Target } from '@konfig/core';
import { namePattern, placeOf, typePattern } from './address';
import { faultProblem } from './refusal';
import { aboutKnown, wishOf } from './wish';

export function checkForm(resources: readonly Resource[]): readonly Problem[] {
  return resources.flatMap(({ id, type, attributes }): readonly Problem[] => {
    const place = placeOf(id);
    const wrong = (message: string, hint: string, at = id): Problem => ({
      code: 'SPEC_INVALID',
      message: `${shortId(id)} ${message}`,
      hint,
      at,
    });
    return [
      ...(typePattern.test(type) && place.type === type
        ? []
        : [wrong(`is of the type ${JSON.stringify(type)}.`, 'A type of a service is called like Entry.')]),
      ...(namePattern.test(place.name)
        ? []
        : [
            wrong(
              `is called ${JSON.stringify(place.name)}.`,
              'Use up to 253 letters, digits, . _ and -, with a letter or digit at both ends.',
            ),
          ]),
      ...(isObject(attributes.config) ? [] : [wrong('has a config that is no object.', 'Write config: { … }.', `${id} config`)]),
    ];
  });
}

/** By the schemas that lowering has put beside their target. */
export function checkBySchema(resources: readonly Resource[], targets: { readonly [name: string]: Target }): readonly Problem[] {
  // Loaded only where there is something to check: it takes a while.
  const { faultsIn } = require('./schema') as typeof import('./schema');
  return resources.flatMap((resource) => {
    const types = targets[resource.target]?.config.types;
    const schema = isObject(types) ? types[resource.type] : undefined;
    if (!isObject(schema) || !isObject(resource.attributes.config)) return [];
    const wish = wishOf(resource);
    return aboutKnown(faultsIn(wish.config, schema), wish).map((fault) => faultProblem(resource.id, wish.config, fault));
  });
}

/** The service has no such type. */
export function unknownType({ id, type }: Pick<Resource, 'id' | 'type'>, known: readonly string[]): Problem {
  return {
    code: 'KIND_UNKNOWN',
    message: `${shortId(id)} is of the type ${type}, which the service does not have.`,
    hint: `${didYouMean(type, known)}It has ${known.join(', ') || 'none'}.`,
    at: id,
  };
}
