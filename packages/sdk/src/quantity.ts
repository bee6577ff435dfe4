// Amounts of CPU and memory, and their requests and limits in one value.
import type { JsonObject } from '@konfig/core';

/** CPU: cores as a number (`0.5`, `'2'`) or thousandths of a core (`'250m'`). */
export type Cpu = `${number}m` | `${number}`;

/** Bytes, with a unit: `'256Mi'`, `'1Gi'`, `'500M'`. Without a unit, or with `m` (thousandths of a byte), it does not compile. */
export type Memory = `${number}${'Ki' | 'Mi' | 'Gi' | 'Ti' | 'k' | 'M' | 'G' | 'T'}`;

/**
 * What a container asks for and may use at most.
 *
 * One value is the request; for memory and storage it is the limit too, since they cannot be taken back while CPU can.
 * Two values are request and limit: `cpu: '250m-500m'`.
 */
export interface Resources {
  /** Request, or `request-limit`: `0.5`, `'250m'` (no limit), `'250m-500m'`. */
  readonly cpu?: Cpu | number | `${Cpu}-${Cpu}`;
  /** Request and limit, or `request-limit`: `'256Mi'` (both), `'256Mi-512Mi'`. */
  readonly memory?: Memory | `${Memory}-${Memory}`;
  /** Request and limit of the node's disk, or `request-limit`: `'1Gi'`. */
  readonly ephemeralStorage?: Memory | `${Memory}-${Memory}`;
  /** Further resources, request and limit alike: `{ 'nvidia.com/gpu': 1 }`. */
  readonly others?: { readonly [name: `${string}/${string}`]: number | Memory };
}

/** Something wrong with an amount: which, and what was given. */
export interface BadQuantity {
  readonly field: string;
  readonly given: string;
  readonly wanted: string;
}

const cpuText = /^(\d+|\d+\.\d+|\d+m)$/;
const memoryText = /^(\d+|\d+\.\d+)(Ki|Mi|Gi|Ti|k|M|G|T)$/;

/** The `resources` of a container, and what is wrong with what was given. */
export function lowerResources(given: Resources): { readonly resources: JsonObject; readonly bad: readonly BadQuantity[] } {
  const requests: Record<string, string> = {};
  const limits: Record<string, string> = {};
  const bad: BadQuantity[] = [];
  const take = (field: string, key: string, value: string | number | undefined, text: RegExp, wanted: string) => {
    if (value === undefined) return;
    const parts = typeof value === 'number' ? [String(value)] : value.split('-');
    const [request, limit] = parts;
    const isGood = parts.length <= 2 && parts.every((part) => text.test(part));
    if (!isGood || !request) {
      bad.push({ field, given: String(value), wanted });
      return;
    }
    if (limit && amount(limit) < amount(request))
      bad.push({ field, given: String(value), wanted: 'a limit that is not below the request' });
    requests[key] = request;
    if (limit) limits[key] = limit;
    else if (key !== 'cpu') limits[key] = request;
  };
  take('cpu', 'cpu', given.cpu, cpuText, "cores or thousandths of one, like 0.5, '250m' or '250m-500m'");
  take('memory', 'memory', given.memory, memoryText, "bytes with a unit, like '256Mi' or '256Mi-512Mi'");
  take('ephemeralStorage', 'ephemeral-storage', given.ephemeralStorage, memoryText, "bytes with a unit, like '1Gi'");
  for (const [name, value] of Object.entries(given.others ?? {}))
    take(`others.${name}`, name, value, /^\d+(Ki|Mi|Gi|Ti|k|M|G|T)?$/, 'a whole number');
  return { resources: { ...(has(requests) && { requests }), ...(has(limits) && { limits }) }, bad };
}

function has(record: object): boolean {
  return Object.keys(record).length > 0;
}

const units: { readonly [unit: string]: number } = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

function amount(text: string): number {
  const match = /^([\d.]+)(\w*)$/.exec(text);
  return Number(match?.[1]) * (units[match?.[2] ?? ''] ?? Number.NaN);
}
