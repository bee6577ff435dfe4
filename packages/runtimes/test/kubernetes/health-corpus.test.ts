// The same objects judged by kstatus and by Argo CD. Of built-in kinds we differ where health-divergences.ts says why; a new difference fails. Of custom kinds it
// is measured how many are judged as a script for that kind does, by the generic rule alone and with rules.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject } from '@konfig/core';
import { loadAll } from 'js-yaml';
import { groupOf } from '../../src/kubernetes/address';
import { isBuiltIn } from '../../src/kubernetes/built-in';
import { healthOf, healthWith } from '../../src/kubernetes/health';
import { isMostLikelyAwaited } from '../../src/kubernetes/health/awaited';
import type { Rule } from '../../src/kubernetes/health/report';
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

/** Each alone in a file, without the definition of its kind. */
const inAFile = { ...nothingRelated, awaitsStatus: isMostLikelyAwaited };

const divergenceOf = (corpus: string, wanted: string) => divergences[corpus]?.find(({ file }) => file === wanted);

interface Case {
  readonly file: string;
  readonly kind: string;
  readonly expectedStatus: string | null;
}

describe.each(['cli-utils-kstatus', 'gitops-engine-health'])('objects of %s', (corpus) => {
  const folder = join(corpora, corpus);
  if (!existsSync(folder)) {
    process.stderr.write(`skipped: the corpus ${corpus} is not beside the repository\n`);
    test.skip('the corpus is not beside the repository', () => undefined);
    return;
  }
  const { cases } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as { cases: readonly Case[] };
  const judged = cases.filter(({ expectedStatus }) => expectedStatus !== null);

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

describe('objects of custom kinds, each of which Argo CD has a script for', () => {
  const folder = join(corpora, 'argocd-resource-customizations');
  if (!existsSync(folder)) {
    process.stderr.write('skipped: the corpus argocd-resource-customizations is not beside the repository\n');
    test.skip('the corpus is not beside the repository', () => undefined);
    return;
  }
  const { cases } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as { cases: readonly Case[] };
  const judged = cases.map(({ file, expectedStatus }) => {
    const [object] = loadAll(readFileSync(join(folder, file), 'utf8'), null, { json: true }) as KubeObject[];
    const whole = { ...(object as KubeObject), metadata: object?.metadata ?? { name: 'unnamed' } };
    // What theirs calls unknown or missing has no place of its own with us: it is not there yet.
    const wanted = theirs[expectedStatus as string] ?? 'progressing';
    const isAlike = (health: Rule) => health(whole, inAFile).health === wanted;
    return { file, object: whole, byWords: isAlike(healthWith([])), byRules: isAlike(healthOf) };
  });
  type Judged = (typeof judged)[number];
  const count = (what: string, meant: readonly Judged[], isAlike: (one: Judged) => boolean) => {
    const alike = meant.filter(isAlike).length;
    measured.set(what, `${alike} of ${meant.length}, ${((100 * alike) / meant.length).toFixed(1)} %`);
    return (100 * alike) / meant.length;
  };

  /** In percent; the floor is what was reached. */
  test.each<[string, (object: KubeObject) => boolean, number]>([
    ['all', () => true, 78],
    ['with a status', ({ status }) => isObject(status as JsonObject) && Object.keys(status as object).length > 0, 78],
    ['with a condition that sums up', ({ status }) => hasSummary(status), 86],
    ['with conventional conditions', hasConventionalConditions, 93],
    ['that follow the conventions', followsConventions, 95],
  ])('by the generic rule alone: %s', (what, isMeant, floor) => {
    const meant = judged.filter(({ object }) => isMeant(object));
    expect(count(`${what}, by the generic rule alone`, meant, ({ byWords }) => byWords)).toBeGreaterThanOrEqual(floor);
  });

  test('with the rules for operators: all, and those of the operators', () => {
    expect(count('all, with rules', judged, ({ byRules }) => byRules)).toBeGreaterThanOrEqual(81);
    const ofOperators = judged.filter(({ object }) => operators.test(`.${object.apiVersion.split('/')[0]}`));
    expect(count('of the operators named below, by the generic rule alone', ofOperators, ({ byWords }) => byWords)).toBeGreaterThan(0);
    expect(count('of the operators named below, with rules', ofOperators, ({ byRules }) => byRules)).toBeGreaterThanOrEqual(96);
    const wrong = ofOperators.filter(({ file, byRules }) => !byRules && !divergenceOf('argocd-resource-customizations', file));
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  test('of built-in kinds they differ where the table says so', () => {
    const wrong = judged.filter(({ object, byRules }) => isBuiltIn(groupOf(object)) && !byRules).map(({ file }) => file);
    expect(wrong.filter((file) => !divergenceOf('argocd-resource-customizations', file))).toEqual([]);
  });

  test('the tables of docs/health.md say the same; UPDATE_DOCS=1 writes them', () => {
    const path = join(__dirname, '../../../../docs/health.md');
    const text = readFileSync(path, 'utf8');
    const wanted = withTable(withTable(text, 'results', resultsTable()), 'divergences', divergencesTable());
    if (process.env.UPDATE_DOCS) writeFileSync(path, wanted);
    else expect(text).toBe(wanted);
  });
});

const measured = new Map<string, string>();

/** Of the operators that have, or need, rules: packages/runtimes/src/kubernetes/health/rules/operators. Argo Rollouts shares its group with Argo CD and Workflows. */
const operators =
  /\.(istio\.io|monitoring\.coreos\.com|cert-manager\.io|certmanager\.k8s\.io|kruise\.io|fluxcd\.io|crossplane\.io|upbound\.io|keda\.sh|gateway\.networking\.k8s\.io|knative\.dev|external-secrets\.io|strimzi\.io|cnpg\.io|cluster\.x-k8s\.io|karpenter\.(sh|k8s\.aws))$|^\.argoproj\.io$/;

function resultsTable(): string {
  return ['| objects | judged alike |', '|---|---|', ...[...measured].map(([what, result]) => `| ${what} | ${result} |`)].join('\n');
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

const sums =
  /^(Ready|Available|Healthy|Succeeded|Completed?|Established|Reconciled|Synced|Synchronized|Accepted|Programmed|Applied|Valid|Deployed)$/;

function hasSummary(status: unknown): boolean {
  const conditions = isObject(status as JsonObject) ? (status as JsonObject).conditions : undefined;
  return Array.isArray(conditions) && conditions.some((one) => isObject(one) && sums.test(String(one.type)));
}
