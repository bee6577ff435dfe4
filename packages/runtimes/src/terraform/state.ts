// A state as Terraform writes it (version 4): what Konfig reads of it.
import { isObject, type Json, type JsonObject } from '@konfig/core';
import { parseNumbers, rewriteJson } from './number-text';
import { nameOf } from './plan-json';
import { blocksOf } from './wish';

/** What a state says. */
export interface TerraformState {
  /** Tells it from every other state. */
  readonly lineage: string;
  /** Grows with each write. */
  readonly serial: number;
  readonly outputs: { readonly [name: string]: { readonly value: Json; readonly sensitive: boolean } };
  /** Addresses of what is kept, without data sources. */
  readonly addresses: readonly string[];
  /** Of these, the ones whose making did not come to its end: the next apply replaces them. */
  readonly tainted: readonly string[];
}

/** Throws for what is no state. */
export function readState(text: string): TerraformState {
  const state = parseNumbers(text);
  if (!isObject(state) || state.version !== 4 || typeof state.lineage !== 'string' || typeof state.serial !== 'number')
    throw new Error('no state of version 4');
  const outputs = Object.entries(isObject(state.outputs) ? state.outputs : {}).flatMap(([name, output]) =>
    isObject(output) ? [[name, { value: output.value ?? null, sensitive: output.sensitive === true }] as const] : [],
  );
  return {
    lineage: state.lineage,
    serial: state.serial,
    outputs: Object.fromEntries(outputs),
    addresses: entriesOf(state).flatMap((entry) => addressesOf(entry)),
    tainted: entriesOf(state).flatMap((entry) => addressesOf(entry, ({ status }) => status === 'tainted')),
  };
}

/** Addresses of the providers that its objects belong to: `registry.terraform.io/hashicorp/random`. */
export function providersIn(text: string): readonly string[] {
  const state = parseNumbers(text);
  const named = isObject(state) ? entriesOf(state).map(({ provider }) => /\["(.+?)"\]/.exec(String(provider))?.[1]) : [];
  return [...new Set(named.filter((address) => address !== undefined))];
}

/** The same state without these, each with all its instances: they stay in the world, and nobody minds them. */
export function withoutAddresses(text: string, addresses: readonly string[]): string {
  const stays = (entry: JsonObject) => entry.mode !== 'managed' || !addresses.includes(baseAddress(entry));
  return rewriteJson(text, (state) => ({ ...state, resources: entriesOf(state).filter(stays) }));
}

/** Without the objects at these addresses; what was replaced by them and is still to be deleted stays. */
export function withoutInstances(text: string, addresses: readonly string[]): string {
  const stays = (entry: JsonObject, { index_key: key, deposed }: JsonObject) =>
    deposed !== undefined || !addresses.includes(`${baseAddress(entry)}${keyText(key)}`);
  const left = (entry: JsonObject) => ({ ...entry, instances: blocksOf(entry.instances).filter((one) => stays(entry, one)) });
  return rewriteJson(text, (state) => ({
    ...state,
    resources: entriesOf(state)
      .map(left)
      .filter(({ instances }) => instances.length > 0),
  }));
}

function entriesOf(state: JsonObject): readonly JsonObject[] {
  return Array.isArray(state.resources) ? state.resources.filter(isObject) : [];
}

/** One object of a state, of data sources too. */
export interface Instance {
  /** With its key, if it has one. */
  readonly address: string;
  readonly attributes: Json | undefined;
  /** Paths of what is sensitive. */
  readonly sensitive: readonly (readonly Json[])[];
}

export function instancesIn(state: JsonObject): readonly Instance[] {
  return entriesOf(state).flatMap((entry) =>
    blocksOf(entry.instances).map(({ index_key: key, attributes, sensitive_attributes: paths }) => ({
      address: `${baseAddress(entry)}${keyText(key)}`,
      attributes,
      sensitive: Array.isArray(paths) ? paths.filter((path: Json) => Array.isArray(path)) : [],
    })),
  );
}

function addressesOf(entry: JsonObject, isMeant: (instance: JsonObject) => boolean = () => true): readonly string[] {
  if (entry.mode !== 'managed') return [];
  return blocksOf(entry.instances)
    .filter(isMeant)
    .map(({ index_key: key, deposed }) => {
      const address = `${baseAddress(entry)}${keyText(key)}`;
      return nameOf({ address, ...(typeof deposed === 'string' ? { deposed } : {}) });
    });
}

function baseAddress({ module, mode, type, name }: JsonObject): string {
  return `${typeof module === 'string' ? `${module}.` : ''}${mode === 'data' ? 'data.' : ''}${type}.${name}`;
}

function keyText(key: Json | undefined): string {
  return key === undefined ? '' : `[${JSON.stringify(key)}]`;
}

/** Without the key of an instance: `aws_subnet.a` for `aws_subnet.a[0]`. */
export function withoutKey(address: string): string {
  return address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]$/, '');
}
