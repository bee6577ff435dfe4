// Webhooks that are told of a run. Their addresses hold tokens: nothing of them is ever said.
import { KonfigError, masked } from '@konfig/core';
import { cleanText } from '../render/clean-text';
import { summaryMessage } from '../render/summary-message';
import type { Shell } from '../shell';
import type { Summary } from './summary';

/** Somebody who is told. */
export interface Webhook {
  /** What names it to people: `--notify`. */
  readonly from: string;
  readonly url: string;
}

/** Those of the command line, or else that of KONFIG_NOTIFY; fails with USAGE for what is no address. */
export function webhooksOf(said: readonly string[] | undefined, env: NodeJS.ProcessEnv): readonly Webhook[] {
  // CI systems hand on an unset secret as an empty text.
  const found =
    said?.map((url) => ({ from: '--notify', url })) ?? (env.KONFIG_NOTIFY ? [{ from: 'KONFIG_NOTIFY', url: env.KONFIG_NOTIFY }] : []);
  for (const webhook of found) check(webhook);
  return found;
}

function check({ from, url }: Webhook): void {
  if (URL.canParse(url) && ['https:', 'http:'].includes(new URL(url).protocol)) return;
  throw new KonfigError({
    code: 'USAGE',
    message: `${from} is ${url === '' ? 'empty' : 'no address'}: it must be one that begins with https:// or http://.`,
    hint: 'Its value is not shown, since such an address holds a secret.',
  });
}

/** A webhook that cannot be told takes nothing from the run: it is a warning. ^C gives it up. */
export async function tell({ from, url }: Webhook, summary: Summary, shell: Shell): Promise<void> {
  const { postJson } = require('@konfig/runtimes') as typeof import('@konfig/runtimes');
  const stop = new AbortController();
  const unhear = shell.onInterrupt(() => stop.abort());
  try {
    const reason = await postJson(url, JSON.stringify(summaryMessage(summary)), { env: shell.env, signal: stop.signal });
    if (reason !== undefined) shell.stderr.write(`warning: the webhook of ${from} was not told: ${maskAddress(url, cleanText(reason))}\n`);
  } finally {
    unhear();
  }
}

/** Some have their token in the name of the host. */
function maskAddress(url: string, text: string): string {
  const { host, hostname, pathname, search } = new URL(url);
  const parts = [url, host, hostname, pathname, search].filter((part) => part.length > 1);
  return parts.reduce((seen, part) => seen.replaceAll(part, masked), text);
}
