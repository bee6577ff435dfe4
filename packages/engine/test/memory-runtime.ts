// A world in memory that keeps the promises of `Runtime`: objects with uid, generation and version, and verbs for what happens to them.
import {
  type Applied,
  type ApplyRequest,
  type Connection,
  equalJson,
  type FieldChange,
  type Finding,
  type Health,
  type Json,
  type JsonObject,
  KonfigError,
  type LogLine,
  type Observation,
  type Owner,
  type PlannedRow,
  type PlanRequest,
  type Problem,
  type ProblemCode,
  type Resource,
  type ResourceId,
  type Runtime,
  type Watched,
} from '@konfig/core';

/** What the attributes of a thing may say to this runtime; all else is content. */
export interface Attributes extends JsonObject {
  /** Derived edges: names of things that must be ready, or only there. */
  readonly uses?: readonly string[];
  readonly mounts?: readonly string[];
  /** Cannot change in place. */
  readonly fixed?: Json;
  /** Would lose data when replaced. */
  readonly disk?: boolean;
  /** Fields that a change of others changes, to what only the apply tells. */
  readonly later?: readonly string[];
  /** What this system itself keeps secret. */
  readonly kept?: Json;
}

/** An object of the world, as it is now. */
export interface Thing {
  readonly uid: string;
  readonly version: number;
  readonly generation: number;
  readonly stack: string | undefined;
  readonly owner: Owner | undefined;
  readonly attributes: JsonObject;
  readonly outputs: JsonObject;
  readonly health: Health;
  readonly message: string;
  readonly findings: readonly Finding[];
  readonly isDeleting: boolean;
  readonly changedBy?: string;
}

/** Names are the last part of an id: `web` for `main:Thing/web`. */
export interface MemoryRuntime extends Runtime {
  readonly identity: { value: string };
  /** Every change that was asked for, in order: `create web`. */
  readonly changes: readonly string[];
  thing(name: string): Thing | undefined;
  /** Everything that stands, by name. */
  things(): readonly string[];
  /** From now on a thing of this name is not ready when it is applied. */
  startsSlowly(...names: string[]): void;
  getsReady(name: string): void;
  says(name: string, message: string, findings?: readonly Finding[]): void;
  /** A task prints a line; nobody who follows hears the one that is printed `unheard`, as when it ends at once. */
  prints(name: string, text: string, how?: 'unheard'): void;
  /** The container of a task begins anew: what it has printed is of the run before. */
  restarts(name: string): void;
  /** The first gets ready through the second. */
  hangsOn(name: string, other: string): void;
  /** Fields that the system fills in, for outputs. */
  tells(name: string, outputs: JsonObject): void;
  /** We may not change things of this name. */
  forbids(name: string, how?: 'warning'): void;
  /** What an apply of this name says of its thing. */
  answersApplies(name: string, message: string): void;
  /** The next apply or delete of this name fails. */
  refuses(name: string, message: string, code?: ProblemCode): void;
  /** Applies of this name do not come back until `answers`; a deaf one not even when it is given up. */
  hangs(name: string, how?: 'deaf'): void;
  answers(name: string): void;
  /** Deletes of this name take until `vanishes`. */
  lingers(name: string): void;
  vanishes(name: string): void;
  /** The watch tells once more of the generation before, as ready. */
  showsOldGeneration(name: string): void;
  somebodyMakes(name: string, attributes: JsonObject, owner?: Owner): void;
  somebodyChanges(name: string, attributes: JsonObject, who?: string): void;
  somebodyDeletes(name: string): void;
  /** The watch tells that it has gone, and at once that it is there as before. */
  flickers(name: string): void;
  isTakenOverBy(name: string, owner: Owner): void;
  /** Nobody watches any more, and nobody was told. */
  forgetsReaders(): void;
  /** All watches end with this. */
  losesWatch(message: string): void;
  /** The logs of this target cannot be read. */
  breaksLogs(target: string, message: string): void;
  /** This target cannot be opened. */
  cutsOff(target: string): void;
  /** No target can be opened, or after it was opened none can be talked to. */
  losesConnection(message: string): void;
  comesBack(): void;
}

interface Follower {
  readonly ids: ReadonlySet<ResourceId>;
  readonly onLine: (line: LogLine) => void;
}

interface Reader {
  readonly ids: Set<ResourceId>;
  readonly tell: (observation: Observation) => void;
  readonly fail: (error: unknown) => void;
}

export function memoryRuntime(): MemoryRuntime {
  const things = new Map<ResourceId, Thing>();
  const readers = new Set<Reader>();
  const printed = new Map<ResourceId, LogLine[]>();
  const printedBefore = new Map<ResourceId, LogLine[]>();
  const followers = new Set<Follower>();
  const changes: string[] = [];
  const slow = new Set<ResourceId>();
  const through = new Map<ResourceId, ResourceId>();
  const lingering = new Set<ResourceId>();
  const cut = new Set<string>();
  const unread = new Map<string, string>();
  const forbidden = new Map<ResourceId, 'error' | 'warning'>();
  const answers = new Map<ResourceId, string>();
  const refusals = new Map<ResourceId, Problem>();
  const hanging = new Map<ResourceId, { readonly promise: Promise<void>; readonly answer: () => void; readonly isDeaf: boolean }>();
  const identity = { value: 'memory-1' };
  let lost: string | undefined;
  let count = 0;

  /** Once. */
  function refuse(id: ResourceId): void {
    const refusal = refusals.get(id);
    refusals.delete(id);
    if (refusal) throw new KonfigError(refusal);
  }

  function put(id: ResourceId, change: Partial<Thing>): Thing {
    const before = things.get(id) ?? nothing;
    const after = { ...before, ...change, version: ++count };
    things.set(id, after);
    tell(id);
    return after;
  }

  function remove(id: ResourceId): void {
    things.delete(id);
    tell(id);
  }

  function tell(id: ResourceId, thing = things.get(id)): void {
    for (const reader of readers) if (reader.ids.has(id)) reader.tell(seenOf(id, thing));
  }

  function seenOf(id: ResourceId, thing: Thing | undefined): Observation {
    const other = through.get(id);
    return { ...observationOf(id, thing), ...(other === undefined ? {} : { through: [other] }) };
  }

  function make(id: ResourceId, content: Pick<Thing, 'stack' | 'owner' | 'attributes'>): Thing {
    things.delete(id);
    return put(id, { ...content, ...statusOf(id), uid: `uid-${++count}`, generation: 1 });
  }

  function statusOf(id: ResourceId): Pick<Thing, 'health' | 'message' | 'findings'> {
    return slow.has(id)
      ? { health: 'progressing', message: 'starting', findings: [] }
      : { health: 'ready', message: answers.get(id) ?? 'is there', findings: [] };
  }

  function checkConnection(): void {
    if (lost !== undefined) throw new KonfigError({ code: 'CONNECTION_LOST', message: lost });
  }

  function mustBe(name: string): Thing {
    const thing = things.get(idOf(name));
    if (!thing) throw new Error(`${name} is not there`);
    return thing;
  }

  async function admit(id: ResourceId, signal: AbortSignal): Promise<void> {
    checkConnection();
    refuse(id);
    await Promise.race([hanging.get(id)?.promise ?? Promise.resolve(), ...aborted(signal, hanging.get(id)?.isDeaf === false)]);
    refuse(id);
    checkConnection();
  }

  async function apply(request: ApplyRequest, signal: AbortSignal): Promise<Applied> {
    const { id, attributes } = request.resource;
    changes.push(`${request.action} ${nameOf(id)}`);
    await admit(id, signal);
    const before = things.get(id);
    checkStale(request, before);
    const content = { stack: request.stack, owner: undefined, attributes };
    const thing =
      before && request.action !== 'replace'
        ? put(id, { ...content, ...statusOf(id), generation: before.generation + 1 })
        : make(id, content);
    return {
      uid: thing.uid,
      generation: thing.generation,
      live: { ...thing.attributes, ...thing.outputs },
      observation: seenOf(id, thing),
      warnings: typeof attributes.warning === 'string' ? [attributes.warning] : [],
    };
  }

  const connection = (target: string): Connection => ({
    identity: identity.value,
    description: `memory (${target})`,
    async plan(request) {
      checkConnection();
      return planRows(request, things);
    },
    async missingPermissions(rows) {
      return rows
        .filter(({ resource }) => forbidden.has(resource))
        .map(({ resource, verb }) => ({
          code: 'PERMISSION_MISSING',
          message: `may not ${verb} ${nameOf(resource)}`,
          at: resource,
          severity: forbidden.get(resource) ?? 'error',
        }));
    },
    apply,
    async delete({ id, uid }, signal) {
      changes.push(`delete ${nameOf(id)}`);
      await admit(id, signal);
      const thing = things.get(id);
      if (!thing || (uid !== undefined && thing.uid !== uid)) return 'gone';
      if (lingering.has(id)) {
        put(id, { isDeleting: true });
        return 'deleting';
      }
      remove(id);
      return 'gone';
    },
    async abandon({ id, uid }, signal) {
      changes.push(`abandon ${nameOf(id)}`);
      await admit(id, signal);
      const thing = things.get(id);
      if (thing && (uid === undefined || thing.uid === uid)) put(id, { stack: undefined });
    },
    async logs({ resources, follow, previous }, onLine, signal) {
      checkConnection();
      const broken = unread.get(target);
      if (broken !== undefined) throw new KonfigError({ code: 'CONNECTION_LOST', message: broken });
      await new Promise((resolve) => setImmediate(resolve)); // No system answers at once.
      for (const { id } of resources) for (const line of (previous ? printedBefore : printed).get(id) ?? []) onLine(line);
      if (!follow || previous || signal.aborted) return;
      const follower: Follower = { ids: new Set(resources.map(({ id }) => id)), onLine };
      followers.add(follower);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      followers.delete(follower);
    },
    async observe(resources) {
      checkConnection();
      return resources.map(({ id }) => seenOf(id, things.get(id)));
    },
    async read(id) {
      checkConnection();
      const thing = things.get(id);
      return thing && { ...thing.attributes, ...thing.outputs };
    },
    async watch(resources, onChange, signal) {
      checkConnection();
      let fail: (error: unknown) => void = () => {};
      const ended = new Promise<void>((resolve, reject) => {
        fail = reject;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      const reader: Reader = { ids: new Set(), tell: onChange, fail };
      readers.add(reader);
      signal.addEventListener('abort', () => readers.delete(reader), { once: true });
      const add = async (more: readonly Watched[]) => {
        for (const { id } of more) {
          reader.ids.add(id);
          onChange(seenOf(id, things.get(id)));
        }
      };
      await add(resources);
      return { add, ended };
    },
    async close() {},
  });

  return {
    name: 'memory',
    identity,
    changes,
    check: (resources) => resources.flatMap(checkOne),
    validate: () => [],
    references: (resources) =>
      new Map(
        resources.map(({ id, attributes }) => [
          id,
          [
            ...namesIn(attributes.uses).map((name) => ({ on: idOf(name), until: 'ready' as const })),
            ...namesIn(attributes.mounts).map((name) => ({ on: idOf(name), until: 'present' as const })),
          ],
        ]),
      ),
    rank: () => 0,
    isSecret: (_, path) => path[0] === 'kept',
    secretsIn: (_, { kept }) => (kept === undefined ? [] : [{ path: ['kept'], text: typeof kept === 'string' ? kept : undefined }]),
    async connect(name, target) {
      if (cut.has(name)) throw new KonfigError({ code: 'TARGET_UNREACHABLE', message: `${name} cannot be reached` });
      if (lost !== undefined) throw new KonfigError({ code: 'TARGET_UNREACHABLE', message: `${name} (${target.config.server}): ${lost}` });
      return connection(name);
    },
    thing: (name) => things.get(idOf(name)),
    things: () => [...things.keys()].map(nameOf).sort(),
    startsSlowly(...names) {
      for (const name of names) slow.add(idOf(name));
    },
    getsReady(name) {
      slow.delete(idOf(name));
      mustBe(name);
      put(idOf(name), { health: 'ready', message: 'is there', findings: [] });
    },
    says(name, message, findings = []) {
      mustBe(name);
      put(idOf(name), { message, findings, health: 'progressing' });
    },
    prints(name, text, how) {
      const id = idOf(name);
      const line: LogLine = { id, from: `${nameOf(id)}/main`, time: `2026-11-22T08:00:00.${String(++count).padStart(9, '0')}Z`, text };
      printed.set(id, [...(printed.get(id) ?? []), line]);
      if (how === 'unheard') return;
      for (const { ids, onLine } of followers) if (ids.has(id)) onLine(line);
    },
    restarts(name) {
      const id = idOf(name);
      printedBefore.set(id, printed.get(id) ?? []);
      printed.set(id, []);
    },
    hangsOn: (name, other) => void through.set(idOf(name), idOf(other)),
    forbids: (name, how) => void forbidden.set(idOf(name), how ?? 'error'),
    answersApplies: (name, message) => void answers.set(idOf(name), message),
    tells(name, outputs) {
      mustBe(name);
      put(idOf(name), { outputs });
    },
    refuses: (name, message, code = 'RESOURCE_REJECTED') => void refusals.set(idOf(name), { code, message }),
    hangs(name, how) {
      let answer = () => {};
      const promise = new Promise<void>((resolve) => {
        answer = resolve;
      });
      hanging.set(idOf(name), { promise, answer, isDeaf: how === 'deaf' });
    },
    answers(name) {
      const id = idOf(name);
      hanging.get(id)?.answer();
      hanging.delete(id);
    },
    lingers: (name) => void lingering.add(idOf(name)),
    vanishes(name) {
      lingering.delete(idOf(name));
      remove(idOf(name));
    },
    showsOldGeneration(name) {
      const thing = mustBe(name);
      tell(idOf(name), { ...thing, generation: thing.generation - 1, health: 'ready', message: 'was ready' });
    },
    somebodyMakes: (name, attributes, owner) => void make(idOf(name), { stack: undefined, owner, attributes }),
    somebodyChanges: (name, attributes, who) =>
      void put(idOf(name), { attributes, generation: mustBe(name).generation + 1, ...(who === undefined ? {} : { changedBy: who }) }),
    somebodyDeletes: (name) => remove(idOf(name)),
    flickers(name) {
      const thing = mustBe(name);
      remove(idOf(name));
      things.set(idOf(name), thing);
      tell(idOf(name));
    },
    isTakenOverBy(name, owner) {
      mustBe(name);
      put(idOf(name), { owner, stack: undefined });
    },
    forgetsReaders: () => readers.clear(),
    losesWatch(message) {
      for (const reader of readers) reader.fail(new KonfigError({ code: 'TARGET_CREDENTIALS', message }));
    },
    breaksLogs: (target, message) => void unread.set(target, message),
    cutsOff: (target) => void cut.add(target),
    losesConnection(message) {
      lost = message;
    },
    comesBack() {
      lost = undefined;
      cut.clear();
    },
  };
}

/** `main:Thing/web` for `web`; a full id stays. */
export function idOf(name: string): ResourceId {
  return name.includes(':') ? name : `main:Thing/${name}`;
}

export function nameOf(id: ResourceId): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

const nothing: Thing = {
  uid: '',
  version: 0,
  generation: 0,
  stack: undefined,
  owner: undefined,
  attributes: {},
  outputs: {},
  health: 'unknown',
  message: '',
  findings: [],
  isDeleting: false,
};

function aborted(signal: AbortSignal, isHanging: boolean): readonly Promise<void>[] {
  if (!isHanging) return [];
  const end = new Promise<void>((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  return [end];
}

function namesIn(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function checkOne({ id, attributes }: Resource): readonly Problem[] {
  if (attributes.wrong === undefined) return [];
  return [{ code: 'SPEC_INVALID', message: `${nameOf(id)} says ${JSON.stringify(attributes.wrong)}.`, at: id }];
}

function planRows({ stack, wished, removed }: PlanRequest, things: ReadonlyMap<ResourceId, Thing>): readonly PlannedRow[] {
  return [
    ...wished.map(({ id, attributes }): PlannedRow => {
      const thing = things.get(id);
      const changes = thing ? changesBy(thing, changesOf(thing.attributes, attributes)) : [];
      return {
        ...rowOf(id, stack, thing),
        changes,
        immutable: changes.some(({ path }) => path[0] === 'fixed') ? [{ path: 'fixed', message: 'fixed is fixed' }] : [],
        replaceable: attributes.disk !== true,
        ...(changes.length > 0 && attributes.later ? { later: namesIn(attributes.later).map((name) => [name]) } : {}),
        notes: typeof attributes.note === 'string' ? [attributes.note] : [],
        problems: [
          ...(typeof attributes.refused === 'string' ? [{ code: 'RESOURCE_REJECTED' as const, message: attributes.refused, at: id }] : []),
          ...(typeof attributes.forbidden === 'string'
            ? [{ code: 'PERMISSION_MISSING' as const, message: attributes.forbidden, at: id }]
            : []),
        ],
      };
    }),
    ...removed.map(({ id, onRemoval }) => {
      const thing = things.get(id);
      return {
        ...rowOf(id, stack, thing),
        replaceable: thing?.attributes.disk !== true,
        ...(thing?.attributes.shared === true ? { deletable: false } : {}),
        ...(onRemoval === 'collect' ? { usedBy: namesIn(thing?.outputs.usedBy) } : {}),
      };
    }),
  ];
}

function rowOf(id: ResourceId, stack: string, thing: Thing | undefined): PlannedRow {
  const owner: Owner | undefined = thing?.owner ?? (thing && thing.stack !== stack ? ownerOf(thing.stack) : undefined);
  return {
    id,
    ...(thing ? { live: { uid: thing.uid, version: String(thing.version) } } : {}),
    ...(owner ? { owner } : {}),
    changes: [],
    immutable: [],
    replaceable: true,
    checked: 'server',
    notes: [],
    problems: [],
  };
}

function ownerOf(stack: string | undefined): Owner {
  return stack === undefined ? { kind: 'nobody', name: 'nobody' } : { kind: 'konfig', name: `Konfig stack ${stack}` };
}

function changesBy({ changedBy }: Thing, changes: readonly FieldChange[]): readonly FieldChange[] {
  return changedBy === undefined ? changes : changes.map((change) => ({ ...change, by: { name: changedBy } }));
}

function changesOf(before: JsonObject, after: JsonObject): readonly FieldChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys
    .filter((key) => !equalJson(before[key], after[key]))
    .map((key) => ({
      path: [key],
      ...(before[key] === undefined ? {} : { before: before[key] }),
      ...(after[key] === undefined ? {} : { after: after[key] }),
    }));
}

function checkStale({ resource, action, live, changes }: ApplyRequest, thing: Thing | undefined): void {
  const stale = (message: string) => new KonfigError({ code: 'PLAN_STALE', message: `${nameOf(resource.id)} ${message}` });
  if (action === 'create') {
    if (thing) throw stale('has come in between');
    return;
  }
  if (thing?.uid !== live?.uid) throw stale(thing ? 'is another one by now' : 'has gone in between');
  if (!thing || String(thing.version) === live?.version) return;
  const paths = (list: readonly FieldChange[]): Json => list.map(({ path }) => path as Json);
  if (!equalJson(paths(changesOf(thing.attributes, resource.attributes)), paths(changes))) throw stale('was changed in between');
}

function observationOf(id: ResourceId, thing: Thing | undefined): Observation {
  if (!thing) return { id, exists: false, health: 'unknown', message: 'is not there', findings: [], related: [] };
  return {
    id,
    exists: true,
    uid: thing.uid,
    generation: thing.generation,
    health: thing.isDeleting ? 'progressing' : thing.health,
    message: thing.isDeleting ? 'is being deleted' : thing.message,
    findings: thing.findings,
    related: [],
  };
}
