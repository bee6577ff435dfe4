// Config files of containers: plain ones in a ConfigMap, those with secrets in a Secret, each mounted at its path.
import type { Json, JsonObject } from '@konfig/core';
import { isOutput, type Output } from '../output';
import { isRecord } from '../shape';
import { asOutput } from '../values';

/** What stands in a file: its text, or a `configFile(…)`. */
export type FileContent = string | Output<string> | ConfigFile;

/** A file's text, with its mode. Made by {@link configFile}. */
export interface ConfigFile {
  readonly content: string | Output<string>;
  /** Permissions, e.g. `0o440`. Default: Kubernetes' `0o644`. */
  readonly mode?: number;
}

/**
 * A config file: text, or a value written as JSON with two spaces.
 *
 * ```ts
 * files: { '/etc/app/config.json': configFile({ level: 'info' }), '/etc/app/run.sh': configFile('…', { mode: 0o555 }) }
 * ```
 * An Output inside a JSON value throws: write the text with ``text`…` `` then, since only you know how it must be quoted.
 */
export function configFile(
  content: string | Output<string> | JsonObject | readonly Json[],
  options: { readonly mode?: number } = {},
): ConfigFile {
  // What is neither text nor JSON is left as it is, to be told by the container that it is given to.
  const isJson = Array.isArray(content) || isRecord(content);
  return { content: isJson ? `${JSON.stringify(content, null, 2)}\n` : (content as string | Output<string>), ...options };
}

interface KeptFile {
  readonly key: string;
  readonly path: string;
  readonly content: Json;
  readonly mode: number | undefined;
}

/** The config files of one pod, gathered over its containers. */
export class PodFiles {
  readonly #plain: KeptFile[] = [];
  readonly #secret: KeptFile[] = [];

  /** Names of the ConfigMap and the Secret. */
  constructor(readonly names: { readonly config: string; readonly secret: string }) {}

  /** The texts of the plain files by key; undefined when there are none. */
  get config(): { readonly [key: string]: Json } | undefined {
    return contentsOf(this.#plain);
  }

  /** The texts of files with secrets by key; undefined when there are none. */
  get secrets(): { readonly [key: string]: Json } | undefined {
    return contentsOf(this.#secret);
  }

  /** The volumes that the files' mounts refer to. */
  get volumes(): readonly JsonObject[] {
    return [
      ...(this.#plain.length > 0 ? [{ name: 'files', configMap: { name: this.names.config, ...itemsOf(this.#plain) } }] : []),
      ...(this.#secret.length > 0 ? [{ name: 'secret-files', secret: { secretName: this.names.secret, ...itemsOf(this.#secret) } }] : []),
    ];
  }

  /** Mounts one file. Each alone (`subPath`), so that the rest of its folder in the image stays visible. */
  mount(path: string, given: FileContent): JsonObject {
    const file: ConfigFile = typeof given === 'string' || isOutput(given) ? { content: given } : given;
    const output = asOutput(file.content);
    const isSecret = output?.secret ?? false;
    const kept = isSecret ? this.#secret : this.#plain;
    const content = output ? output.resolve() : (file.content as string);
    const key = keyFor(path, content, kept);
    if (!kept.some((other) => other.key === key)) kept.push({ key, path, content, mode: file.mode });
    return { name: isSecret ? 'secret-files' : 'files', mountPath: path, subPath: key, readOnly: true };
  }
}

function contentsOf(files: readonly KeptFile[]): { readonly [key: string]: Json } | undefined {
  return files.length > 0 ? Object.fromEntries(files.map(({ key, content }) => [key, content])) : undefined;
}

function itemsOf(files: readonly KeptFile[]): JsonObject {
  if (files.every((file) => file.mode === undefined)) return {};
  return { items: files.map(({ key, mode }) => ({ key, path: key, ...(mode !== undefined && { mode }) })) };
}

/** The file's own name; where another file has it already, its whole path. */
function keyFor(path: string, content: Json, kept: readonly KeptFile[]): string {
  const clean = (text: string) => text.replace(/[^-._a-zA-Z0-9]/g, '_');
  const short = clean(path.slice(path.lastIndexOf('/') + 1));
  const other = kept.find((file) => file.key === short);
  return !other || (other.path === path && other.content === content) ? short : clean(path.slice(1));
}
