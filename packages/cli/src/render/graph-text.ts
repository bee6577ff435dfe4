// What waits for what, level by level: what stands on one level may go side by side.
import type { DependencyEdge } from '@konfig/core';
import type { Graph, GraphNode } from '../graph';
import { cleanText, cutText } from './clean-text';
import { type NameOf, resourceNames } from './resource-name';
import { type Line, paintLines, type Style, toned } from './style';
import { absentSign, healthSigns, type Symbols, symbolsOf } from './symbols';
import { cutEnd, padTo, widthOf, wrapText } from './text-width';

export interface GraphTextOptions extends Style {
  readonly width: number;
}

/**
 * ```
 * shop/dev  3 resources on 3 levels
 *
 * 1  Namespace/shop
 * 2  Deployment/web  ← Namespace/shop
 * 3  Service/web     ← Deployment/web ready, Namespace/shop
 * ```
 *
 * With how each is now, there is a sign before it, and a message behind it.
 */
export function graphText(given: Graph, options: GraphTextOptions): string {
  const graph = { ...given, nodes: given.nodes.map(withShortMessage) };
  const { nodes, edges, stack, release } = graph;
  const page = pageOf(graph, options);
  const lines = nodes.flatMap((node, i) => nodeLines(node, nodes[i - 1]?.level !== node.level, page));
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const levels = nodes.at(-1)?.level ?? 0;
  const title: Line = [
    toned('strong', `${stack}${release === undefined ? '' : `@${release}`}`),
    `  ${count(nodes.length, 'resource')} on ${count(levels, 'level')}`,
  ];
  const legend: readonly Line[] = edges.some(({ explicit }) => explicit)
    ? [[], ...wrapText('* was written: dependsOn, or a value of the other one', options.width).map((text) => [toned('faint', text)])]
    : [];
  return paintLines([title, [], ...lines, ...legend], options);
}

const longestMessage = 300;

/** What a system says of a resource may be a megabyte. */
function withShortMessage({ live, ...node }: GraphNode): GraphNode {
  return live ? { ...node, live: { ...live, message: cutText(cleanText(live.message), longestMessage) } } : node;
}

interface Page {
  readonly symbols: Symbols;
  readonly nameOf: NameOf;
  /** What each node waits for. */
  readonly edgesFrom: ReadonlyMap<string, readonly DependencyEdge[]>;
  /** Columns of the terminal, and of what stands in each line. */
  readonly width: number;
  readonly levelWidth: number;
  readonly nameWidth: number;
  /** Nothing is known of how they are: 0. */
  readonly liveWidth: number;
}

function pageOf({ nodes, edges }: Graph, options: GraphTextOptions): Page {
  const nameOf = resourceNames(nodes.map(({ id }) => id));
  const widest = (texts: readonly string[], most: number) =>
    texts.reduce((width, text) => Math.min(most, Math.max(width, widthOf(text))), 0);
  return {
    symbols: symbolsOf(options),
    nameOf,
    edgesFrom: byFrom(edges),
    width: options.width,
    levelWidth: String(nodes.at(-1)?.level ?? 1).length,
    nameWidth: widest(
      nodes.map(({ id }) => nameOf(id)),
      44,
    ),
    liveWidth: widest(
      nodes.map(({ live }) => live?.message ?? ''),
      36,
    ),
  };
}

function byFrom(edges: readonly DependencyEdge[]): Page['edgesFrom'] {
  const found = new Map<string, DependencyEdge[]>();
  for (const edge of edges) {
    const known = found.get(edge.from);
    if (known) known.push(edge);
    else found.set(edge.from, [edge]);
  }
  return found;
}

const narrowest = 30;

/** What it waits for stands behind it; where there is no room, below it. */
function nodeLines(node: GraphNode, isFirst: boolean, page: Page): readonly Line[] {
  const { symbols, nameOf, width, levelWidth, nameWidth, liveWidth } = page;
  const waits = waitsText(page.edgesFrom.get(node.id) ?? [], nameOf);
  const begin: Line = [toned('faint', (isFirst ? String(node.level) : '').padStart(levelWidth)), '  ', ...signPieces(node, symbols)];
  const name = nameOf(node.id);
  if (waits === '') return [[...begin, node.live ? padTo(name, nameWidth) : name, ...livePieces(node, { width: 0, symbols })]];
  const beside = levelWidth + 2 + nameWidth + 2 + (node.live ? 2 + liveWidth + 2 : 0);
  const isBelow = width - beside < narrowest;
  const indent = isBelow ? levelWidth + 4 : beside;
  const head: Line = [...begin, padTo(name, nameWidth), ...livePieces(node, { width: isBelow ? 0 : liveWidth, symbols })];
  const [first = '', ...more] = wrapText(`${symbols.behind} ${waits}`, Math.max(1, width - indent - widthOf(symbols.behind) - 1));
  const rest = more.map((text): Line => [' '.repeat(indent + widthOf(symbols.behind) + 1), toned('faint', text)]);
  if (isBelow) return [head, [' '.repeat(indent), toned('faint', first)], ...rest];
  return [[...head, '  ', toned('faint', first)], ...rest];
}

function signPieces({ live }: GraphNode, symbols: Symbols): Line {
  if (!live) return [];
  const { symbol, tone } = live.health === 'absent' ? absentSign : healthSigns[live.health];
  return [toned(tone, symbols[symbol]), ' '];
}

function livePieces({ live }: GraphNode, { width, symbols }: { readonly width: number; readonly symbols: Symbols }): Line {
  if (!live) return [];
  const message = width > 0 ? padTo(cutEnd(live.message, width, symbols.cut), width) : live.message;
  return ['  ', message];
}

/** What follows from a reference by itself is bare; what a person wrote has a star. */
function waitsText(edges: readonly DependencyEdge[], nameOf: NameOf): string {
  return edges
    .map(({ on, until, explicit }) => `${nameOf(on)}${until === 'ready' ? ' ready' : ''}${explicit ? '*' : ''}`)
    .sort()
    .join(', ');
}
