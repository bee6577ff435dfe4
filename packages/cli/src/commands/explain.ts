// konfig explain: where a resource and its fields come from: their lines, what they refer to, and, if asked, how they are in the cluster.
import {
  didYouMean,
  KonfigError,
  type Mask,
  type Problem,
  pathText,
  type Resource,
  type ResourceId,
  type SourceTable,
  type Spec,
  shortId,
} from '@konfig/core';
import { edgesFor, preview, type World } from '@konfig/engine';
import type { FileArguments, PlaceArguments } from '../arguments/place-options';
import type { OutputArguments, ProgramArguments } from '../arguments/stack-options';
import { exitCodeOf } from '../exit-code';
import { explanationOf, type Live } from '../explanation';
import { type Field, fieldsOf, findFields } from '../fields';
import { findResources, onlyOne } from '../find-resource';
import { untilInterrupted } from '../interrupt';
import { shownSpec } from '../literal-secret';
import { printProblems, styleOf, widthOf } from '../print';
import { printJson } from '../print-json';
import { explanationText } from '../render/explanation-text';
import type { Shell } from '../shell';
import { openStack } from './open-stack';

export interface ExplainArguments extends ProgramArguments, OutputArguments, PlaceArguments, FileArguments {
  readonly resource: string;
  readonly field?: string | undefined;
  readonly live: boolean;
}

export async function explain(args: ExplainArguments, shell: Shell): Promise<number> {
  const { spec, sources, world } = await openStack(args.stack, shell, { ...args, typeCheck: false });
  const edges = edgesFor(spec, world);
  const resource = chosen(args, shownSpec(spec));
  const fields = chosenFields(resource, args.field);
  const seen = args.live
    ? await untilInterrupted(shell, (signal) => readLive({ spec, sources, id: resource.id }, world, signal))
    : undefined;
  const live = seen?.live;
  const shown = seen ? fields.map((field) => ({ ...field, value: seen.mask.json(field.value) })) : fields;
  const found = explanationOf(resource, shown, { stack: args.stack, sources, edges, live });
  if (args.output !== 'text') printJson(found, args.output, shell);
  else
    shell.stdout.write(
      explanationText(found, { ...styleOf(shell), width: widthOf(shell), now: Date.now(), whole: args.field === undefined }),
    );
  if (live && live.problems.length > 0 && args.output === 'text') printProblems(live.problems, 'text', shell);
  return exitCodeOf(live?.problems ?? []);
}

/** Where several have the name, the one that has the field. */
function chosen({ resource: name, stack, field }: ExplainArguments, spec: Spec): Resource {
  const ids = findResources(
    name,
    spec.resources.map(({ id }) => id),
    stack,
  );
  const found = spec.resources.filter(({ id }) => ids.includes(id));
  const withField = field === undefined ? found : found.filter((one) => findFields(fieldsOf(one.attributes), field).length > 0);
  const fitting = withField.length > 0 ? withField : found;
  const id = onlyOne(
    name,
    fitting.map((one) => one.id),
    stack,
  );
  return fitting.find((one) => one.id === id) as Resource;
}

function chosenFields({ id, attributes }: Resource, name: string | undefined): readonly Field[] {
  const fields = fieldsOf(attributes);
  if (name === undefined) return fields.filter(({ isLeaf }) => isLeaf);
  const found = findFields(fields, name);
  if (found.length > 0) return found;
  const paths = fields.map(({ path }) => pathText(path));
  const ends = paths.map((path) => path.slice(path.lastIndexOf('.') + 1));
  throw new KonfigError({
    code: 'USAGE',
    message: `${shortId(id)} does not set ${JSON.stringify(name)}.`,
    hint: `${didYouMean(name, [...ends, ...paths])}What it leaves out is the server's to fill in. konfig explain without a field lists what it sets.`,
  });
}

/** How the resource is now: what an apply would change tells what differs, and who set it. With the mask of the secrets that this took. */
async function readLive(
  of: { readonly spec: Spec; readonly sources: SourceTable; readonly id: ResourceId },
  world: World,
  signal: AbortSignal,
): Promise<{ readonly live: Live; readonly mask: Mask }> {
  const { spec, sources, id } = of;
  const made = await preview({ kind: 'apply', spec, sources, options: { only: [id] }, missingSecrets: 'not compared' }, world, signal);
  await made.close();
  const step = made.plan?.steps.find((one) => one.id === id);
  const isAboutIt = ({ at }: Problem) => at === undefined || at === id || at.startsWith(`${id} `);
  // Without a step nobody has looked: that it is not there would be a guess.
  const exists = step ? { exists: step.live !== undefined } : {};
  const live = { ...exists, changes: step?.changes ?? [], problems: made.problems.filter(isAboutIt) };
  return { live, mask: made.secrets.mask };
}
