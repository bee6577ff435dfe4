// What a file of tests with the Terraform runtime is given: both real binaries and their providers, a folder for each test, and what is closed after it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@konfig/core';
import { buildTerraformBed, type Part, type TerraformBed } from '../testbed/terraform/beds';
import { type HttpBackend, startHttpBackend } from '../testbed/terraform/http-backend';
import { type FolderKeeper, type OpenStack, openStack, type Place } from './terraform-stack';

export const tools = ['terraform', 'tofu'] as const;
export type Tool = (typeof tools)[number];

export interface TerraformScene {
  readonly bed: TerraformBed;
  /** The folder of the test, removed after it. */
  readonly root: string;
  place(tool: Tool): Place;
  /** As a new run opens it. */
  open(tool: Tool, config?: JsonObject, how?: How): Promise<OpenStack>;
  /** Stopped after the test. */
  httpBackend(): Promise<HttpBackend>;
}

type How = Partial<Place> & { readonly keeper?: FolderKeeper };

/** @param parts what is built beside both binaries and the providers. */
export function terraformScene(...parts: readonly Part[]): TerraformScene {
  let bed: TerraformBed | undefined;
  let root = '';
  const opened: OpenStack[] = [];
  const backends: HttpBackend[] = [];
  beforeAll(async () => {
    bed = await buildTerraformBed('providers', 'tofu', ...parts);
  }, 1_800_000);
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'konfig-test-'));
  });
  afterEach(async () => {
    for (const stack of opened.splice(0)) await stack.connection.close();
    for (const backend of backends.splice(0)) await backend.stop();
    rmSync(root, { recursive: true, force: true });
  });
  const scene: TerraformScene = {
    get bed() {
      if (!bed) throw new Error('What Terraform stacks run with is there in tests and hooks only.');
      return bed;
    },
    get root() {
      return root;
    },
    place(tool) {
      const { [tool]: binary, mirror } = scene.bed;
      if (!binary) throw new Error(`There is no ${tool}.`);
      return { root, binary, mirror };
    },
    async open(tool, config, { keeper, ...place } = {}) {
      const stack = await openStack({ ...scene.place(tool), ...place }, config, keeper);
      opened.push(stack);
      return stack;
    },
    async httpBackend() {
      const backend = await startHttpBackend();
      backends.push(backend);
      return backend;
    },
  };
  return scene;
}
