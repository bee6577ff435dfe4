// What differs between two Specs, in the signs of a plan.
import { type FieldChange, type Resource, type SourceTable, sourceOf, sourceText } from '@konfig/core';
import { type ChangedResource, type Difference, isSame } from '../compare';
import { changeLines, type PlanTextOptions } from './plan-text';
import { resourceNames } from './resource-name';
import { type Line, type Piece, paintLines, toned } from './style';
import { symbolsOf } from './symbols';
import { padTo, widthOf } from './text-width';
import { valueText } from './value-text';

/** One side of a comparison. */
export interface Side {
  /** As it was asked for: `shop/prod@41`. */
  readonly name: string;
  readonly sources: SourceTable;
}

/** What `konfig diff` prints. */
export function differenceText(
  difference: Difference,
  { before, after }: { readonly before: Side; readonly after: Side },
  options: PlanTextOptions,
): string {
  const { added, removed, same, stack } = difference;
  const symbols = symbolsOf(options);
  const title: Line = [toned('strong', before.name), ` ${symbols.to} `, toned('strong', after.name)];
  if (isSame(difference)) return paintLines([title, [], [`Nothing differs (${same} ${same === 1 ? 'resource' : 'resources'}).`]], options);
  const { changed, folded } = options.verbose ? { changed: difference.changed, folded: [] } : fold(difference.changed);
  const nameOf = resourceNames([...added, ...removed, ...changed].map(({ id }) => id));
  const width = Math.min(44, Math.max(0, ...[...added, ...removed].map(({ id }) => widthOf(nameOf(id)))));
  const oneLine = (sign: Piece, { id }: Resource, sources: SourceTable): Line => {
    const source = sourceOf(sources, id);
    return [sign, toned('strong', padTo(nameOf(id), width)), ...(source ? [toned('faint', `  ${sourceText(source)}`)] : [])];
  };
  const lines: readonly Line[] = [
    ...(stack.length > 0
      ? [
          [toned('warn', `${symbols.update} `), toned('strong', 'the stack itself')] as Line,
          ...changeLines({ id: 'stack', changes: stack, immutable: [] }, {}, options),
        ]
      : []),
    ...changed.flatMap(({ id, was, changes }): readonly Line[] => [
      [toned('warn', `${symbols.update} `), toned('strong', nameOf(id)), ...(was === id ? [] : [toned('faint', `  was ${was}`)])],
      ...changeLines({ id, changes, immutable: [] }, after.sources, options),
    ]),
    ...added.map((resource) => oneLine(toned('good', `${symbols.added} `), resource, after.sources)),
    ...removed.map((resource) => oneLine(toned('bad', `${symbols.removed} `), resource, before.sources)),
    ...folded.map(
      ({ before: old, after: now, fields, resources }): Line => [
        toned('warn', `${symbols.update} `),
        `${fields} fields of ${resources} resources: ${valueText(old)} ${symbols.to} ${valueText(now)}`,
        toned('faint', '  (--verbose shows each)'),
      ],
    ),
  ];
  const count = `${difference.changed.length} changed, ${added.length} added, ${removed.length} removed, ${same} the same.`;
  return paintLines([title, [], ...lines, [], [toned('strong', count)]], options);
}

/** One change of a value that shows in many places, such as a namespace's name. */
interface Folded {
  readonly before: string;
  readonly after: string;
  readonly fields: number;
  readonly resources: number;
}

const fewest = 3;

/** Two stacks differ in their names, in every resource: what changes alike in so many resources is told once. */
function fold(changed: readonly ChangedResource[]): { readonly changed: readonly ChangedResource[]; readonly folded: readonly Folded[] } {
  const groups = new Map<string, { before: string; after: string; fields: number; resources: Set<string> }>();
  const groupOf = ({ before, after }: FieldChange) =>
    typeof before === 'string' && typeof after === 'string' ? JSON.stringify([before, after]) : undefined;
  for (const { id, changes } of changed) {
    for (const change of changes) {
      const key = groupOf(change);
      if (key === undefined) continue;
      const group = groups.get(key) ?? { before: change.before as string, after: change.after as string, fields: 0, resources: new Set() };
      group.fields++;
      group.resources.add(id);
      groups.set(key, group);
    }
  }
  const isFolded = (change: FieldChange) => (groups.get(groupOf(change) ?? '')?.resources.size ?? 0) >= fewest;
  return {
    changed: changed
      .map((one) => ({ ...one, changes: one.changes.filter((change) => !isFolded(change)) }))
      .filter(({ changes }) => changes.length > 0),
    folded: [...groups.values()]
      .filter(({ resources }) => resources.size >= fewest)
      .map(({ resources, ...group }) => ({ ...group, resources: resources.size })),
  };
}
