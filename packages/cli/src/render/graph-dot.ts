// The graph for Graphviz: https://graphviz.org/doc/info/lang.html
import type { Graph, GraphNode, LiveNode } from '../graph';
import { cleanText } from './clean-text';
import { resourceNames } from './resource-name';

/** An arrow goes from what waits to what it waits for: solid until ready, dashed until present; grey ones follow from references. */
export function dotText({ stack, nodes, edges }: Graph): string {
  const nameOf = resourceNames(nodes.map(({ id }) => id));
  const nodeLine = ({ id, live }: GraphNode, indent: string) => {
    const looks = live ? `, style=filled, fillcolor=${quoted(fills[live.health])}, tooltip=${quoted(live.message)}` : '';
    const label = live ? `${quoted(nameOf(id)).slice(0, -1)}\\n${quoted(live.health).slice(1)}` : quoted(nameOf(id));
    return `${indent}${quoted(id)} [label=${label}${looks}];`;
  };
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

const fills: { readonly [health in LiveNode['health']]: string } = {
  ready: '#d7f0d7',
  progressing: '#d7e6f5',
  degraded: '#f5d0d0',
  suspended: '#f5ecd0',
  unknown: '#e8e8e8',
  absent: '#ffffff',
};

function quoted(text: string): string {
  return `"${cleanText(text).replace(/["\\]/g, '\\$&')}"`;
}
