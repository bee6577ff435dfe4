import { command } from './command';
import { placeOptions } from './place-options';
import { programOptions } from './stack-options';

export const graph = command({
  usage: 'graph <stack>',
  does: 'What waits for what in a stack',
  takes: (args) =>
    placeOptions(programOptions(args))
      .option('format', {
        choices: ['text', 'dot', 'mermaid', 'json'] as const,
        default: 'text' as const,
        describe: 'Levels for people, a drawing for Graphviz or Mermaid, or data',
      })
      .option('release', { type: 'number', describe: 'As it was in this release; default: as the program says' })
      .example('$0 graph shop/dev', '')
      .example('$0 graph shop/dev --format dot | dot -Tsvg > graph.svg', 'a picture')
      .example('$0 graph shop/prod --release 12', 'from the record'),
  run: async (args, shell) => (await import('../commands/graph.js')).graph(args, shell),
});
