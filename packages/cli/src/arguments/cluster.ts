import { command } from './command';

export const cluster = command({
  usage: 'cluster <action>',
  does: 'The embedded Kubernetes cluster of this monorepo',
  takes: (args) =>
    args
      .positional('action', { choices: ['start', 'stop', 'status', 'kubeconfig'] as const, demandOption: true })
      .option('background', { type: 'boolean', default: false, describe: 'Start it behind this terminal' })
      .option('pod-start', { type: 'string', default: '0.3s', describe: 'How long a simulated pod takes to start' })
      .option('nodes', { type: 'number', default: 10, describe: 'Simulated nodes, each with 16 cores, 64 GiB and room for 110 pods' })
      .option('fresh', { type: 'boolean', default: false, describe: 'Forget what the last one held' })
      .option('port', { type: 'number', default: 0, describe: '0: any free one' })
      .example('$0 cluster start', 'in the foreground, ^C stops it')
      .example('$0 cluster start --background', ''),
  run: async (args, shell) => (require('../commands/cluster') as typeof import('../commands/cluster')).cluster(args, shell),
});
