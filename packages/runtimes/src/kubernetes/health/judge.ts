// Judges objects that come from anywhere but a watch: a file, or a recorded stream. Each by whatever else was told that hangs from it.
import { type Finding, type Health, isObject, type Json, type JsonObject } from '@konfig/core';
import { clean } from '../../clean';
import { addressOfObject, groupKind, groupOf, placeOf } from '../address';
import { definitionOf } from '../custom/definition';
import { asJson, type KubeObject } from '../objects';
import type { Related } from '../related';
import { makeSeen } from '../seen';
import { healthWith } from '.';
import { isMostLikelyAwaited } from './awaited';
import { conditionsIn } from './conditions';
import type { Report } from './report';
import { operatorRules } from './rules/operators';
import type { HealthRule } from './rules/rule';

/** How one object is. */
export interface Judgement {
  /** `Deployment.apps/shop/web`: kind and group, namespace where it has one, name. */
  readonly id: string;
  readonly health: Health;
  readonly message: string;
  readonly findings: readonly Finding[];
}

/** Keeps what it was told of objects, and says how they are. */
export interface Judge {
  /** An object as it is now, or an Event about one. Gives what that changed, the object first and then what it hangs from. */
  put(object: KubeObject): readonly Judgement[];
  /** It has been deleted. Gives what that changed. */
  gone(object: KubeObject): readonly Judgement[];
  /** All that were told and are not gone, in the order in which they came first. */
  all(): readonly Judgement[];
}

/**
 * Events are no objects to judge: they tell about others.
 * @param rules go before all of ours; see {@link ruleProblems}.
 * @param ofOperators go before what objects say of themselves. Default: those for widely used operators.
 */
export function makeJudge(rules: readonly HealthRule[] = [], ofOperators: readonly HealthRule[] = operatorRules): Judge {
  const healthOf = healthWith(ofOperators);
  const touched = new Set<string>();
  const told = new Map<string, Judgement>();
  // What is in a file is its reader's own.
  const seen = makeSeen((place) => void touched.add(place), { text: (text) => text }, rules);
  const defined = new Set<string>();
  // Where no definition was told, a file's reader is better served by "not yet" than by "there".
  const related: Related = {
    ...seen,
    awaitsStatus: (object) => (defined.has(groupOf(object)) ? seen.awaitsStatus(object) : isMostLikelyAwaited(object)),
  };
  const define = (object: KubeObject) => {
    const definition = definitionOf(asJson(object));
    if (!definition) return;
    defined.add(groupKind(definition));
    seen.keepDefinition(definition);
    for (const place of told.keys()) if (place.startsWith(`${groupKind(definition)}/`)) touched.add(place);
  };
  const changes = (): readonly Judgement[] => {
    const places = [...touched];
    touched.clear();
    return places.flatMap((place) => {
      const object = seen.get(place);
      if (!object) return [];
      const judged = judge(object, place, (one) => healthOf(one, related));
      if (JSON.stringify(judged) === JSON.stringify(told.get(place))) return [];
      told.set(place, judged);
      return [judged];
    });
  };
  return {
    put(object) {
      try {
        define(object);
        seen.put(wellFormed(object));
      } catch (error) {
        const judged = unjudged(placeOf(addressOfObject(object)), error);
        told.set(judged.id, judged);
        return [judged];
      }
      return changes();
    },
    gone(object) {
      seen.gone(object);
      told.delete(placeOf(addressOfObject(object)));
      return changes();
    },
    all: () => [...told.values()],
  };
}

/** As an API server would have it: a status is an object, its conditions are a list of such. */
function wellFormed(object: KubeObject): KubeObject {
  const { status, ...others } = object;
  const rest = { ...others, metadata: wellFormedMetadata(object.metadata) };
  if (status === undefined || object.kind === 'Event') return rest;
  if (!isObject(status as Json)) return rest;
  const { conditions, ...said } = status as JsonObject;
  if ((conditions ?? null) === null) return { ...rest, status: said };
  // What cannot be read is as nothing in the list: somebody has begun to write.
  return { ...rest, status: { ...said, conditions: Array.isArray(conditions) ? wellFormedConditions(conditions) : [] } };
}

function wellFormedMetadata(metadata: KubeObject['metadata']): KubeObject['metadata'] {
  const { ownerReferences: owners, ...others } = metadata;
  return Array.isArray(owners) ? { ...others, ownerReferences: owners.filter((one) => isObject(one as unknown as Json)) } : others;
}

/** With whatever else a condition of some kind has, such as the severity of Cluster API. */
function wellFormedConditions(conditions: readonly Json[]): readonly Json[] {
  return conditions.flatMap((one) => {
    const { reason: _, message: __, observedGeneration: ___, ...others } = isObject(one) ? one : {};
    return conditionsIn([one]).map((condition) => ({ ...others, ...condition }));
  });
}

/** A file may hold what no API server would have taken. */
function judge(object: KubeObject, id: string, healthOf: (object: KubeObject) => Report): Judgement {
  try {
    const { health, message, findings } = healthOf(object);
    return { id, health, message, findings };
  } catch (error) {
    return unjudged(id, error);
  }
}

function unjudged(id: string, error: unknown): Judgement {
  const message = clean(`cannot be judged, as it has not the shape of its kind: ${(error as Error).message}`, 300);
  return { id, health: 'unknown', message, findings: [] };
}
