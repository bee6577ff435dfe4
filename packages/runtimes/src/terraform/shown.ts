// Is what Terraform would do now what a reviewed plan has shown?
import {
  equalJson,
  isObject,
  type Json,
  type Path,
  type PlannedPart,
  type Problem,
  pathText,
  type ResourceId,
  shortId,
} from '@konfig/core';
import { idle } from './parts';
import { withoutKey } from './state';

/** What a part would do and the plan did not show; none where it is the same, or less. */
export function notShown(id: ResourceId, part: PlannedPart, shown: readonly PlannedPart[]): readonly Problem[] {
  if (idle.has(part.action)) return [];
  const before =
    shown.find(({ name }) => name === part.name) ??
    shown.find(({ name, plannedWhen }) => plannedWhen !== undefined && name === withoutKey(part.name));
  const at = part.at ? { at: `${id} ${pathText(part.at)}` } : {};
  const problem = (text: string): readonly Problem[] => [{ ...stale(id, `would ${part.action} ${part.name} now, ${text}`), ...at }];
  if (!before) return problem('which the plan did not show');
  if (before.plannedWhen !== undefined) {
    const isMadeAnew = before.action === 'import' && part.action === 'create';
    const loses =
      (part.action === 'replace' && before.action !== 'replace') || isMadeAnew || (part.action === 'delete' && before.action !== 'delete');
    return loses ? problem(`${part.reason ? `since ${part.reason}, ` : ''}which could not be known when the plan was made`) : [];
  }
  if (before.action !== part.action) return problem(`and the plan showed ${before.action}`);
  const other = part.changes.find(
    (change) => !before.changes.some((one) => isWithin(change.path, one.path) && isToBe(change.after, one.after)),
  );
  return other ? problem(`and change ${pathText(other.path)}, which the plan did not show`) : [];
}

function isWithin(path: Path, above: Path): boolean {
  return above.every((part, i) => equalJson(part as Json, path[i] as Json));
}

/** What was not known when it was shown may be anything. */
function isToBe(now: Json | undefined, shown: Json | undefined): boolean {
  return (isObject(shown) && '$unknown' in shown) || equalJson(now, shown);
}

/** The plan no longer fits. */
export function stale(id: ResourceId, what: string): Problem {
  return { code: 'PLAN_STALE', message: `${shortId(id)} ${what}.`, hint: 'Preview again, and review what has changed.', at: id };
}
