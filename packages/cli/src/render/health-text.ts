// What is wrong with a resource, as a tree: its findings and what hangs from it. What is well folds, what is not expands.
import type { Finding, RelatedNode } from '@konfig/core';
import { cleanLines } from './clean-text';
import { type Line, toned } from './style';
import { healthSigns, type Sign, type Symbols } from './symbols';
import { countdownText, spanText } from './time-text';

export interface Unwell {
  /** With `since`, in milliseconds since the epoch, where that is known. */
  readonly findings: readonly (Finding & { readonly since?: number })[];
  readonly related: readonly RelatedNode[];
  /** When the resource is given up. */
  readonly failsAt?: number;
}

/** Lines of the tree, worst first, indented under the resource's own line. */
export function healthLines(unwell: Unwell, now: number, symbols: Symbols): readonly Line[] {
  const names = new Set(allNames(unwell.related));
  const own = unwell.findings.filter((finding) => !names.has(finding.on));
  const page: Page = { unwell, now, symbols };
  const branches = [...own.map((finding) => findingBranch(finding, page)), ...relatedBranches(unwell.related, page)];
  return branchLines(branches, '    ', symbols);
}

interface Page {
  readonly unwell: Unwell;
  readonly now: number;
  readonly symbols: Symbols;
}

interface Branch {
  readonly head: Line;
  readonly details: readonly string[];
  readonly children: readonly Branch[];
}

function branchLines(branches: readonly Branch[], indent: string, symbols: Symbols): readonly Line[] {
  return branches.flatMap(({ head, details, children }, i) => {
    const isLast = i === branches.length - 1;
    const below = indent + (isLast ? '  ' : symbols.bar.padEnd(2));
    return [
      [toned('faint', indent + (isLast ? symbols.lastBranch : symbols.branch).padEnd(2)), ...head],
      ...details.map((text): Line => [toned('faint', `${below}    ${text}`)]),
      ...branchLines(children, below, symbols),
    ];
  });
}

const mostSiblings = 4;

function relatedBranches(nodes: readonly RelatedNode[], page: Page): readonly Branch[] {
  const well = nodes.filter((node) => isWell(node, page.unwell.findings));
  const ill = nodes.filter((node) => !well.includes(node));
  return [
    ...ill.slice(0, mostSiblings).map((node) => nodeBranch(node, page)),
    ...fold(ill.slice(mostSiblings), 'not ready', { symbol: 'warning', tone: 'warn' }, page),
    ...(well.length === 1
      ? [nodeBranch({ ...(well[0] as RelatedNode), children: [] }, page)]
      : fold(well, 'ready', healthSigns.ready, page)),
  ];
}

/** `✔ 3 ready: Pod/a, Pod/b, Pod/c` */
function fold(nodes: readonly RelatedNode[], word: string, sign: Sign, { symbols }: Page): readonly Branch[] {
  if (nodes.length === 0) return [];
  const named = nodes.slice(0, 3).map((node) => node.name);
  const names = nodes.length > named.length ? [...named, symbols.cut] : named;
  const text = ` ${nodes.length} ${word}: ${names.join(', ')}`;
  return [{ head: [toned(sign.tone, symbols[sign.symbol]), text], details: [], children: [] }];
}

function nodeBranch(node: RelatedNode, page: Page): Branch {
  const [first, ...more] = page.unwell.findings.filter((finding) => finding.on === node.name);
  const children = [...more.map((finding) => findingBranch(finding, page)), ...relatedBranches(node.children ?? [], page)];
  if (first) return { ...findingBranch(first, page), children };
  const { symbol, tone } = healthSigns[node.health];
  return { head: [toned(tone, page.symbols[symbol]), ` ${node.name}  ${node.message}`], details: [], children };
}

/** The finding says more than the node's own line, so it stands in its place. */
function findingBranch(finding: Unwell['findings'][number], page: Page): Branch {
  const sign: Sign = finding.class === 'transient' ? { symbol: 'warning', tone: 'warn' } : healthSigns.degraded;
  const head: Line = [
    toned(sign.tone, `${page.symbols[sign.symbol]} ${finding.on}`),
    `${sinceText(finding, page)}  ${findingText(finding)}${retryText(finding, page.now)}`,
  ];
  return { head, details: detailsOf(finding, page), children: [] };
}

const mostDetails = 20;

function detailsOf({ details = [] }: Finding, { symbols }: Page): readonly string[] {
  const lines = details.flatMap(cleanLines);
  const left = lines.length - mostDetails;
  return left > 0 ? [...lines.slice(0, mostDetails), `${symbols.cut} and ${left} more lines`] : lines;
}

/** Its code and message; many messages hold the code already. */
export function findingText({ code, message }: Finding): string {
  return message.includes(code) ? message : `${code}: ${message}`;
}

const longestRetry = 600_000;

/** `, next in 34s`. By the clock of another machine: what lies behind or far ahead is not to be believed. */
export function retryText({ retriesAt = 0 }: Finding, now: number): string {
  const left = retriesAt - now;
  return left > 0 && left <= longestRetry ? `, next in ${spanText(Math.ceil(left / 1000))}` : '';
}

/** `  0:31`, or `  0:31 of 1:00` where this finding's grace is what fails the resource. */
function sinceText({ since, grace, class: kind }: Unwell['findings'][number], { unwell, now }: Page): string {
  if (since === undefined) return '';
  // Workspaces may set other graces, which events do not tell; so the default is said only where it fits the time that they do tell.
  const isDeciding = kind === 'likely' && grace !== undefined && unwell.failsAt === since + grace * 1000;
  return `  ${countdownText(now - since)}${isDeciding ? ` of ${countdownText(grace * 1000)}` : ''}`;
}

function isWell(node: RelatedNode, findings: Unwell['findings']): boolean {
  return (
    node.health === 'ready' &&
    !findings.some((finding) => finding.on === node.name) &&
    (node.children ?? []).every((child) => isWell(child, findings))
  );
}

function allNames(nodes: readonly RelatedNode[]): readonly string[] {
  return nodes.flatMap((node) => [node.name, ...allNames(node.children ?? [])]);
}
