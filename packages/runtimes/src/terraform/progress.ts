// How a stack gets on, folded from Terraform's messages.
import type { Health, Observation, PlannedPart, RelatedNode, ResourceId } from '@konfig/core';
import { clean } from '../clean';
import type { Message } from './messages';

/** What an apply or a destroy has done so far. */
export interface Progress {
  /** True where the message tells something new. */
  take(message: Message): boolean;
  observation(): Observation;
  /** By address, what to show of each in the end. */
  nodes(): ReadonlyMap<string, RelatedNode>;
}

interface Node {
  readonly health: Health;
  readonly message: string;
  readonly isDone: boolean;
}

const verbs: { readonly [action: string]: readonly [doing: string, done: string] } = {
  create: ['creating', 'created'],
  update: ['changing', 'changed'],
  delete: ['deleting', 'deleted'],
  remove: ['deleting', 'deleted'],
  replace: ['replacing', 'replaced'],
  read: ['reading', 'read'],
  import: ['importing', 'imported'],
};

/** What Terraform does not tell the end of: it happens to the state alone. */
const silent: ReadonlySet<string> = new Set(['move', 'forget', 'keep', 'read']);

export function progressOf(id: ResourceId, parts: readonly PlannedPart[]): Progress {
  const counted = parts.filter(({ action }) => !silent.has(action));
  const actions = new Map(counted.map(({ name, action }) => [name, action]));
  const nodes = new Map<string, Node>(counted.map(({ name }) => [name, { health: 'unknown', message: 'waits', isDone: false }]));
  const ends = new Map(counted.map(({ name, action }) => [name, action === 'replace' ? 2 : 1]));
  let latest = '';
  const set = (address: string, health: Health, message: string, isDone = false) => {
    nodes.set(address, { health, message, isDone });
    return true;
  };
  return {
    take({ type, hook }) {
      if (!hook) return false;
      const { action = '', seconds = 0 } = hook;
      const address = nameIn(nodes, hook.address, action);
      const [doing, done] = verbs[actions.get(address) ?? action] ?? [action, `${action} done`];
      switch (type) {
        case 'apply_start':
          latest = address;
          return set(address, 'progressing', doing);
        case 'apply_progress':
          latest = address;
          return set(address, 'progressing', `${doing}, ${durationText(seconds)}`);
        case 'apply_complete': {
          // To replace is to delete and to create, in either order.
          const left = (ends.get(address) ?? 1) - 1;
          ends.set(address, left);
          return left > 0 ? set(address, 'progressing', doing) : set(address, 'ready', `${done} in ${durationText(seconds)}`, true);
        }
        case 'apply_errored':
          return set(address, 'degraded', `failed after ${durationText(seconds)}`);
        default:
          return false;
      }
    },
    observation() {
      const all = [...nodes.values()];
      const done = all.filter(({ isDone }) => isDone).length;
      const doing = nodes.get(latest);
      const others = all.filter(({ health }) => health === 'progressing').length - 1;
      const more = others > 0 ? ` and ${others} more` : '';
      const now = doing?.health === 'progressing' ? `: ${clean(latest, 120)} ${doing.message}${more}` : '';
      return { id, exists: true, health: 'progressing', message: `${done} of ${all.length}${now}`, findings: [], related: related(nodes) };
    },
    nodes: () => new Map(related(nodes).map((node) => [node.name, node])),
  };
}

/** Terraform does not say which of those with one address it deletes: the deposed one counts first. */
function nameIn(nodes: ReadonlyMap<string, Node>, address: string, action: string): string {
  if (action !== 'delete') return address;
  return [...nodes].find(([name, { isDone }]) => !isDone && name.startsWith(`${address} (deposed `))?.[0] ?? address;
}

function related(nodes: ReadonlyMap<string, Node>): readonly RelatedNode[] {
  return [...nodes].map(([name, { health, message }]) => ({ name: clean(name, 200), health, message }));
}

/** `1m52s` */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return `${hours > 0 ? `${hours}h` : ''}${whole >= 60 ? `${minutes}m` : ''}${rest}s`;
}
