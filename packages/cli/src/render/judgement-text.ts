// One object's health as konfig health prints it, with what is wrong with it below.
import type { Finding, Health } from '@konfig/core';
import { healthLines } from './health-text';
import { type Line, paintLines, type Style, toned } from './style';
import { healthSigns, symbolsOf } from './symbols';

export interface JudgedObject {
  readonly id: string;
  readonly health: Health;
  readonly message: string;
  readonly findings: readonly Finding[];
}

/** `✔ ready        Deployment.apps/shop/web  3 of 3 ready` */
export function judgementText({ id, health, message, findings }: JudgedObject, style: Style): string {
  const symbols = symbolsOf(style);
  const { symbol, tone } = healthSigns[health];
  const head: Line = [toned(tone, `${symbols[symbol]} ${health.padEnd(11)}`), `  ${id}  `, message];
  return paintLines([head, ...healthLines({ findings, related: [] }, 0, symbols)], style, Number.POSITIVE_INFINITY);
}
