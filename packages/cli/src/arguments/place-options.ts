// Options that say where a stack is, for those that no program tells of: raw manifests, and stacks that have left their program.
import type { Argv } from 'yargs';
import type { Several } from './several';

export interface PlaceArguments {
  /** Of the kubeconfig. */
  readonly context?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly namespace?: string | undefined;
  readonly embedded: boolean;
  /** Another stack whose targets and records are the same. */
  readonly via?: string | undefined;
}

const group = 'A stack without a program:';

/** Of every command on a stack. */
export function placeOptions<T>(args: Argv<T>): Argv<T & PlaceArguments> {
  return args
    .option('context', { type: 'string', group, describe: 'The context of the kubeconfig; default: its current one' })
    .option('kubeconfig', { type: 'string', group, describe: 'Default: KUBECONFIG, then ~/.kube/config' })
    .option('namespace', { alias: 'n', type: 'string', group, describe: 'For objects that name none; default: that of the context' })
    .option('embedded', { type: 'boolean', default: false, group, describe: 'On the embedded cluster' })
    .option('via', { type: 'string', group, describe: 'It goes where this stack goes: PROJECT/STACK' }) as unknown as Argv<
    T & PlaceArguments
  >;
}

export interface FileArguments {
  /** Files and folders of manifests; `-` is standard input. */
  readonly file?: Several;
}

/** Of commands that take a folder of manifests for a stack. */
export function fileOption<T>(args: Argv<T>): Argv<T & FileArguments> {
  return args.option('file', {
    alias: 'f',
    type: 'string',
    requiresArg: true,
    group,
    describe: 'A file or folder of manifests, or - for standard input, with --stack NAME',
  }) as unknown as Argv<T & FileArguments>;
}

/** The options that say where a stack is, by their names. */
export function placesIn({ context, kubeconfig, namespace, embedded, via }: Partial<PlaceArguments>): {
  readonly [option: string]: unknown;
} {
  return { '--context': context, '--kubeconfig': kubeconfig, '--namespace': namespace, '--embedded': embedded, '--via': via };
}
