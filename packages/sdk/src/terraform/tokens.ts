// Values of Terraform in Kubernetes objects and in what other services are told.
import { type Json, type JsonObject, type Path, pathText } from '@konfig/core';
import type { IResolver, ResolutionContext } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { report } from '../synth';
import { terraformLater } from './later';
import { tokenMap } from './library';
import { holdsToken } from './marks';
import { remnantProblem, remnantsIn } from './remnants';

/** Puts references in the place of tokens, before cdk8s sees them and takes them for what they are not. */
export class TerraformTokenResolver implements IResolver {
  resolve(context: ResolutionContext): void {
    const later = tokenMap() && terraformLater(context.value);
    if (later) context.replaceValue(later.value);
  }
}

/**
 * The same for a whole value, for what was patched in and for what cdk8s has no hand in. A token as a key is reported, and what is left of one that the program
 * has looked into.
 */
export function withTokens<T extends Json | undefined>(value: T, construct: IConstruct, path: Path = []): T {
  if (!tokenMap()) return value;
  const replaced = replaceTokens(value, construct, path);
  for (const at of remnantsIn(replaced, path)) report(construct, remnantProblem(at));
  return replaced;
}

function replaceTokens<T extends Json | undefined>(value: T, construct: IConstruct, path: Path): T {
  if (value === null || value === undefined) return value;
  const later = terraformLater(value);
  if (later) return later.value as T;
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: Json, i) => replaceTokens(item, construct, [...path, i])) as unknown as T;
  checkKeys(value, path.map(String), construct);
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, child]) => [key, replaceTokens(child, construct, [...path, key])]),
  ) as T;
}

function checkKeys(value: unknown, path: readonly string[], construct: IConstruct): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const key of Object.keys(value)) {
    if (!holdsToken(key)) continue;
    const at = pathText(path.map((part) => (/^\d+$/.test(part) ? Number(part) : part)));
    report(construct, {
      code: 'SPEC_INVALID',
      message: `${at === '' ? 'It' : at} has a value of Terraform as a key, which is not known before it is applied.`,
      hint: 'Give it a key of your own, and the value of Terraform as its value.',
      ...(at !== '' && { at }),
    });
  }
}
