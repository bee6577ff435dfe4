// The same objects judged by kstatus and by Argo CD. Of built-in kinds we differ where health-divergences.ts says why; a new difference fails. Of custom kinds it
// is measured how many are judged as a script for that kind does, by the generic rule alone and with rules.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject } from '@konfig/core';
import { loadAll } from 'js-yaml';
import { groupOf } from '../../src/kubernetes/address';
import { isBuiltIn } from '../../src/kubernetes/built-in';
import { healthOf } from '../../src/kubernetes/health';
import { type Judge, makeJudge } from '../../src/kubernetes/health/judge';
import type { KubeObject } from '../../src/kubernetes/objects';
import { nothingRelated } from '../../src/kubernetes/related';
import { followsConventions, hasConventionalConditions } from './conventions';
import { divergences } from './health-divergences';

const corpora = join(__dirname, '../../../../../shared/corpora');

const theirs: { readonly [status: string]: string } = {
  Current: 'ready',
  Healthy: 'ready',
  InProgress: 'progressing',
  Terminating: 'progressing',
  Progressing: 'progressing',
  Failed: 'degraded',
  Degraded: 'degraded',
  Suspended: 'suspended',
};

const divergenceOf = (corpus: string, wanted: string) => divergences[corpus]?.find(({ file }) => file === wanted);

interface Case {
  readonly file: string;
  readonly kind: string;
  readonly expectedStatus: string | null;
}

function casesIn(folder: string): readonly Case[] {
  return (JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as { readonly cases: readonly Case[] }).cases;
}

const ofBuiltInKinds = ['cli-utils-kstatus', 'gitops-engine-health'];

describe.each(ofBuiltInKinds)('objects of %s', (corpus) => {
  const folder = join(corpora, corpus);
  if (!existsSync(folder)) {
    process.stderr.write(`skipped: the corpus ${corpus} is not beside the repository\n`);
    test.skip('the corpus is not beside the repository', () => undefined);
    return;
  }
  const judged = casesIn(folder).filter(({ expectedStatus }) => expectedStatus !== null);

  test.each(judged.map((one) => [one.file, one] as const))('%s', (file, { expectedStatus }) => {
    const now = new Date().toISOString();
    // Some of the corpus's files say one key twice, which the json option allows.
    const [object] = loadAll(readFileSync(join(folder, file), 'utf8').replaceAll('{{NOW}}', now), null, { json: true }) as KubeObject[];
    const { health } = healthOf(object as KubeObject, nothingRelated);
    expect(health).toBe(divergenceOf(corpus, file)?.ours ?? theirs[expectedStatus as string]);
  });

  test('no divergence is listed that is none', () => {
    const same = judged.filter(({ file, expectedStatus }) => divergenceOf(corpus, file)?.ours === theirs[expectedStatus as string]);
    expect(same).toEqual([]);
  });
});

/** Of which objects it is measured how many are judged alike, and what must be reached in percent: by the generic rule alone, and with rules. */
const measures: readonly {
  readonly what: string;
  readonly isMeant: (object: KubeObject) => boolean;
  readonly floors: readonly [number, number];
}[] = [
  { what: 'of custom kinds that follow the conventions', isMeant: followsConventions, floors: [95, 98] },
  { what: 'of the operators named below', isMeant: isOfOperator, floors: [85, 96] },
  { what: 'of custom kinds, with conventional conditions', isMeant: hasConventionalConditions, floors: [93, 96] },
  { what: 'of any kind, with a condition that sums up', isMeant: hasSummary, floors: [86, 91] },
  { what: 'of any kind, with a status', isMeant: hasStatus, floors: [79, 84] },
  { what: 'all', isMeant: () => true, floors: [81, 85] },
];

describe('objects of custom kinds, each of which Argo CD has a script for', () => {
  const corpus = 'argocd-resource-customizations';
  const folder = join(corpora, corpus);
  if (!existsSync(folder)) {
    process.stderr.write(`skipped: the corpus ${corpus} is not beside the repository\n`);
    test.skip('the corpus is not beside the repository', () => undefined);
    return;
  }
  const judged = casesIn(folder).map((one) => judgedCase(folder, one));
  const isExplained = ({ file }: Judged) => divergenceOf(corpus, file) !== undefined;

  test.each(measures)('as many as before are judged alike: $what', ({ isMeant, floors }) => {
    const meant = judged.filter(({ object }) => isMeant(object));
    const percent = (isAlike: (one: Judged) => boolean) => (100 * meant.filter(isAlike).length) / meant.length;
    expect(percent(({ byWords }) => byWords)).toBeGreaterThanOrEqual(floors[0]);
    expect(percent(({ byRules }) => byRules)).toBeGreaterThanOrEqual(floors[1]);
  });

  test('of built-in kinds and of those of the operators they differ where the table says so', () => {
    const named = judged.filter(({ object }) => isBuiltIn(groupOf(object)) || isOfOperator(object));
    expect(named.filter((one) => !one.byRules && !isExplained(one)).map(({ file }) => file)).toEqual([]);
  });

  test('no divergence is listed that is none', () => {
    expect(judged.filter((one) => one.byRules && isExplained(one)).map(({ file }) => file)).toEqual([]);
  });

  test('the tables of docs/health.md say the same; UPDATE_DOCS=1 writes them', () => {
    const path = join(__dirname, '../../../../docs/health.md');
    const text = readFileSync(path, 'utf8');
    const wanted = Object.entries({
      promises: promisesTable(judged),
      results: resultsTable(judged),
      divergences: divergencesTable(),
    }).reduce((written, [name, table]) => withTable(written, name, table), text);
    if (process.env.UPDATE_DOCS) writeFileSync(path, wanted);
    else expect(text).toBe(wanted);
  });
});

/** An object of the corpus, and whether it is judged as its kind's script judges it. */
interface Judged {
  readonly file: string;
  readonly object: KubeObject;
  readonly byWords: boolean;
  readonly byRules: boolean;
}

/** As `konfig health` does it: alone in a file, without the definition of its kind. */
function judgedCase(folder: string, { file, expectedStatus }: Case): Judged {
  const [read] = loadAll(readFileSync(join(folder, file), 'utf8'), null, { json: true }) as KubeObject[];
  const object = { ...(read as KubeObject), metadata: read?.metadata ?? { name: 'unnamed' } };
  // What theirs calls unknown or missing has no place of its own with us: it is not there yet.
  const wanted = theirs[expectedStatus as string] ?? 'progressing';
  const isAlike = (judge: Judge) => judge.put(object)[0]?.health === wanted;
  return { file, object, byWords: isAlike(makeJudge([], [])), byRules: isAlike(makeJudge()) };
}

/** What health promises, and how far it is kept. */
function promisesTable(judged: readonly Judged[]): string {
  const follow = judged.filter(({ object }) => followsConventions(object));
  const alike = (isAlike: (one: Judged) => boolean) => share(follow.filter(isAlike).length, follow.length);
  const ofScripts = judged.filter(({ object }) => isBuiltIn(groupOf(object)));
  const others = ofBuiltInKinds.map((corpus) => ({
    all: casesIn(join(corpora, corpus)).filter(({ expectedStatus }) => expectedStatus !== null).length,
    explained: divergences[corpus]?.length ?? 0,
  }));
  const all = others.reduce((sum, one) => sum + one.all, ofScripts.length);
  const explained = others.reduce((sum, one) => sum + one.explained, ofScripts.filter(({ byRules }) => !byRules).length);
  const named = judged.filter(({ object }) => isOfOperator(object));
  const namedAlike = named.filter(({ byRules }) => byRules).length;
  return [
    '| objects | wanted | reached |',
    '|---|---|---|',
    `| of built-in kinds (kstatus, the engine of Argo CD, its scripts) | all, but for reasons given below | ${all - explained} of ${all} alike, the other ${explained} for a reason |`,
    `| of custom kinds that follow the conventions, by the generic rule alone | 95 % | ${alike(({ byWords }) => byWords)} |`,
    `| of custom kinds that follow the conventions, with rules | 98 % | ${alike(({ byRules }) => byRules)} |`,
    `| of the operators named below, with rules | all, but for reasons given below | ${namedAlike} of ${named.length} alike, the other ${named.length - namedAlike} for a reason |`,
  ].join('\n');
}

function resultsTable(judged: readonly Judged[]): string {
  const rows = measures.map(({ what, isMeant }) => {
    const meant = judged.filter(({ object }) => isMeant(object));
    const alike = (isAlike: (one: Judged) => boolean) => share(meant.filter(isAlike).length, meant.length);
    return `| ${what} | ${alike(({ byWords }) => byWords)} | ${alike(({ byRules }) => byRules)} |`;
  });
  return ['| objects | by the generic rule alone | with rules |', '|---|---|---|', ...rows].join('\n');
}

function share(part: number, whole: number): string {
  return `${part} of ${whole}, ${((100 * part) / whole).toFixed(1)} %`;
}

function divergencesTable(): string {
  const rows = Object.entries(divergences).flatMap(([corpus, list]) =>
    list.map(({ file, ours, why }) => `| ${corpus} | \`${file.replace('/testdata', '')}\` | ${ours} | ${why} |`),
  );
  return ['| corpus | object | ours | why |', '|---|---|---|---|', ...rows].join('\n');
}

function withTable(text: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`];
  return `${text.slice(0, text.indexOf(begin) + begin.length)}\n${table}\n${text.slice(text.indexOf(end))}`;
}

/** Of the operators that have, or need, rules: packages/runtimes/src/kubernetes/health/rules/operators. Argo Rollouts shares its group with Argo CD and Workflows. */
function isOfOperator({ apiVersion }: KubeObject): boolean {
  return /\.(istio\.io|monitoring\.coreos\.com|cert-manager\.io|certmanager\.k8s\.io|kruise\.io|fluxcd\.io|crossplane\.io|upbound\.io|keda\.sh|gateway\.networking\.k8s\.io|knative\.dev|external-secrets\.io|strimzi\.io|cnpg\.io|cluster\.x-k8s\.io|karpenter\.(sh|k8s\.aws))$|^\.argoproj\.io$/.test(
    `.${apiVersion.split('/')[0]}`,
  );
}

function hasStatus({ status }: KubeObject): boolean {
  return isObject(status as JsonObject) && Object.keys(status as object).length > 0;
}

const sums =
  /^(Ready|Available|Healthy|Succeeded|Completed?|Established|Reconciled|Synced|Synchronized|Accepted|Programmed|Applied|Valid|Deployed)$/;

function hasSummary({ status }: KubeObject): boolean {
  const conditions = isObject(status as JsonObject) ? (status as JsonObject).conditions : undefined;
  return Array.isArray(conditions) && conditions.some((one) => isObject(one) && sums.test(String(one.type)));
}
