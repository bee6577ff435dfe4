// The graph for Mermaid, which GitHub draws in a pull request: https://mermaid.js.org/syntax/flowchart.html
import type { Graph } from '../graph';
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
    ...nodes.filter((node) => node.target === target).map(({ id }) => `    ${wordOf.get(id)}[${quoted(nameOf(id))}]`),
    '  end',
  ]);
  const arrows = edges.map(({ from, on, until }) => `  ${wordOf.get(from)} ${until === 'ready' ? '-->' : '-.->'} ${wordOf.get(on)}`);
  return `${['flowchart BT', ...groups, ...arrows].join('\n')}\n`;
}

function quoted(text: string): string {
  return `"${cleanText(text).replaceAll('#', '#35;').replaceAll('"', '#quot;')}"`;
}
