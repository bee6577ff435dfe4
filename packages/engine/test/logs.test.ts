// What the containers of a stack say, where something stands in the way of a part of it.
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { isKonfigError, type LogRequest } from '@konfig/core';
import { logs } from '../src/logs';
import { noSignal, type Program, type Stage, specOf, stage } from './stage';

/** What is told, line by line, then the codes of what is wrong. */
async function told(shop: Stage, program: Program, request: Partial<LogRequest> = {}): Promise<readonly string[]> {
  const lines: string[] = [];
  const onLine = ({ from, text }: { readonly from: string; readonly text: string }) => lines.push(`${from}: ${text}`);
  const how = { world: shop.world('anna'), onLine, signal: noSignal };
  try {
    await logs(specOf(program), { follow: false, ...request, pick: (ids) => ids }, how);
  } catch (error) {
    if (!isKonfigError(error)) throw error;
    lines.push(...error.problems.map(({ code }) => code));
  }
  return lines;
}

const program = { web: {}, 'eu:Thing/db': {} };

async function speaking(): Promise<Stage> {
  const shop = stage();
  await shop.apply(program);
  shop.runtime.prints('web', 'here');
  shop.runtime.prints('eu:Thing/db', 'there');
  return shop;
}

test('a last release that is damaged stands in no way; it is told at the end', async () => {
  const shop = await speaking();
  truncateSync(join(shop.folder, 'shop', 'prod', 'releases', '000001.json'), 30);
  expect(await told(shop, program)).toEqual(['web/main: here', 'db/main: there', 'RECORD_CORRUPT']);
});

test('a target that breaks off leaves the others their say', async () => {
  const shop = await speaking();
  shop.runtime.breaksLogs('eu', 'the log is gone');
  expect(await told(shop, program)).toEqual(['web/main: here', 'CONNECTION_LOST']);
});

test('a target that breaks off ends whoever follows, who would wait for it in vain', async () => {
  const shop = await speaking();
  shop.runtime.breaksLogs('eu', 'the log is gone');
  expect((await told(shop, program, { follow: true })).at(-1)).toBe('CONNECTION_LOST');
});
