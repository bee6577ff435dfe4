// A plan for a reader: what would change, field by field, each with the line of TypeScript that set it.
import {
  type Action,
  type Counted,
  changePath,
  countsOfPlan,
  type FieldChange,
  isEmpty,
  type Json,
  type Path,
  type Plan,
  type PlannedPart,
  pathText,
  type Resource,
  type ResourceId,
  type SourceTable,
  type Step,
  sourceOf,
  sourceText,
  totalOf,
  toYaml,
} from '@konfig/core';
import { withoutLiteralSecrets } from '../literal-secret';
import { cleanText } from './clean-text';
import { withLaterText } from './later-text';
import { diffLines } from './line-diff';
import { type NameOf, resourceNames } from './resource-name';
import { type Line, lineWidth, type Piece, paintLines, type Style, toned } from './style';
import { actionSigns, createsFirstSign, partSigns, type Sign, type Symbols, symbolsOf } from './symbols';
import { cutMiddle, padTo, widthOf } from './text-width';
import { valueLines, valueText } from './value-text';

export interface PlanTextOptions extends Style {
  readonly width: number;
  /** Nothing is cut or folded, notes stand at their steps. */
  readonly verbose?: boolean;
  /** What the program wishes of each resource: stands below those that are made anew. */
  readonly wished?: ReadonlyMap<ResourceId, Pick<Resource, 'type' | 'attributes'>>;
}

interface Page {
  readonly nameOf: NameOf;
  readonly sources: SourceTable;
  readonly symbols: Symbols;
  readonly width: number;
  readonly verbose: boolean;
  readonly wished: NonNullable<PlanTextOptions['wished']>;
  /** Of the steps that are one line each, so that their sources stand in a column. */
  readonly nameWidth: number;
}

/** What `konfig preview` prints. */
export function planText(plan: Plan, sources: SourceTable, options: PlanTextOptions): string {
  const nameOf = resourceNames(plan.steps.map((step) => step.id));
  const page: Page = {
    nameOf,
    nameWidth: widestUpTo(plan.steps.filter(isOneLine).map((step) => widthOf(nameOf(step.id)))),
    sources,
    symbols: symbolsOf(options),
    width: Math.max(40, options.width),
    verbose: options.verbose ?? false,
    wished: options.wished ?? new Map(),
  };
  const blocks = plan.steps.filter((step) => step.action !== 'keep').flatMap((step) => stepLines(step, page));
  const lines = [
    ...blocks,
    ...(blocks.length > 0 ? [[]] : []),
    [toned('strong', summaryText(plan))],
    ...plan.notes.map((note): Line => [toned('warn', 'note'), `  ${note}`]),
  ];
  return paintLines(lines, options);
}

/** Its last line: what it would do, counted. */
export function summaryText(plan: Plan): string {
  const counts = countsOfPlan(plan);
  if (isEmpty(plan)) {
    if (plan.kind === 'destroy' && plan.steps.length === 0) return `Nothing to do: ${plan.stack} has nothing to destroy.`;
    const total = totalOf(counts);
    return `Nothing to do: ${plan.stack} is as wished (${total} ${total === 1 ? 'resource' : 'resources'}).`;
  }
  const told = countWords.filter(({ counted, isAlways }) => isAlways || counts[counted]);
  return `Plan: ${told.map(({ counted, words }) => `${counts[counted] ?? 0} ${words}`).join(', ')}.`;
}

interface CountWords {
  readonly counted: Counted;
  readonly words: string;
  /** Told where there is none, too. */
  readonly isAlways?: true;
}

const countWords: readonly CountWords[] = [
  { counted: 'create', words: 'to create', isAlways: true },
  { counted: 'update', words: 'to change', isAlways: true },
  { counted: 'replace', words: 'to replace', isAlways: true },
  { counted: 'delete', words: 'to delete', isAlways: true },
  { counted: 'import', words: 'to import' },
  { counted: 'move', words: 'to move' },
  { counted: 'adopt', words: 'to adopt' },
  { counted: 'abandon', words: 'to give up' },
  { counted: 'forget', words: 'to forget' },
  { counted: 'skip', words: 'that cannot be done now' },
  { counted: 'keep', words: 'unchanged', isAlways: true },
];

function stepLines(step: Step, page: Page): readonly Line[] {
  const { symbol, tone } = actionSigns[step.action];
  const name = page.nameOf(step.id);
  const isGoing = goes.has(step.action);
  const made = step.changes.length === 0 && !isGoing ? sourceOf(page.sources, step.id) : undefined;
  const words = [actionWords[step.action](step), partsSummary(step), checkWords(step)].filter((word) => word !== '');
  const head: Line = [
    toned(tone, `${page.symbols[symbol]} `),
    toned('strong', isOneLine(step) ? padTo(name, page.nameWidth) : name),
    ...words.map((word) => `  ${word}`),
    ...(made ? [toned('faint', `  ${sourceText(made)}`)] : []),
  ];
  const notes = page.verbose ? step.notes.map((note): Line => ['    ', toned('warn', 'note'), `  ${note}`]) : [];
  const content = step.parts ? partsLines(step, step.parts, page) : contentLines(step, page);
  return [head, ...changesLines(step, page), ...content, ...notes];
}

/** A create has no changes to show: what it makes is shown instead, without what must not be read. */
function contentLines({ id, action, changes }: Step, { wished }: Page): readonly Line[] {
  const resource = wished.get(id);
  if (!resource || action !== 'create' || changes.length > 0) return [];
  const attributes = withLaterText(withoutLiteralSecrets(resource.type, resource.attributes));
  return toYaml(attributes)
    .trimEnd()
    .split('\n')
    .map((line): Line => [toned('good', `    + ${cleanText(line)}`)]);
}

/** `2 to create, 1 to replace` */
function partsSummary({ parts = [] }: Step): string {
  return countWords
    .map(({ counted, words }) => ({ words, count: counted === 'keep' ? 0 : parts.filter(({ action }) => action === counted).length }))
    .flatMap(({ words, count }) => (count > 0 ? [`${count} ${words}`] : []))
    .join(', ');
}

/** Each thing that a resource is made of, and what of it changes. What a new one will be is shown on demand. */
function partsLines({ id }: Step, parts: readonly PlannedPart[], page: Page): readonly Line[] {
  const shown = parts.filter(({ action }) => action !== 'keep' && (action !== 'read' || page.verbose));
  const nameWidth = widestUpTo(shown.map(({ name }) => widthOf(name)));
  const inner = { ...page, width: page.width - partIndent.length };
  return shown.flatMap((part) => {
    const { at, name, action } = part;
    const source = at && sourceOf(page.sources, id, pathText(at));
    const { symbol, tone } = part.createsFirst ? createsFirstSign : partSigns[action];
    const words = partWords(part);
    const head: Line = [
      partIndent,
      toned(tone, `${page.symbols[symbol]} `),
      padTo(name, nameWidth),
      ...(words === '' ? [] : [`  ${words}`]),
      ...(source ? [toned('faint', `  ${sourceText(source)}`)] : []),
    ];
    const isTold = page.verbose || (action !== 'create' && action !== 'delete' && action !== 'read');
    const changes = isTold ? changesLines({ id, changes: part.changes, immutable: [], ...(at ? { at } : {}) }, inner) : [];
    return [head, ...changes.map((line): Line => [partIndent, ...line])];
  });
}

const partIndent = '    ';

/** The sign alone says create, update and delete. */
function partWords({ action, plannedWhen, changes, ...part }: PlannedPart): string {
  const { reason = changedBy(changes) } = part;
  const isPlain = action === 'create' || action === 'update' || action === 'delete';
  const word = isPlain
    ? reason === undefined
      ? ''
      : `(${cleanText(reason)})`
    : `${action}${reason === undefined ? '' : ` (${cleanText(reason)})`}`;
  const later = plannedWhen === undefined ? '' : `planned when ${cleanText(plannedWhen)} is known`;
  return [word, later].filter((text) => text !== '').join('  ');
}

/** `changed outside of Terraform` */
function changedBy(changes: readonly FieldChange[]): string | undefined {
  const author = changes.find(({ by }) => by)?.by;
  return author && `changed ${author.name}`;
}

const goes: ReadonlySet<Action> = new Set<Action>(['delete', 'abandon', 'forget']);

function isOneLine(step: Step): boolean {
  return step.action === 'create' && step.changes.length === 0;
}

/** The sign alone says create and update. */
const actionWords: { readonly [action in Action]: (step: Step) => string } = {
  create: () => '',
  update: () => '',
  replace: (step) => `replace (${step.immutable.length > 0 ? `${step.immutable.join(', ')} is immutable` : step.reason})`,
  delete: (step) => `delete (${step.reason})`,
  adopt: ({ owner, reason }) => `adopt (${owner === undefined ? reason : `from ${cleanText(owner)}`})`,
  abandon: (step) => `give up, leave it there (${step.reason})`,
  forget: (step) => `forget (${step.reason})`,
  skip: (step) => `skip (${step.reason})`,
  keep: () => '',
};

function checkWords({ action, checked }: Step): string {
  if (goes.has(action) || action === 'skip' || checked === 'server') return '';
  return checked === 'offline' ? '(checked offline)' : '(not checked)';
}

/** What fields of one resource would change, as a plan shows them. */
export function changeLines(of: Changed, sources: SourceTable, options: PlanTextOptions): readonly Line[] {
  const { width, verbose = false } = options;
  return changesLines(of, {
    nameOf: String,
    nameWidth: 0,
    wished: new Map(),
    sources,
    symbols: symbolsOf(options),
    width: Math.max(40, width),
    verbose,
  });
}

interface Changed extends Pick<Step, 'id' | 'changes' | 'immutable'> {
  /** Where in the attributes the paths of the changes begin. Default: at their root. */
  readonly at?: Path;
}

interface Row {
  readonly sign: Piece;
  readonly path: string;
  /** The change in one line; undefined when it needs several. */
  readonly inline?: Line;
  readonly block: readonly Line[];
  readonly source: string;
}

const widestAligned = 44;
const indent = '    ';

function changesLines(step: Changed, page: Page): readonly Line[] {
  const rows = step.changes.map((change) => rowOf(change, step, page));
  const inline = rows.filter((row) => row.inline !== undefined);
  const pathWidth = widestUpTo(inline.map((row) => widthOf(row.path)));
  const valueWidth = widestUpTo(inline.map((row) => lineWidth(row.inline as Line)));
  return rows.flatMap((row) => rowLines(row, pathWidth, valueWidth, page));
}

function widestUpTo(widths: readonly number[]): number {
  return Math.max(0, ...widths.filter((width) => width <= widestAligned));
}

/** `spec.replicas  1 → 3   projects/shop/konfig.ts:12` where that fits, else the values below the path. */
function rowLines(row: Row, pathWidth: number, valueWidth: number, page: Page): readonly Line[] {
  const source = row.source === '' ? [] : [toned('faint', row.source)];
  if (row.inline) {
    const room = page.width - indent.length - lineWidth(source) - 5;
    const value = lineWidth(row.inline);
    const paths = [pathWidth, widthOf(row.path)].map((width) => Math.max(width, widthOf(row.path)));
    for (const [path, padded] of [
      [paths[0], Math.max(valueWidth, value)],
      [paths[0], value],
      [paths[1], value],
    ] as const) {
      if ((path as number) + padded > room) continue;
      return [[row.sign, padTo(row.path, path as number), '  ', ...row.inline, ' '.repeat(padded - value + 3), ...source]];
    }
  }
  const path = page.verbose ? row.path : cutMiddle(row.path, page.width - indent.length, page.symbols.cut);
  const fits = indent.length + widthOf(path) + 3 + lineWidth(source) <= page.width;
  const head: readonly Line[] = fits
    ? [[row.sign, path, '   ', ...source]]
    : [[row.sign, path], ...(source.length > 0 ? [[`${indent}  `, ...source]] : [])];
  return [...head, ...row.block.map((line) => [`${indent}  `, ...line])];
}

function rowOf(change: FieldChange, step: Changed, page: Page): Row {
  const path = changePath(change);
  const source = sourceOf(page.sources, step.id, pathText([...(step.at ?? []), ...change.path]));
  const forced = step.immutable.includes(path) ? [toned('bad', '  (forces the replace)')] : [];
  const inline = inlineOf(change, page.symbols);
  const block = blockOf(change, page);
  const isInline = inline !== undefined && lineWidth(inline) <= page.width - 12;
  return {
    sign: signOf(change, page.symbols),
    path: cleanText(path),
    ...(isInline ? { inline: [...inline, ...forced] } : {}),
    block: block.length > 0 ? block : [inline ?? []],
    source: source ? sourceText(source) : '',
  };
}

function signOf({ before, after, sensitive }: FieldChange, symbols: Symbols): Piece {
  if (sensitive || (before !== undefined && after !== undefined)) return indent;
  return after !== undefined ? toned('good', `  ${symbols.added} `) : toned('bad', `  ${symbols.removed} `);
}

/** Undefined for texts of several lines and for values that hold more than a few others. */
function inlineOf({ before, after, sensitive }: FieldChange, symbols: Symbols): Line | undefined {
  if (sensitive) return [toned('faint', '(secret, changed)')];
  const values = [before, after].filter((value) => value !== undefined);
  if (values.some((value) => isLong(value))) return undefined;
  if (before !== undefined && after !== undefined) {
    return [toned('bad', valueText(before)), ` ${symbols.to} `, toned('good', valueText(after))];
  }
  return values.map((value) => toned(after === undefined ? 'bad' : 'good', valueText(value)));
}

function isLong(value: Json): boolean {
  if (typeof value === 'string') return value.trimEnd().includes('\n');
  return typeof value === 'object' && value !== null && valueLines(value).length > 1 && widthOf(valueText(value)) > 40;
}

const mostLines = 12;

function blockOf({ before, after, sensitive }: FieldChange, page: Page): readonly Line[] {
  if (sensitive) return [];
  const width = page.width - indent.length - 4;
  const cut = (text: string) => (page.verbose ? text : cutMiddle(text, width, page.symbols.cut));
  const old = before === undefined ? [] : valueLines(before);
  const now = after === undefined ? [] : valueLines(after);
  const isPair = old.length === 1 && now.length === 1 && !page.verbose;
  const [oneOld, oneNow] = isPair ? cutAround(old[0] as string, now[0] as string, width, page.symbols.cut) : ['', ''];
  const lines = isPair ? diffLines([oneOld], [oneNow]) : diffLines(old, now);
  const shown = page.verbose || lines.length <= mostLines + 1 ? lines : lines.slice(0, mostLines);
  return [
    ...shown.map(({ sign, text }): Line => [toned(lineSigns[sign].tone, `${page.symbols[lineSigns[sign].symbol]} ${cut(text)}`)]),
    ...(shown.length < lines.length ? [[toned('faint', `${page.symbols.cut} and ${lines.length - shown.length} more lines`)]] : []),
  ];
}

const lineSigns: { readonly [sign in '+' | '-' | ' ']: Sign } = {
  '+': { symbol: 'added', tone: 'good' },
  '-': { symbol: 'removed', tone: 'bad' },
  ' ': { symbol: 'keep', tone: 'faint' },
};

const contextAround = 12;

/** Two long texts cut so that the place where they differ is seen. */
function cutAround(before: string, after: string, width: number, cut: string): readonly [string, string] {
  if (widthOf(before) <= width && widthOf(after) <= width) return [before, after];
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  const from = start > contextAround * 2 ? start - contextAround : 0;
  const shorten = (text: string) => (from > 0 ? cut : '') + text.slice(from);
  return [shorten(before), shorten(after)];
}
