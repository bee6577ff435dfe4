// A state as Terraform writes it (version 4): what Konfig reads of it.
import { isObject, type Json, type JsonObject } from '@konfig/core';
import { nameOf } from './plan-json';

/** What a state says. */
export interface TerraformState {
  /** Tells it from every other state. */
  readonly lineage: string;
  /** Grows with each write. */
  readonly serial: number;
  readonly outputs: { readonly [name: string]: { readonly value: Json; readonly sensitive: boolean } };
  /** Addresses of what is kept, without data sources. */
  readonly addresses: readonly string[];
}

/** Throws for what is no state. */
export function readState(text: string): TerraformState {
  const state: unknown = JSON.parse(text);
  if (!isObject(state) || state.version !== 4 || typeof state.lineage !== 'string' || typeof state.serial !== 'number')
    throw new Error('no state of version 4');
  const outputs = Object.entries(isObject(state.outputs) ? state.outputs : {}).flatMap(([name, output]) =>
    isObject(output) ? [[name, { value: output.value ?? null, sensitive: output.sensitive === true }] as const] : [],
  );
  return {
    lineage: state.lineage,
    serial: state.serial,
    outputs: Object.fromEntries(outputs),
    addresses: entriesOf(state).flatMap(addressesOf),
  };
}

/** The same state without these, each with all its instances: they stay in the world, and nobody minds them. */
export function withoutAddresses(text: string, addresses: readonly string[]): string {
  const state = JSON.parse(text) as JsonObject;
  const stays = (entry: JsonObject) => entry.mode !== 'managed' || !addresses.includes(baseAddress(entry));
  return JSON.stringify({ ...state, resources: entriesOf(state).filter(stays) }, undefined, 2);
}

function entriesOf(state: JsonObject): readonly JsonObject[] {
  return Array.isArray(state.resources) ? state.resources.filter(isObject) : [];
}

function addressesOf(entry: JsonObject): readonly string[] {
  if (entry.mode !== 'managed' || !Array.isArray(entry.instances)) return [];
  return entry.instances.filter(isObject).map(({ index_key: key, deposed }: JsonObject) => {
    const address = `${baseAddress(entry)}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`;
    return nameOf({ address, ...(typeof deposed === 'string' ? { deposed } : {}) });
  });
}

function baseAddress({ module, type, name }: JsonObject): string {
  return `${typeof module === 'string' ? `${module}.` : ''}${type}.${name}`;
}

/** Without the key of an instance: `aws_subnet.a` for `aws_subnet.a[0]`. */
export function withoutKey(address: string): string {
  return address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]$/, '');
}
