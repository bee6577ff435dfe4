// What Terraform's errors mean for Konfig. It ends with 1 whatever happens: only its words tell a lock from an interrupt, a stale plan and a failure.
import { type Problem, type ProblemCode, pathText, type ResourceId, shortId, valueAt } from '@konfig/core';
import { clean } from '../clean';
import { type Binary, binaryName } from './binary';
import { configurationFile, pathOfLine, placeOfAddress } from './configuration';
import type { Diagnostic, Message } from './messages';
import { lockProblem } from './state-lock';
import type { StackWish } from './wish';

/** A run that has ended, and what it said. */
export interface Said {
  readonly messages: readonly Message[];
  readonly stderr: string;
  readonly code: number | undefined;
}

/** What a run was about. */
export interface About {
  readonly wish: StackWish;
  readonly binary: Binary;
  /** `shop/prod` */
  readonly stack: string;
  /** The configuration as it was written for Terraform. */
  readonly text: string;
}

/** Every error of a run, as problems; if it failed, there is at least one. */
export function problemsIn(said: Said, about: About): readonly Problem[] {
  const errors = said.messages.flatMap(({ diagnostic }) => (diagnostic?.severity === 'error' ? [diagnostic] : []));
  if (said.code === 0 && errors.length === 0) return [];
  const { id } = about.wish;
  const name = binaryName[about.binary.kind];
  if (wasInterrupted(said)) {
    // What a provider says of its own end comes before; the last words are Terraform's.
    const own = errors.filter(({ summary }) => !isHalt(summary));
    // There is nothing in the program to correct.
    return [cancelled(id), ...own.map((one) => ({ ...withoutHint(problemOf(one, said, about)), severity: 'warning' as const }))];
  }
  const problems = errors.map((one) => problemOf(one, said, about));
  if (problems.length > 0) return unique(problems);
  const why = said.code === undefined ? 'was killed' : `ended with ${said.code} and no word why`;
  const rest = clean(said.stderr, 500);
  return [
    {
      code: said.code === undefined ? 'RESOURCE_FAILED' : 'RESOURCE_REJECTED',
      message: `${name} ${why}, at work on ${shortId(id)}.${rest ? ` ${rest}` : ''}`,
      hint: 'Preview again: that shows what is done, and what is left to do.',
      at: id,
    },
  ];
}

/** Warnings, for people. */
export function warningsIn({ messages }: Pick<Said, 'messages'>): readonly string[] {
  const warnings = messages.flatMap(({ diagnostic }) => (diagnostic?.severity === 'warning' ? [diagnostic] : []));
  return [...new Set(warnings.map((one) => textOf(one)))];
}

/** A provider that crashes is "cancelled" by gRPC as well: only Terraform's own word counts. */
export function wasInterrupted({ messages }: Pick<Said, 'messages'>): boolean {
  return messages.some(({ type, text }) => type === 'log' && /Interrupt received|Two interrupts received/.test(text));
}

export function cancelled(id: ResourceId): Problem {
  return {
    code: 'CANCELLED',
    message: `${shortId(id)} was interrupted: what was under way has come to its end, and the rest was not begun.`,
    hint: 'Run this again; it goes on where it stopped.',
    at: id,
  };
}

function withoutHint({ hint: _, ...problem }: Problem): Problem {
  return problem;
}

function isHalt(summary: string): boolean {
  return summary === 'execution halted' || summary === 'operation canceled';
}

interface Meaning {
  readonly when: RegExp;
  readonly code: ProblemCode;
  readonly hint: string;
}

/** Nobody gets in with what there is. */
export const refusedEntry =
  /no valid credential|could not find default credentials|InvalidClientTokenId|ExpiredToken|UnauthorizedOperation|AuthFailure|password authentication failed|state endpoint (requires|invalid) auth/i;

// By summary and detail. The first that fits counts.
const meanings: readonly Meaning[] = [
  {
    when: /This state requires provider registry\.opentofu\.org\//,
    code: 'TARGET_CONFIG',
    hint: "OpenTofu has made this state, and Terraform does not know its providers: name it in the workspace, terraform({ binary: 'tofu' }), or by KONFIG_TERRAFORM=tofu. The way back: konfig state pull, for each provider terraform state replace-provider -state=FILE registry.opentofu.org/NAME registry.terraform.io/NAME, and konfig state push.",
  },
  {
    when: /^Cannot import non-existent remote object/,
    code: 'RESOURCE_REJECTED',
    hint: 'Nothing has that id. Look up what its system calls it, and import that.',
  },
  {
    when: /^(Resource instance|Instance) cannot be destroyed/,
    code: 'RESOURCE_PROTECTED',
    hint: 'Keep it as it is; or, if it is meant to go, take `preventDestroy` out of its lifecycle in the program.',
  },
  {
    when: /^Invalid (for_each|count) argument[\s\S]*cannot be determined until apply/,
    code: 'SPEC_INVALID',
    hint: 'Let keys and counts be what the program itself knows, and only values come from resources. Or put what it needs into a Terraform stack of its own: this one then waits for its output.',
  },
  { when: /^Saved plan is stale/, code: 'PLAN_STALE', hint: 'Preview again, and review what has changed.' },
  {
    when: /^(Failed to (save|persist) state|Error saving state|Error releasing the state lock)/,
    code: 'RECORD_WRITE',
    hint: 'Bring the store of releases back, and preview again.',
  },
  {
    when: /^(Required plugins are not installed|Inconsistent dependency lock file|Failed to query available provider packages|Failed to install provider|Could not load plugin|Failed to load plugin schemas|Incompatible provider version|Backend initialization required|Module not installed)/,
    code: 'TARGET_CONFIG',
    hint: 'Does the mirror of the workspace have this provider in this version, for this machine? Without a mirror it comes from the registry.',
  },
  {
    when: /^Unsupported (Terraform|OpenTofu) Core version/,
    code: 'TARGET_CONFIG',
    hint: 'Name another binary: terraform({ binary }) of the workspace, or KONFIG_TERRAFORM. Or let required_version allow this one.',
  },
  {
    when: refusedEntry,
    code: 'TARGET_CREDENTIALS',
    hint: 'Give the provider (or the backend) what it needs to get in: in the environment, or in terraform({ env }) of the workspace.',
  },
  {
    when: /connection refused|no such host|i\/o timeout|TLS handshake timeout|network is unreachable/i,
    code: 'CONNECTION_LOST',
    hint: 'Is what the provider talks to running, and can it be reached from here? Then run this again.',
  },
  {
    when: /already exists|AlreadyExists|EntityAlreadyExists|BucketAlreadyOwnedByYou/,
    code: 'RESOURCE_REJECTED',
    hint: 'If it is meant to be this one, take it over: .importFrom(its id) on the construct. Else give the new one another name.',
  },
  {
    when: /^(Unsupported (argument|block type|attribute)|Missing required argument|Invalid reference|Reference to undeclared|Incorrect attribute value type|Invalid (expression|resource type|data source|value for (input )?variable|function argument)|Unknown variable|Extraneous JSON object property|Missing newline|Insufficient .* blocks|Too many .* blocks|Call to unknown function|Error in function call|Duplicate|No value for required variable|Invalid combination of arguments|Cycle)/,
    code: 'SPEC_INVALID',
    hint: 'Correct the construct; the line below made it.',
  },
  {
    when: /^Error acquiring the state lock/,
    code: 'LOCK_HELD',
    hint: 'Wait until whoever holds it has ended, and run this again.',
  },
];

/** The provider has crashed: gRPC notices either the answer that stays away or the connection that closes. */
export function isCrash({ summary }: Pick<Diagnostic, 'summary'>): boolean {
  return /^(Plugin did not respond|Request cancelled|Plugin error|rpc error)/.test(summary);
}

function problemOf(diagnostic: Diagnostic, said: Said, about: About): Problem {
  const at = placeOf(diagnostic, said, about);
  if (isCrash(diagnostic)) return crashed(said, about, at);
  if (diagnostic.summary === 'Output refers to sensitive values') return exposed(about, at);
  const locked = lockProblem(diagnostic, about);
  if (locked) return locked;
  const text = `${diagnostic.summary}\n${diagnostic.detail}`;
  const meaning = meanings.find(({ when }) => when.test(text));
  return {
    code: meaning?.code ?? 'RESOURCE_REJECTED',
    message: `${textOf(diagnostic)}`,
    hint: meaning?.hint ?? (isDeleting(said) ? removing : correcting),
    at,
  };
}

const correcting = 'Correct the field that the provider names, and apply again.';
const removing = 'Take out of the way what the provider names, and run this again; or keep the resource.';

/** Nothing in the program is wrong with what could not be deleted. */
function isDeleting({ messages }: Said): boolean {
  const actions = messages.flatMap(({ type, hook }) => (type === 'apply_errored' && hook ? [hook.action] : []));
  return actions.length > 0 && actions.every((action) => action === 'delete');
}

/** An output that the program takes for a plain value. */
function exposed({ wish }: About, at: string): Problem {
  const name = /configuration\.output\.([\w-]+)/.exec(at)?.[1] ?? '';
  const value = valueAt(wish.configuration, ['output', name, 'value']);
  const from = typeof value === 'string' ? `: ${value}` : '';
  return {
    code: 'SPEC_SECRET_EXPOSED',
    message: `The output ${name} of ${shortId(wish.id)} is used as a plain value, but Terraform says that it is sensitive${from}.`,
    hint: "Say in the program that it is one: secretValue(…), or `sensitive: true` of a TerraformOutput. If everyone may read it: expose(secretValue(…), 'why').",
    at,
  };
}

/** Terraform hands the panic of a provider through on its error output; OpenTofu keeps it. */
function crashed(said: Said, { binary, wish }: About, at: string): Problem {
  const trace = said.stderr.slice(Math.max(0, said.stderr.search(/^panic: |^Stack trace from the /m))).split('\n');
  const lines = said.stderr.includes('panic: ') ? trace.filter((line) => line.trim() !== '').slice(0, 8) : [];
  const address = erroredAddress(said);
  return {
    code: 'RESOURCE_FAILED',
    message: [
      `The provider crashed${address ? ` while it worked on ${address}` : ''} of ${shortId(wish.id)}: a bug in it, not in the program. What was done before is kept.`,
      ...lines.map((line) => `  ${clean(line, 200)}`),
    ].join('\n'),
    hint: `Look whether ${address ?? 'the resource'} was made all the same; try another version of the provider${binary.kind === 'tofu' ? ', and run it with Terraform to see its stack trace' : ''}.`,
    at,
  };
}

function erroredAddress({ messages }: Pick<Said, 'messages'>): string | undefined {
  return messages.findLast(({ type, hook }) => type === 'apply_errored' && hook)?.hook?.address;
}

/** Of an error without an address, as every error of a delete is: the one that failed and has none of its own; of several the one whose id it names. */
function failedAddress({ summary, detail }: Diagnostic, { messages }: Said): string | undefined {
  const explained = new Set(messages.map(({ diagnostic }) => diagnostic?.address));
  const ids = new Map(messages.flatMap(({ hook }) => (hook?.id ? [[hook.address, hook.id]] : [])));
  const failed = new Set(messages.flatMap(({ type, hook }) => (type === 'apply_errored' && hook ? [hook.address] : [])));
  const open = [...failed].filter((address) => !explained.has(address));
  if (open.length < 2) return open[0];
  const named = open.filter((address) => isNamed(ids.get(address), `${summary} ${detail}`));
  return named.length === 1 ? named[0] : undefined;
}

function isNamed(id: string | undefined, text: string): boolean {
  return id !== undefined && text.split(/[^\w.:/-]+/).some((word) => word.replace(/[.:]+$/, '') === id);
}

/** Where it was to be imported to: Terraform tells that in words alone. */
function importedAddress(detail: string): string | undefined {
  return /attempting to import an existing object to "(.+?)",/.exec(detail.replaceAll('\\"', '"'))?.[1];
}

/** The line in the configuration if it tells one, else the resource. */
function placeOf(diagnostic: Diagnostic, said: Said, { wish, text }: About): string {
  const { address, range, detail } = diagnostic;
  const line = range?.file === configurationFile ? pathOfLine(text, range.line) : undefined;
  if (line !== undefined) return `${wish.id} configuration.${line}`;
  const about = address ?? importedAddress(detail) ?? failedAddress(diagnostic, said);
  const path = about === undefined ? undefined : placeOfAddress(wish.configuration, about);
  return path ? `${wish.id} configuration.${pathText(path)}` : wish.id;
}

/** Without the lines of the configuration that Terraform quotes: they may hold secrets. */
function textOf({ address, summary, detail }: Diagnostic): string {
  const about = address === undefined ? '' : `${address}: `;
  const more = clean(withoutPartialRuns(detail), 1500);
  return clean(`${about}${summary}`) + (more === '' ? '' : `${/[.:!?]$/.test(summary) ? '' : ':'} ${more}`);
}

/** Without its advice to run a part of a stack by itself, which nobody can do here. */
function withoutPartialRuns(detail: string): string {
  const sentences = detail.split(/(?<=\.)(?=\s)|(?=\n\n)/);
  return sentences.filter((one) => !/\s-(target|exclude)\b/.test(one)).join('');
}

/** A provider that is asked twice says the same twice. */
function unique(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((one) => [`${one.code} ${one.at} ${one.message}`, one])).values()];
}
