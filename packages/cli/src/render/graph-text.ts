// What waits for what, level by level: what stands on one level may go side by side.
import type { DependencyEdge } from '@konfig/core';
import type { Graph } from '../graph';
import { type NameOf, resourceNames } from './resource-name';
import { type Line, paintLines, type Style, toned } from './style';
import { symbolsOf } from './symbols';
import { padTo, widthOf, wrapText } from './text-width';

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
 */
export function graphText(graph: Graph, options: GraphTextOptions): string {
  const { nodes, edges, stack, release } = graph;
  const nameOf = resourceNames(nodes.map(({ id }) => id));
  const nameWidth = Math.min(44, Math.max(0, ...nodes.map(({ id }) => widthOf(nameOf(id)))));
  const levelWidth = String(nodes.at(-1)?.level ?? 1).length;
  const { from: arrow } = symbolsOf(options);
  const indent = levelWidth + 2 + nameWidth + 2;
  const lines = nodes.flatMap(({ id, level }, i): readonly Line[] => {
    const number = nodes[i - 1]?.level === level ? '' : String(level);
    const waits = waitsText(
      edges.filter(({ from }) => from === id),
      nameOf,
    );
    const head: Line = [toned('faint', number.padStart(levelWidth)), '  ', waits === '' ? nameOf(id) : padTo(nameOf(id), nameWidth)];
    const [first, ...more] = waits === '' ? [] : wrapText(`${arrow} ${waits}`, Math.max(30, options.width - indent));
    if (first === undefined) return [head];
    return [
      [...head, '  ', toned('faint', first)],
      ...more.map((text): Line => [' '.repeat(indent + widthOf(arrow) + 1), toned('faint', text)]),
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

/** What follows from a reference by itself is bare; what a person wrote has a star. */
function waitsText(edges: readonly DependencyEdge[], nameOf: NameOf): string {
  return edges
    .map(({ on, until, explicit }) => `${nameOf(on)}${until === 'ready' ? ' ready' : ''}${explicit ? '*' : ''}`)
    .sort()
    .join(', ');
}
