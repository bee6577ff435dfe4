// How a release went, in few words.
import type { Counted, ReleaseSummary } from '@konfig/core';
import { doneWords } from './action-words';
import { type Piece, toned } from './style';
import { actionSigns, areWords, partSigns, type Sign, type Symbols, stateSigns } from './symbols';
import { spanText } from './time-text';

const phaseSigns: { readonly [phase in ReleaseSummary['phase']]: Sign } = {
  applying: stateSigns.started,
  succeeded: stateSigns.done,
  failed: stateSigns.failed,
  cancelled: { symbol: 'warning', tone: 'warn' },
  interrupted: { symbol: 'warning', tone: 'warn' },
};

/** `✔ succeeded` */
export function phasePiece(phase: ReleaseSummary['phase'], symbols: Symbols): Piece {
  const { symbol, tone } = phaseSigns[phase];
  return toned(tone, `${symbols[symbol]} ${phase}`);
}

const counted: readonly Exclude<Counted, 'keep'>[] = [
  'create',
  'update',
  'replace',
  'delete',
  'import',
  'move',
  'adopt',
  'abandon',
  'forget',
  'skip',
];

const signs = { ...partSigns, ...actionSigns };

/** `+2 ~1 -/+1`, with the signs of the plan; `none` when nothing was changed. In words: `2 created, 1 changed`. */
export function changesText({ counts }: Pick<ReleaseSummary, 'counts'>, symbols: Symbols): string {
  const inWords = areWords(symbols);
  const parts = counted
    .filter((one) => counts[one])
    .map((one) => (inWords ? `${counts[one]} ${doneWords[one]}` : `${symbols[signs[one].symbol]}${counts[one]}`));
  return parts.length === 0 ? 'none' : parts.join(inWords ? ', ' : ' ');
}

export function tookText({ startedAt, endedAt }: Pick<ReleaseSummary, 'startedAt' | 'endedAt'>): string {
  return endedAt === undefined ? '' : spanText((Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
}

/** As short as git writes it; `+` for changes that were not committed stays. */
export function commitText({ commit = '' }: Pick<ReleaseSummary, 'commit'>): string {
  return /^[0-9a-f]{12,}\+?$/.test(commit) ? commit.slice(0, 9) + (commit.endsWith('+') ? '+' : '') : commit;
}
