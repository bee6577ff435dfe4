// Judges objects that come from anywhere but a watch: a file, or a recorded stream. Each by whatever else was told that hangs from it.
import { type Finding, type Health, isObject, type Json, type JsonObject } from '@konfig/core';
import { clean } from '../../clean';
import { addressOfObject, placeOf } from '../address';
import type { KubeObject } from '../objects';
import { makeSeen } from '../seen';
import { healthOf } from '.';
import { conditionsIn } from './conditions';

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

/** Events are no objects to judge: they tell about others. */
export function makeJudge(): Judge {
  const touched = new Set<string>();
  const told = new Map<string, Judgement>();
  // What is in a file is its reader's own.
  const seen = makeSeen((place) => void touched.add(place), { text: (text) => text });
  const changes = (): readonly Judgement[] => {
    const places = [...touched];
    touched.clear();
    return places.flatMap((place) => {
      const object = seen.get(place);
      if (!object) return [];
      const judged = judge(object, place, seen);
      if (JSON.stringify(judged) === JSON.stringify(told.get(place))) return [];
      told.set(place, judged);
      return [judged];
    });
  };
  return {
    put(object) {
      seen.put(wellFormed(object));
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
  const { status, ...rest } = object;
  if (status === undefined || object.kind === 'Event') return object;
  if (!isObject(status as Json)) return rest;
  const { conditions, ...said } = status as JsonObject;
  return { ...rest, status: conditions === undefined ? said : { ...said, conditions: conditionsIn(conditions) } };
}

/** A file may hold what no API server would have taken. */
function judge(object: KubeObject, id: string, related: Parameters<typeof healthOf>[1]): Judgement {
  try {
    const { health, message, findings } = healthOf(object, related);
    return { id, health, message, findings };
  } catch (error) {
    return { id, health: 'unknown', message: clean(`cannot be judged: ${(error as Error).message}`, 300), findings: [] };
  }
}
