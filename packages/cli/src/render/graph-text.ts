// What waits for what, level by level: what stands on one level may go side by side.
import type { DependencyEdge } from '@konfig/core';
import type { Graph, GraphNode } from '../graph';
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
export function graphText(graph: Graph, options: GraphTextOptions): string {
  const { nodes, edges, stack, release } = graph;
  const symbols = symbolsOf(options);
  const nameOf = resourceNames(nodes.map(({ id }) => id));
  const widest = (texts: readonly string[], most: number) => Math.min(most, Math.max(0, ...texts.map(widthOf)));
  const nameWidth = widest(
    nodes.map(({ id }) => nameOf(id)),
    44,
  );
  const liveWidth = widest(
    nodes.map(({ live }) => live?.message ?? ''),
    36,
  );
  const levelWidth = String(nodes.at(-1)?.level ?? 1).length;
  const isLive = nodes.some(({ live }) => live);
  const indent = levelWidth + 2 + nameWidth + 2 + (isLive ? 2 + liveWidth + 2 : 0);
  const lines = nodes.flatMap((node, i): readonly Line[] => {
    const number = nodes[i - 1]?.level === node.level ? '' : String(node.level);
    const waits = waitsText(
      edges.filter(({ from }) => from === node.id),
      nameOf,
    );
    const name = nameOf(node.id);
    const isLast = waits === '';
    const begin: Line = [toned('faint', number.padStart(levelWidth)), '  ', ...signPieces(node, symbols)];
    const head: Line = [
      ...begin,
      isLast && !isLive ? name : padTo(name, nameWidth),
      ...livePieces(node, { width: isLast ? 0 : liveWidth, symbols }),
    ];
    const [first, ...more] = isLast ? [] : wrapText(`${symbols.from} ${waits}`, Math.max(30, options.width - indent));
    if (first === undefined) return [head];
    return [
      [...head, '  ', toned('faint', first)],
      ...more.map((text): Line => [' '.repeat(indent + widthOf(symbols.from) + 1), toned('faint', text)]),
    ];
  });
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const levels = nodes.at(-1)?.level ?? 0;
  const title: Line = [
    toned('strong', `${stack}${release === undefined ? '' : `@${release}`}`),
    `  ${count(nodes.length, 'resource')} on ${count(levels, 'level')}`,
  ];
  const legend: readonly Line[] = edges.some(({ explicit }) => explicit)
    ? [[], [toned('faint', '* was written: dependsOn, or a value of the other one')]]
    : [];
  return paintLines([title, [], ...lines, ...legend], options);
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
