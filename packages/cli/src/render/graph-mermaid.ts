// The graph for Mermaid, which GitHub draws in a pull request: https://mermaid.js.org/syntax/flowchart.html
import type { Graph, GraphNode, LiveNode } from '../graph';
import { cleanText } from './clean-text';
import { resourceNames } from './resource-name';

/** An arrow goes from what waits to what it waits for: solid until ready, dotted until present. */
export function mermaidText({ nodes, edges }: Graph): string {
  const nameOf = resourceNames(nodes.map(({ id }) => id));
  // Ids of Mermaid are words; what they stand for is in the label.
  const wordOf = new Map(nodes.map(({ id }, i) => [id, `n${i + 1}`]));
  const targets = [...new Set(nodes.map(({ target }) => target))];
  const groups = targets.flatMap((target, i) => [
    `  subgraph t${i + 1}[${quoted(target)}]`,
    ...nodes
      .filter((node) => node.target === target)
      .map((node) => `    ${wordOf.get(node.id)}[${labelOf(node, nameOf(node.id))}]${node.live ? `:::${node.live.health}` : ''}`),
    '  end',
  ]);
  const arrows = edges.map(({ from, on, until }) => `  ${wordOf.get(from)} ${until === 'ready' ? '-->' : '-.->'} ${wordOf.get(on)}`);
  const used = new Set(nodes.flatMap(({ live }) => live?.health ?? []));
  const classes = [...used].sort().map((health) => `  classDef ${health} ${looks[health]}`);
  return `${['flowchart BT', ...groups, ...arrows, ...classes].join('\n')}\n`;
}

function labelOf({ live }: GraphNode, name: string): string {
  return quoted(live ? `${name}: ${live.health}` : name);
}

const looks: { readonly [health in LiveNode['health']]: string } = {
  ready: 'fill:#d7f0d7',
  progressing: 'fill:#d7e6f5',
  degraded: 'fill:#f5d0d0',
  suspended: 'fill:#f5ecd0',
  unknown: 'fill:#e8e8e8',
  absent: 'fill:#ffffff,stroke-dasharray:4',
};

function quoted(text: string): string {
  return `"${cleanText(text).replaceAll('#', '#35;').replaceAll('"', '#quot;')}"`;
}
