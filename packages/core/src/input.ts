// What a stack's program read from outside, and the key that follows from it.
import { digest, type Json } from './json';

/** Something from outside that a program declared to read: its name, and a digest of what it was told; never the value. */
export interface Input {
  /** `env`: an environment value. Of files: what a `file` holds, which names a `folder` has, whether there is anything at a `path`. */
  readonly kind: 'env' | 'file' | 'folder' | 'path';
  /** The variable; else a path from the monorepo's root. */
  readonly name: string;
  /** SHA-256 in lower-case hex; that there was nothing has one too. */
  readonly digest: string;
}

/** Everything that decides what a synth gives. */
export interface KeyParts {
  /** SHA-256 of the bundled program. */
  readonly code: string;
  /** SHA-256 of the lock file, which names what is outside of the bundle; empty where there is none. */
  readonly lockFile: string;
  /** SHA-256 of the code outside of the bundle that was loaded. */
  readonly packages: string;
  /** Node's major version: it brings the language and its formats. */
  readonly node: string;
  /** The version of Konfig. */
  readonly konfig: string;
  /** `shop/prod`: one program holds several stacks. */
  readonly stack: string;
  readonly inputs: readonly Input[];
}

/** Two synths with the same key give the same Spec. SHA-256 in lower-case hex; the order of inputs does not count. */
export function stackKey({ inputs, ...parts }: KeyParts): string {
  const sortedInputs = inputs.map(({ kind, name, digest: value }) => `${kind} ${name} ${value}`).sort();
  return digest({ ...parts, inputs: sortedInputs } satisfies Json as Json);
}

/** Is an environment value called as credentials are? No program is given those: they are secrets, which go by reference. */
export function isCredentialName(name: string): boolean {
  return holdsCredential(name) || /KUBECONFIG/i.test(name);
}

/** Is the value itself a credential, by its name? That of KUBECONFIG is a path. */
export function holdsCredential(name: string): boolean {
  return /TOKEN|SECRET|PASSW|CREDENTIAL|_KEY$|^KONFIG_NOTIFY$/i.test(name);
}
