import { command } from './command';

export const init = command({
  usage: 'init [folder]',
  does: 'Make a monorepo with one project',
  takes: (args) => args.positional('folder', { type: 'string', default: '.' }).example('$0 init my-konfig', 'in a new folder'),
  run: async (args, shell) => (await import('../commands/init.js')).init(args, shell),
});
