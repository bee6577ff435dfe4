import { command } from './command';

export const init = command({
  usage: 'init [folder] [name]',
  does: 'Make a monorepo with one project, or one more project in it',
  takes: (args) =>
    args
      .positional('folder', { type: 'string', default: '.', describe: 'A new or an empty folder, or the word project' })
      .positional('name', { type: 'string', describe: 'After project: what it is called' })
      .example('$0 init my-konfig', 'a monorepo in a new folder')
      .example('$0 init project shop', 'a project in this monorepo'),
  run: async ({ folder, name }, shell) => {
    if (folder === 'project')
      return (require('../commands/init-project') as typeof import('../commands/init-project')).initProject({ name }, shell);
    if (name !== undefined) {
      const { KonfigError } = require('@konfig/core') as typeof import('@konfig/core');
      throw new KonfigError({
        code: 'USAGE',
        message: `konfig init takes one folder, and got ${folder} and ${name}.`,
        hint: 'Did you mean konfig init project NAME?',
      });
    }
    return (require('../commands/init') as typeof import('../commands/init')).init({ folder }, shell);
  },
});
