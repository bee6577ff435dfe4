// A plan file for whoever reviews it: who made it of what, and the whole plan, nothing cut.
import { isEmpty, type PlanFile } from '@konfig/core';
import { cleanText } from './clean-text';
import { fenced } from './markdown';
import { type PlanTextOptions, planText } from './plan-text';
import { problemsText } from './problem-text';
import { paintLines, toned } from './style';
import { minuteText } from './time-text';

export interface PlanFileTextOptions extends PlanTextOptions {
  /** Default: the machine's. */
  readonly timeZone?: string;
}

/** What `konfig show plan.json` prints. */
export function planFileText(file: PlanFile, options: PlanFileTextOptions): string {
  const head = paintLines([[toned('strong', titleOf(file))], ...madeOf(file, options).map((text) => [toned('faint', text)]), []], options);
  return `${head}${bodyOf(file, options)}`;
}

/** The same as a comment in a pull request. */
export function planFileMarkdown(file: PlanFile, options: PlanFileTextOptions): string {
  const body = bodyOf(file, { ...options, color: false });
  return [
    `### ${titleOf(file)}`,
    '',
    ...madeOf(file, options).map((text) => `${text}  `),
    '',
    fenced(body.trimEnd(), isEmpty(file.plan) ? '' : 'diff'),
    '',
  ].join('\n');
}

function titleOf({ plan }: PlanFile): string {
  const from = plan.options.rollbackTo === undefined ? '' : `, back to release ${plan.options.rollbackTo}`;
  return `Plan to ${plan.kind} ${plan.stack}${from}`;
}

function madeOf({ by, at, commit, plan, konfig, digest }: PlanFile, { timeZone }: PlanFileTextOptions): readonly string[] {
  const of = commit === undefined ? '' : ` of commit ${cleanText(commit)}`;
  const base = plan.baseRelease === 0 ? 'the first release' : `on top of release ${plan.baseRelease}`;
  const targets = Object.entries(plan.targets).map(([name, identity]) => `${name} (${cleanText(identity)})`);
  return [
    `made by ${cleanText(by)}${of}, ${minuteText(Date.parse(at), timeZone)}, with Konfig ${konfig}`,
    `${base}, for ${targets.join(', ')}`,
    `digest ${digest.slice(0, 16)}, Spec ${plan.specDigest.slice(0, 16)}`,
  ];
}

function bodyOf({ plan, spec, sources, problems }: PlanFile, options: PlanFileTextOptions): string {
  const wished = new Map(spec.resources.map((resource) => [resource.id, resource]));
  const text = planText(plan, sources, { ...options, wished, verbose: true });
  return problems.length === 0 ? text : `${text}\n${problemsText(problems, options)}`;
}
