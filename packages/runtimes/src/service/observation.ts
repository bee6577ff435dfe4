// What a service tells of a resource, in Konfig's words.
import { type JsonObject, type Observation, pathText, type ResourceId, shortId } from '@konfig/core';
import type { Quote } from '../quote';
import { pathOf } from './address';
import type { ToldResource } from './protocol';

export function observationOf(id: ResourceId, told: ToldResource | undefined, quote: Quote): Observation {
  if (!told) return { id, exists: false, health: 'unknown', message: 'is not there', findings: [], related: [] };
  const { uid, generation, deleting, health, config } = told;
  return {
    id,
    exists: true,
    uid,
    generation,
    health: deleting && health.status === 'ready' ? 'progressing' : health.status,
    message: quote(health.message, 200) || (deleting ? 'is being deleted' : health.status),
    findings: (health.findings ?? []).map((finding) => ({
      code: quote(finding.code, 80),
      class: finding.class,
      message: quote(finding.message, 300),
      on: shortId(id),
      ...(finding.field === undefined ? {} : { field: pathText(pathOf(finding.field, config)) }),
    })),
    related: [],
  };
}

/** For outputs: `outputs.id`, `secrets.key`, `config.port`. */
export function liveOf({ uid, version, owner, config, outputs, secrets = {} }: ToldResource): JsonObject {
  return { uid, version, owner, config, outputs, secrets };
}
