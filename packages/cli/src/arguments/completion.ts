import { command } from './command';

export const completion = command({
  usage: 'completion <shell>',
  does: 'A script that makes TAB complete commands, options, stacks and resources',
  takes: (args) =>
    args
      .positional('shell', { choices: ['bash', 'zsh', 'fish'] as const, demandOption: true, describe: 'The script says how to keep it' })
      .example('source <($0 completion bash)', 'in ~/.bashrc; the same in ~/.zshrc with zsh')
      .example('$0 completion fish | source', 'in ~/.config/fish/config.fish'),
  run: async ({ shell: name }, shell) => {
    const { scripts } = require('../completion/scripts') as typeof import('../completion/scripts');
    shell.stdout.write(scripts[name]);
    return 0;
  },
});
