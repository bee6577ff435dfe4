// The stream of JSON that Terraform and OpenTofu print: one message a line. Types and keys differ between versions; what is not known is no error.
import { isObject } from '@konfig/core';

/** One message. */
export interface Message {
  readonly type: string;
  readonly level: string;
  /** For people: `aws_db_instance.main: Creating...` */
  readonly text: string;
  /** What is done to one resource. */
  readonly hook?: { readonly address: string; readonly action?: string; readonly seconds?: number; readonly id?: string };
  readonly diagnostic?: Diagnostic;
  /** Of the binary, in its first message. */
  readonly version?: string;
}

/** What Terraform has to say about something that is wrong. The source that it quotes is left out: it may hold secrets. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
  readonly range?: { readonly file: string; readonly line: number };
}

/** Undefined for a line that is no message. */
export function readMessage(line: string): Message | undefined {
  const value = parsed(line);
  if (!isObject(value)) return undefined;
  const { hook, diagnostic } = value;
  const version = value.type === 'version' ? (textOf(value.tofu) ?? textOf(value.terraform)) : undefined;
  return {
    type: textOf(value.type) ?? '',
    level: textOf(value['@level']) ?? '',
    text: textOf(value['@message']) ?? '',
    ...(isObject(hook) ? readHook(hook) : {}),
    ...(version === undefined ? {} : { version }),
    ...(isObject(diagnostic) ? { diagnostic: readDiagnostic(diagnostic) } : {}),
  };
}

function readHook(hook: Parsed): Pick<Message, 'hook'> {
  const address = isObject(hook.resource) ? textOf(hook.resource.addr) : undefined;
  if (address === undefined) return {};
  const [action, id] = [textOf(hook.action), textOf(hook.id_value)];
  const seconds = typeof hook.elapsed_seconds === 'number' ? hook.elapsed_seconds : undefined;
  return {
    hook: {
      address,
      ...(action === undefined ? {} : { action }),
      ...(seconds === undefined ? {} : { seconds }),
      ...(id === undefined ? {} : { id }),
    },
  };
}

function readDiagnostic({ severity, summary, detail, address, range }: Parsed): Diagnostic {
  const about = textOf(address);
  const file = isObject(range) ? textOf(range.filename) : undefined;
  const line = isObject(range) && isObject(range.start) ? range.start.line : undefined;
  return {
    severity: severity === 'warning' ? 'warning' : 'error',
    summary: textOf(summary) ?? '',
    detail: textOf(detail) ?? '',
    ...(about ? { address: about } : {}),
    ...(file !== undefined && typeof line === 'number' ? { range: { file, line } } : {}),
  };
}

type Parsed = { readonly [key: string]: unknown };

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
