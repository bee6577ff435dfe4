// A stack without a program: manifests, as they are.
import { defaultSettings, type Problem, type Records, type Settings, type Target } from '@konfig/core';
import type { Construct } from 'constructs';
import { Component } from '../component';
import { project, type SynthResult } from '../project';
import { report } from '../synth';
import type { Workspace } from '../workspace';
import type { ManifestFile } from './files';
import { makeObjects } from './make-objects';
import { readManifests } from './read-manifests';

/** What a stack of manifests is told. */
export interface ManifestStackProps {
  /** The stack is called `<project>/<stack>`. */
  readonly project: string;
  /** The stack is called `<project>/<stack>`. */
  readonly stack: string;
  /** The files, with their texts; those of one object are told with both lines. */
  readonly files: readonly ManifestFile[];
  /** Where it goes: the target `main`, and others for objects with the annotation `konfig.dev/target`. */
  readonly targets: { readonly [name: string]: Target };
  /** Where releases, inventory and lock live. */
  readonly records: Records;
  /** How long to wait and how patient to be. Default: as for a workspace that says nothing. */
  readonly settings?: Settings;
  /** Name of the workspace, for records. Default `'none'`. */
  readonly workspace?: string;
  /**
   * Namespace of namespaced objects that name none; it is not made. Default: the target's. Custom resources that the files do not define
   * may live outside of namespaces: theirs is left to the target, whose namespace this is then.
   */
  readonly namespace?: string;
  /** Kinds of custom resources that live outside of namespaces, as `Kind.group`; those that the files define are known. */
  readonly clusterScoped?: readonly string[];
}

/**
 * The Spec of a folder of manifests, with the lines of its fields; nothing is added to what stands in the files. All that is wrong in all files comes
 * out at once. A stack of no objects is an error: to delete all that one owns there is destroy.
 */
export function manifestStack(props: ManifestStackProps): SynthResult {
  const { files, records, settings = defaultSettings, namespace, clusterScoped } = props;
  const targets = namespace === undefined ? props.targets : withNamespace(props.targets, namespace);
  const workspace: Workspace = {
    name: props.workspace ?? 'none',
    targets,
    records,
    operations: settings,
    settings: [],
    images: {},
    problems: [],
  };
  const placement = { ...(namespace !== undefined && { namespace }), ...(clusterScoped && { clusterScoped }), leavesUnknown: true };
  const options = { createNamespace: false, ...placement };
  const read = files.map((file) => ({ file: file.file, ...readManifests(file.text, file.file) }));
  const problems = read.flatMap((one) => one.problems);
  if (read.every(({ objects }) => objects.length === 0)) return { problems: problems.length > 0 ? problems : [nothing(files)] };
  const made = project(props.project).stack(
    props.stack,
    workspace,
    (stack) => {
      for (const one of read) new ManifestOfFile(stack, one);
    },
    options,
  );
  // No line of a program leads here.
  return made.synth(props.stack, { locate: () => undefined });
}

function withNamespace(targets: ManifestStackProps['targets'], namespace: string): ManifestStackProps['targets'] {
  return Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [name, { ...target, config: { namespace, ...target.config } }]),
  );
}

class ManifestOfFile extends Component {
  constructor(scope: Construct, { file, objects, problems }: { readonly file: string } & ReturnType<typeof readManifests>) {
    super(scope, file);
    for (const { source, ...problem } of problems) report(this, problem, source);
    makeObjects(this, objects, {});
  }
}

function nothing(files: readonly ManifestFile[]): Problem {
  const [first] = files;
  return {
    code: 'MANIFEST_INVALID',
    message: `There is no object in ${files.length === 1 ? first?.file : `${files.length} files`}.`,
    hint: 'Name files with objects in them; konfig destroy deletes all that a stack owns.',
    ...(first && { source: { file: first.file, line: 1 } }),
  };
}
