// What can be told of a Terraform stack before it is read.
import { join } from 'node:path';
import { isObject, type Json, type JsonObject, valueAt } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { report } from '../synth';
import {
  bindingsOf,
  isTerraformBackend,
  isTerraformElement,
  isTerraformStack,
  type TerraformElement,
  type TerraformStack,
  terraformStackOf,
  writesFiles,
} from './library';

interface Check {
  validate(): readonly string[];
}

/**
 * What a construct's own checks say. Left out are those of cdktf that start a Terraform to ask for its version, as `importFrom` adds one: a program starts
 * no process, and the runtime asks for the version anyway.
 */
export function checksOf(construct: IConstruct): readonly string[] {
  const { _validations: checks } = construct.node as unknown as { readonly _validations?: readonly Check[] };
  return checks ? checks.filter((check) => !('versionCommand' in check)).flatMap((check) => check.validate()) : construct.node.validate();
}

/** What was noted of a construct by `Annotations.of(construct)`. */
const annotations: { readonly [type: string]: 'error' | 'warning' } = { '@cdktf/error': 'error', '@cdktf/warn': 'warning' };

/** Reports what is wrong with constructs of Terraform by where they stand and what they are made of. */
export function checkTerraform(constructs: readonly IConstruct[]): void {
  for (const construct of constructs) {
    if (isTerraformElement(construct)) checkElement(construct);
    if (!isTerraformElement(construct) && !isTerraformStack(construct)) continue;
    for (const { type, data } of construct.node.metadata) {
      const severity = annotations[type];
      const hint = 'This was noted by a construct or an aspect of Terraform; see its documentation.';
      if (severity) report(construct, { code: 'PROPS_INVALID', message: String(data), hint, ...(severity === 'warning' && { severity }) });
    }
  }
  checkShared((constructs as readonly TerraformElement[]).filter(isTerraformBackend));
}

/** One state for two configurations: what is not in the one that is applied is deleted. Without any setting, the environment tells them apart. */
function checkShared(backends: readonly TerraformElement[]): void {
  const first = new Map<string, TerraformElement>();
  for (const backend of backends) {
    const settings = settingsOf(backend);
    const place = JSON.stringify(settings);
    const other = first.get(place);
    if (!other) first.set(place, backend);
    else if (settings.length > 0)
      report(backend, {
        code: 'PROPS_INVALID',
        message: `Its backend is that of ${terraformStackOf(other)?.node.id} too: with one state for both, each would delete what the other makes.`,
        hint: 'Give each a place of its own: another path, key, prefix, schema or workspace.',
      });
  }
}

function checkElement(element: IConstruct): void {
  const bad = (message: string, hint: string) => report(element, { code: 'PROPS_INVALID', message, hint });
  const stack = terraformStackOf(element);
  if (!stack) {
    bad('This is of Terraform and stands in no Terraform stack.', "Make it in one: new TerraformStack(this, 'database').");
    return;
  }
  const [own, around] = [bindingsOf(element), bindingsOf(stack as TerraformStack)];
  if (own !== around && own && around) {
    const hint = `Import both from one of the two, or put it into a Terraform stack of ${own}.`;
    bad(`It is made with ${own}, and its Terraform stack '${stack.node.id}' with ${around}.`, hint);
  }
  if (writesFiles(element)) {
    const hint = 'Give the text itself, with input.file(path), or the path of a file that is there where Terraform runs.';
    bad('It writes files beside the configuration when it is synthesised, which a program cannot.', hint);
  }
  if (isTerraformBackend(element)) checkBackend(element as TerraformElement, stack as TerraformStack);
}

/** Where no path is given, cdktf takes a file in the working directory, which is another one from run to run, and the same for stacks of that name in all projects. */
function checkBackend(backend: TerraformElement, stack: TerraformStack): void {
  checkSettings(backend);
  const path = valueAt(backend.toTerraform() as JsonObject, ['terraform', 'backend', 'local', 'path']);
  if (path !== join(process.cwd(), `terraform.${stack.node.id}.tfstate`)) return;
  report(backend, {
    code: 'PROPS_INVALID',
    message: 'It is a local backend without a path: the state would lie in the folder that the program happens to run in.',
    hint: 'Give it the absolute path of a file that is meant for this stack alone, or leave the backend out: Konfig keeps the state then.',
  });
}

/** Terraform opens a backend before it knows any value, takes what stands there as it is, and keeps it in clear. */
function checkSettings(backend: TerraformElement): void {
  for (const { kind, name, value } of settingsOf(backend)) {
    const isLater = /\$\{[^}]*\}|TfToken\[/.test(JSON.stringify(value));
    const hint = `eave it to the environment of whoever applies, as the documentation of the backend ${kind} says (TF_HTTP_PASSWORD, PG_CONN_STR, AWS_PROFILE …).`;
    if (isLater) {
      const message = `Its ${name} is a value that is known only later; a backend is opened before.`;
      report(backend, { code: 'PROPS_INVALID', message, hint: `Write it out, or l${hint}`, at: name });
    } else if (secretSetting.test(name) || (typeof value === 'string' && passwordInAddress.test(value))) {
      const message = `Its ${name} holds a secret, which stands in the program and in its releases in clear.`;
      report(backend, { code: 'PROPS_INVALID', severity: 'warning', message, hint: `L${hint}`, at: name });
    }
  }
}

/** Of the backends of Terraform (https://developer.hashicorp.com/terraform/language/backend): what lets its holder in, or opens a state. */
const secretSetting =
  /^(password|secret|secret_key|access_key|token|sas_token|client_secret|access_token|security_token|encryption_key|sse_customer_key)$/;
const passwordInAddress = /^[a-z][\w+.-]*:\/\/[^/@\s:]*:[^/@\s]+@/;

interface BackendSetting {
  /** `s3` */
  readonly kind: string;
  readonly name: string;
  readonly value: Json;
}

function settingsOf(backend: TerraformElement): readonly BackendSetting[] {
  const all = valueAt(backend.toTerraform() as JsonObject, ['terraform', 'backend']);
  return Object.entries(isObject(all) ? all : {}).flatMap(([kind, settings]) =>
    Object.entries(isObject(settings) ? settings : {}).map(([name, value]) => ({ kind, name, value })),
  );
}
