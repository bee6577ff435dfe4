// What becomes of each resource of a Terraform stack, as its plan says.
import {
  type FieldChange,
  isObject,
  type Json,
  type PartAction,
  type PartImport,
  type Path,
  type PlannedPart,
  pathText,
} from '@konfig/core';
import { addressesIn, pathOfAddress, placeOfAddress } from './configuration';
import { fieldChanges } from './fields';
import type { Mark } from './mark';
import { nameOf, type PlanJson, type ResourceChange } from './plan-json';
import { instancesOf } from './repetition';
import { withoutKey } from './state';
import { type StackWish, waitsFor } from './wish';

/** Also those to which nothing happens: how many there are says what the rest means. */
export function partsOf(
  { resource_changes: changes = [], resource_drift: drift = [] }: PlanJson,
  wish: StackWish,
  mark?: Mark,
): readonly PlannedPart[] {
  const drifted = new Map(drift.map((one) => [nameOf(one), { ...one, who: mark?.touches?.includes(nameOf(one)) ? died : outside }]));
  return changes.flatMap((one): readonly PlannedPart[] => {
    const action = actionOf(one);
    const name = nameOf(one);
    if (action === 'keep') return one.mode === 'data' ? [] : [{ name, action, changes: [] }];
    const block = pathOfAddress(wish.configuration, one.address);
    const at = placeOfAddress(wish.configuration, one.address);
    const reason = reasonOf(one, action, drifted.get(name));
    return [
      {
        name,
        action,
        ...(reason === undefined ? {} : { reason }),
        ...(action === 'replace' && one.change.actions[0] === 'create' ? { createsFirst: true } : {}),
        changes: changesOf(one, action, { drift: drifted.get(name), wish, at: block }),
        ...(at === undefined ? {} : { at: ['configuration', ...at] }),
      },
    ];
  });
}

/** What changes nothing. */
export const idle: ReadonlySet<PartAction> = new Set<PartAction>(['keep', 'read']);

function actionOf({ change, previous_address: previous, address }: ResourceChange): PartAction {
  const { actions, importing } = change;
  const does = (action: string) => actions.includes(action);
  if (does('create') && (does('delete') || does('forget'))) return 'replace';
  if (importing) return 'import';
  for (const action of ['create', 'update', 'delete', 'forget', 'read'] as const) if (does(action)) return action;
  return previous !== undefined && previous !== address ? 'move' : 'keep';
}

/** What is no longer as the state says, and who has changed it. */
interface Drifted extends ResourceChange {
  readonly who: string;
}

const outside = 'outside of Terraform';
const died = 'by the run that died';

/** Why Terraform does it, in our words; words that are not known here are left as they are. */
const words: { readonly [reason: string]: string } = {
  replace_because_tainted: 'its last creation did not end well',
  replace_by_request: 'asked for',
  replace_by_triggers: 'replace_triggered_by',
  delete_because_no_resource_config: 'not in the program any more',
  delete_because_no_module: 'not in the program any more',
  delete_because_no_move_target: 'moved to what is not in the program',
  delete_because_wrong_repetition: 'count or for_each was added or taken away',
  delete_because_count_index: 'count is lower',
  delete_because_each_key: 'its key is not in for_each any more',
  read_because_config_unknown: 'it needs what is known only after the apply',
  read_because_dependency_pending: 'it needs what is changed before',
  read_because_check_nested: 'a check looks at it',
};

function reasonOf(one: ResourceChange, action: PartAction, drift: Drifted | undefined): string | undefined {
  const { change, previous_address: previous, action_reason: said, deposed } = one;
  if (deposed !== undefined) return 'was replaced, and could not be deleted then';
  if (action === 'import') return change.importing?.id;
  if (action === 'replace' && change.importing?.id !== undefined)
    return `import ${change.importing.id} and then replace it: ${forcedBy(change)}`;
  if (action === 'replace' && change.replace_paths?.length) return forcedBy(change);
  if (action === 'create' && drift?.change.actions.includes('delete')) return `was deleted ${drift.who}`;
  if (previous !== undefined && previous !== one.address) return `was ${previous}`;
  return said === undefined ? undefined : (words[said] ?? said.replaceAll('_', ' '));
}

/** What makes it a replace, in words. */
export function forcedBy({ replace_paths: paths = [] }: ResourceChange['change']): string {
  const fields = [...new Set(paths.map((path) => pathText(path as Path)))].join(', ');
  return fields === '' ? 'it is asked for' : `${fields} cannot be changed in place`;
}

interface About {
  readonly drift: Drifted | undefined;
  readonly wish: StackWish;
  readonly at: Path | undefined;
}

function changesOf({ address, change }: ResourceChange, action: PartAction, { drift, wish, at }: About): readonly FieldChange[] {
  if (action === 'delete' || action === 'forget' || action === 'move') return [];
  const later = (path: Path): Json => ({ $unknown: { resource: wish.id, path: [...(at ?? [address]), ...path] } }) as unknown as Json;
  const changes = fieldChanges(change, later);
  if (!drift || !isObject(drift.change.after)) return changes;
  const theirs = new Set(fieldChanges(drift.change, later).map(({ path }) => pathText(path)));
  return changes.map((one) => (theirs.has(pathText(one.path)) ? { ...one, by: { name: drift.who } } : one));
}

/** What there is of a stack that is not planned yet. */
interface Listed {
  readonly there: readonly string[];
  /** Of these what stays when it goes from the program, and has gone. */
  readonly forgotten?: readonly string[];
  readonly imports?: readonly PartImport[];
}

/** What a stack that waits for a value of another runtime may do at its turn: all that it configures, and what it has beyond that. */
export function listedParts(wish: StackWish, { there, forgotten = [], imports = [] }: Listed): readonly PlannedPart[] {
  const plannedWhen = waitsFor(wish) ?? '';
  const has = new Set(there.map(withoutKey));
  const configured = addressesIn(wish.configuration);
  const names = new Set(configured.map(({ address }) => address));
  const part = (name: string, does: PartAction): PlannedPart => {
    const at = placeOfAddress(wish.configuration, name);
    const imported = does === 'create' ? imports.find((one) => one.part === name) : undefined;
    const action = imported ? { action: 'import' as const, reason: imported.id } : { action: does };
    return { name, ...action, changes: [], plannedWhen, ...(at ? { at: ['configuration', ...at] } : {}) };
  };
  return [
    ...configured.flatMap(({ address, isData }) => {
      const instances = isData ? undefined : instancesOf(wish.configuration, address, there);
      if (!instances) return part(address, isData ? 'read' : has.has(address) ? 'update' : 'create');
      return [
        ...instances.wished.map(({ name, isThere }) => part(name, isThere ? 'update' : 'create')),
        ...instances.gone.map(({ name, because }) => ({ ...part(name, 'delete'), reason: words[because] ?? because })),
      ];
    }),
    ...there
      .filter((address) => !names.has(withoutKey(address)) && !address.startsWith('module.'))
      .map((address) => (forgotten.includes(address) ? { ...part(address, 'forget'), reason: 'retained' } : part(address, 'delete'))),
  ];
}
