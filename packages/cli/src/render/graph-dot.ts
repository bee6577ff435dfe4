// The graph for Graphviz: https://graphviz.org/doc/info/lang.html
import type { Graph, GraphNode } from '../graph';
import { cleanText } from './clean-text';
import { resourceNames } from './resource-name';

/** An arrow goes from what waits to what it waits for: solid until ready, dashed until present; grey ones follow from references. */
export function dotText({ stack, nodes, edges }: Graph): string {
  const nameOf = resourceNames(nodes.map(({ id }) => id));
  const nodeLine = ({ id }: GraphNode, indent: string) => `${indent}${quoted(id)} [label=${quoted(nameOf(id))}];`;
  const targets = [...new Set(nodes.map(({ target }) => target))];
  const groups = targets.flatMap((target, i) => [
    `  subgraph cluster_${i} {`,
    `    label=${quoted(target)};`,
    ...nodes.filter((node) => node.target === target).map((node) => nodeLine(node, '    ')),
    '  }',
  ]);
  const arrows = edges.map(({ from, on, until, explicit }) => {
    const looks = [until === 'ready' ? 'style=solid' : 'style=dashed', ...(explicit ? [] : ['color=gray50'])];
    return `  ${quoted(from)} -> ${quoted(on)} [${looks.join(', ')}, tooltip=${quoted(`until ${until}`)}];`;
  });
  const lines = [`digraph ${quoted(stack)} {`, '  rankdir=BT;', '  node [shape=box, fontname="sans-serif"];', ...groups, ...arrows, '}'];
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return `"${cleanText(text).replace(/["\\]/g, '\\$&')}"`;
}
