// One stack over a binary that plays recorded streams, in a folder of its own, with a store in memory and a mask.
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Applied,
  type Connection,
  type GrowingMask,
  type JsonObject,
  type Kept,
  maskOf,
  type PlannedRow,
  type Resource,
} from '@konfig/core';
import { terraformRuntime } from '../../src';

export const id = 'terraform:Terraform/shop';
const type = 'terraform/Stack';
const signal = new AbortController().signal;

/** The streams that it plays (`show.json` is what `show -json` of a plan answers), and the environment that it was given. */
type Recorded = 'validate.json' | 'env-of-plan.json' | 'env-of-apply.json' | 'show.json' | 'plan.jsonl' | 'apply.jsonl' | 'state.json';

export interface PlayedStack {
  readonly root: string;
  readonly kept: Map<string, Kept>;
  /** Where nobody can read what is kept, nothing is. */
  readonly givenUp: Set<string>;
  readonly mask: GrowingMask;
  /** As a new run opens it; the last one counts. */
  open(config?: JsonObject, name?: string): Promise<Connection>;
  plan(more?: JsonObject): Promise<PlannedRow>;
  apply(row: PlannedRow, more?: JsonObject): Promise<Applied>;
  planGone(more?: JsonObject): Promise<PlannedRow>;
  destroy(row: PlannedRow, more?: JsonObject): Promise<string>;
  recorded(name: Recorded): string;
  plays(name: Recorded, text: string): void;
  /** In its stream, last. */
  says(name: Recorded, message: object): void;
  close(): Promise<void>;
}

export function playedStack(): PlayedStack {
  const root = mkdtempSync(join(tmpdir(), 'konfig-test-'));
  const fake = join(root, 'fake');
  cpSync(join(__dirname, 'recorded'), fake, { recursive: true });
  const kept = new Map<string, Kept>();
  const givenUp = new Set<string>();
  const mask = maskOf([], {
    base64: (text) => Buffer.from(text).toString('base64'),
    hex: (text) => Buffer.from(text).toString('hex'),
  });
  const opened: Connection[] = [];
  const connection = () => opened.at(-1) as Connection;
  return {
    root,
    kept,
    givenUp,
    mask,
    async open(config = {}, name = 'shop/dev') {
      const mirror = join(root, 'mirror');
      const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
      cpSync(fake, join(mirror, 'registry.terraform.io/hashicorp/random/3.6.0', platform), { recursive: true });
      const env = { ...process.env, FAKE_TERRAFORM: fake, XDG_CACHE_HOME: root };
      const runtime = terraformRuntime({ root, env, process: { machine: 'here', pid: process.pid }, hasEnded: () => false });
      const binary = join(__dirname, 'fake-terraform.js');
      const one = await runtime.connect('terraform', { runtime: 'terraform', config: { binary, mirror, ...config } }, signal);
      one.maskWith?.(mask);
      one.attach?.(keeperOver({ kept, givenUp }, name));
      opened.push(one);
      return one;
    },
    async plan(more) {
      return (await connection().plan({ stack: 'shop/dev', wished: [wished(more)], removed: [] }, signal))[0] as PlannedRow;
    },
    apply({ changes, parts = [], live }, more) {
      const shown = { changes, parts, ...(live ? { live } : {}) };
      return connection().apply({ stack: 'shop/dev', resource: wished(more), action: live ? 'update' : 'create', ...shown }, signal);
    },
    async planGone(more) {
      const { attributes } = wished(more);
      const removed = [{ id, type, attributes }];
      return (await connection().plan({ stack: 'shop/dev', wished: [], removed }, signal))[0] as PlannedRow;
    },
    destroy({ live, parts = [] }, more) {
      const { attributes } = wished(more);
      return connection().delete({ id, type, attributes, parts, ...(live ? { uid: live.uid } : {}) }, signal);
    },
    recorded: (name) => readFileSync(join(fake, name), 'utf8'),
    plays: (name, text) => writeFileSync(join(fake, name), text),
    says: (name, message) => appendFileSync(join(fake, name), `${JSON.stringify(message)}\n`),
    async close() {
      for (const one of opened) await one.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** What Terraform says of an error of a provider. */
export function errorMessage(summary: string, detail: string, address: string): object {
  return {
    '@level': 'error',
    '@message': `Error: ${summary}`,
    type: 'diagnostic',
    diagnostic: { severity: 'error', summary, detail, address },
  };
}

/** What is wished of it, unless a test says otherwise. */
export const configuration = {
  terraform: { required_providers: { random: { source: 'hashicorp/random' } } },
  resource: { random_pet: { pet: { length: 2 } }, random_password: { word: { length: 12, lower: true } } },
  output: { konfig_pet: { value: 'x', sensitive: true } },
};

function wished(more: JsonObject = {}): Resource {
  const attributes = { configuration, inputs: {}, outputs: { konfig_pet: { secret: false } }, ...more };
  return { id, target: 'terraform', runtime: 'terraform', type, path: 'shop', attributes };
}

function keeperOver({ kept, givenUp }: Pick<PlayedStack, 'kept' | 'givenUp'>, stack: string) {
  let writes = 0;
  return {
    stack,
    writer: 'anna@laptop',
    read: async (name: string) => kept.get(name),
    isGivenUp: (name: string) => givenUp.has(name),
    async write(name: string, bytes: Uint8Array) {
      const version = `v${++writes}`;
      kept.set(name, { bytes, version });
      return version;
    },
    async remove(name: string) {
      kept.delete(name);
    },
  };
}
