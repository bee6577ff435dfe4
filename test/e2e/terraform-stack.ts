// What scenarios with the Terraform runtime share: a store of releases that can fail, and a stack that is planned and applied by itself.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Applied,
  type ApplyRequest,
  type Connection,
  type JsonObject,
  type Keeper,
  KonfigError,
  type Mask,
  maskOf,
  type Observation,
  type PlannedRow,
  type Resource,
} from '@konfig/core';
import { hasEnded, ownProcess } from '@konfig/engine';
import { terraformRuntime } from '@konfig/runtimes';

export const stackId = 'terraform:Terraform/shop';

export interface Place {
  /** Where what is kept lies, and what is rescued. */
  readonly root: string;
  readonly binary: string;
  /** Undefined: providers are fetched by `init`. */
  readonly mirror?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
  /** Does the workspace name the binary? Default: yes. Else the environment leads to it. */
  readonly isNamed?: boolean;
}

/** A store that somebody can switch off. */
export interface FolderKeeper extends Keeper {
  isGone: boolean;
  isLocked: boolean;
}

export function folderKeeper(folder: string): FolderKeeper {
  mkdirSync(folder, { recursive: true });
  const fileOf = (id: string) => join(folder, createHash('sha256').update(id).digest('hex').slice(0, 16));
  const versionOf = (bytes: Uint8Array | undefined) => bytes && createHash('sha256').update(bytes).digest('hex');
  const bytesOf = (id: string) => (existsSync(fileOf(id)) ? readFileSync(fileOf(id)) : undefined);
  const guard = (keeper: FolderKeeper, id: string, before: string | undefined) => {
    if (keeper.isGone) throw new KonfigError({ code: 'RECORD_WRITE', message: 'The store is gone.' });
    if (!keeper.isLocked) throw new KonfigError({ code: 'LOCK_LOST', message: 'Nobody holds the lock.' });
    if (versionOf(bytesOf(id)) !== before) throw new KonfigError({ code: 'RECORD_CONFLICT', message: `${id} was changed.` });
  };
  return {
    stack: 'shop/dev',
    isGone: false,
    isLocked: true,
    isGivenUp: () => false,
    async read(id) {
      const bytes = bytesOf(id);
      return bytes && { bytes, version: versionOf(bytes) as string };
    },
    async write(id, bytes, before) {
      guard(this, id, before);
      writeFileSync(fileOf(id), bytes);
      return versionOf(bytes) as string;
    },
    async remove(id, before) {
      guard(this, id, before);
      rmSync(fileOf(id));
    },
    get writer() {
      return this.isLocked ? 'anna@laptop' : undefined;
    },
  };
}

export const newKey = () => randomBytes(32).toString('base64');

export interface OpenStack {
  readonly connection: Connection;
  readonly keeper: FolderKeeper;
  /** Of what it has told to be secret. */
  readonly mask: Mask;
  /** All that was told while something was applied or deleted. */
  readonly told: Observation[];
  plan(attributes: JsonObject): Promise<PlannedRow>;
  apply(attributes: JsonObject, row: PlannedRow, meanwhile?: Partial<ApplyRequest>, givenUp?: AbortSignal): Promise<Applied>;
  planGone(attributes: JsonObject): Promise<PlannedRow>;
  destroy(attributes: JsonObject, row: PlannedRow): Promise<string>;
}

/** Whoever opens it closes its connection. */
export async function openStack(
  { root, binary, mirror, env, isNamed = true }: Place,
  config: JsonObject = {},
  keeper = folderKeeper(join(root, 'kept')),
): Promise<OpenStack> {
  const runtime = terraformRuntime({ root, env: { ...process.env, KONFIG_TERRAFORM: binary, ...env }, process: ownProcess(), hasEnded });
  const signal = new AbortController().signal;
  const connection = await runtime.connect(
    'terraform',
    { runtime: 'terraform', config: { ...(isNamed ? { binary } : {}), ...(mirror === undefined ? {} : { mirror }), ...config } },
    signal,
  );
  const mask = maskOf([], {
    base64: (text) => Buffer.from(text).toString('base64'),
    hex: (text) => Buffer.from(text).toString('hex'),
  });
  connection.maskWith?.(mask);
  connection.attach?.(keeper);
  const told: Observation[] = [];
  const tell = (observation: Observation) => told.push(observation);
  const only = async (rows: Promise<readonly PlannedRow[]>) => (await rows)[0] as PlannedRow;
  return {
    connection,
    keeper,
    mask,
    told,
    plan: (attributes) => only(connection.plan({ stack: 'shop/dev', wished: [resourceOf(attributes)], removed: [] }, signal)),
    apply: (attributes, row, meanwhile = {}, givenUp = signal) => {
      const { changes, live, parts } = row;
      const shown = { changes, ...(live ? { live } : {}), ...(parts ? { parts } : {}) };
      const action = live ? 'update' : 'create';
      return connection.apply({ stack: 'shop/dev', resource: resourceOf(attributes), action, ...shown, tell, ...meanwhile }, givenUp);
    },
    planGone: (attributes) =>
      only(connection.plan({ stack: 'shop/dev', wished: [], removed: [{ id: stackId, type: 'terraform/Stack', attributes }] }, signal)),
    destroy: (attributes, { live, parts }) => {
      const shown = { ...(live ? { uid: live.uid } : {}), ...(parts ? { parts } : {}) };
      return connection.delete({ id: stackId, type: 'terraform/Stack', attributes, ...shown, tell }, signal);
    },
  };
}

export function resourceOf(attributes: JsonObject, id = stackId): Resource {
  return { id, target: 'terraform', runtime: 'terraform', type: 'terraform/Stack', path: 'shop', attributes };
}

/** Without the parts to which nothing happens. */
export function changing({ parts = [], ...row }: PlannedRow): PlannedRow {
  return { ...row, parts: parts.filter(({ action }) => action !== 'keep') };
}

/** `create random_pet.pet`, as a plan lists the parts to which something happens. */
export function partsText(row: PlannedRow): readonly string[] {
  return (changing(row).parts ?? []).map(({ action, name, reason }) => `${action} ${name}${reason === undefined ? '' : ` (${reason})`}`);
}

/** The problems that a call was refused with. */
export async function problemsOfCall(call: Promise<unknown>): Promise<KonfigError['problems']> {
  const error = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof Error && 'problems' in error)) throw error ?? new Error('It was not refused.');
  return (error as KonfigError).problems;
}
