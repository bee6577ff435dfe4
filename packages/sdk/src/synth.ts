// What one synth gathers beside the tree: problems, written waits, and the line of every construct.
import {
  type JsonObject,
  KonfigError,
  type Notes,
  type Problem,
  type ResourceSource,
  type SourceLine,
  sourceOf,
  type Until,
} from '@konfig/core';
import type { IConstruct, Node } from 'constructs';
import { withFormerNames } from './former-path';
import { disk, type InputFiles } from './input-files';
import { watchPatches } from './provenance/patches';
import { propsOf } from './provenance/props';
import { sourceOfPath } from './provenance/trail-lines';
import { type SourceReader, watchConstructs } from './source';
import { lineOfTerraform } from './terraform/made';

const key = Symbol.for('konfig/Synth');

/** A wait that was written by a person: every object of `from` waits for every object of `on`. */
export interface WrittenDependency {
  readonly from: IConstruct;
  readonly on: IConstruct;
  readonly until: Until;
  /** Where it was written; unknown for those of the constructs library. */
  readonly line?: SourceLine | undefined;
}

/** Where an object was read, and how. */
export interface ReadObject {
  readonly source: ResourceSource;
  readonly manifest: JsonObject;
}

/** One run of a stack's function. The stack, the root of its tree, carries it. */
export class Synth {
  readonly problems: Problem[] = [];
  readonly dependencies: WrittenDependency[] = [];
  /** Where the program's files are read. */
  readonly files: InputFiles;
  /** What was noted of the program's objects, where it is instrumented. */
  readonly notes: Notes | undefined;
  #root: IConstruct | undefined;
  readonly #lines = new Map<IConstruct, SourceLine>();
  readonly #read = new Map<IConstruct, ReadObject>();

  constructor(
    /** `shop/prod` */
    readonly stack: string,
    readonly reader: SourceReader,
    readonly env: { readonly [name: string]: string },
    /** The line of `.stack(…)`, for what no later line made. */
    readonly stackLine: SourceLine,
    { files = disk, notes }: { readonly files?: InputFiles | undefined; readonly notes?: Notes | undefined } = {},
  ) {
    this.files = files;
    this.notes = notes;
  }

  /** Makes a construct the root of this synth's tree. */
  plant(root: IConstruct): void {
    Object.defineProperty(root, key, { value: this });
    this.#root = root;
  }

  /** The root of its tree, once there is one. */
  get root(): IConstruct | undefined {
    return this.#root;
  }

  /** Runs the user's program, noting the line of every construct it makes. */
  watch<T>(run: () => T): T {
    const before = active;
    active = this;
    try {
      const watched = () => watchConstructs((child, parent, id) => this.#note(child, parent, id), run);
      return withFormerNames(() => watchPatches(() => this.reader.here(), watched));
    } finally {
      active = before;
    }
  }

  /** `shop/prod/web/Deployment` */
  pathOf(construct: IConstruct): string {
    return construct.node.path ? `${this.stack}/${construct.node.path}` : this.stack;
  }

  /** The call that made a construct; where no user code is on its stack, its parent's. */
  lineOf(construct: IConstruct): SourceLine {
    const made = construct.node.scopes.findLast((scope) => this.#lines.has(scope));
    return (made && this.#lines.get(made)) ?? this.stackLine;
  }

  /** Notes a better line for a construct than that of its making. */
  noteLine(construct: IConstruct, line: SourceLine): void {
    this.#lines.set(construct, line);
  }

  /** Notes that an object was read in a file: its lines are there. */
  noteRead(object: IConstruct, read: ReadObject): void {
    this.#read.set(object, read);
    this.#lines.set(object, read.source.made);
  }

  /** Where an object was read; undefined where the program made it. */
  readOf(object: IConstruct): ReadObject | undefined {
    return this.#read.get(object);
  }

  /** The line of a field, where it is known, else of the call. */
  lineOfField(construct: IConstruct, field: string | undefined): SourceLine {
    const source = this.#read.get(construct)?.source;
    const read = field && source && sourceOf({ it: source }, 'it', field);
    return read || (field && this.#lineOfProp(construct, field)) || this.lineOf(construct);
  }

  /** The line of a prop, `containers.web.image`, or of the nearest above it that is there. */
  #lineOfProp(construct: IConstruct, field: string): SourceLine | undefined {
    const props = propsOf(construct);
    if (!props || !this.notes) return undefined;
    for (let path = field.split('.'); path.length > 0; path = path.slice(0, -1)) {
      const found = sourceOfPath(props, path, this.notes);
      if (found) return found.source;
    }
    return undefined;
  }

  #note(child: IConstruct, parent: Node, id: string): void {
    const line = lineOfTerraform(child, this) ?? this.reader.here();
    const first = parent.tryFindChild(id);
    if (first) throw this.#sameId(first, line);
    if (line) this.#lines.set(child, line);
  }

  #sameId(first: IConstruct, line: SourceLine | undefined): KonfigError {
    const firstLine = this.lineOf(first);
    return new KonfigError({
      code: 'SPEC_DUPLICATE',
      message: `A construct '${first.node.id}' is already there, made at ${firstLine.file}:${firstLine.line}.`,
      hint: 'Give one of the two another id.',
      at: this.pathOf(first),
      ...(line && { source: line }),
    });
  }
}

let active: Synth | undefined;

/** The synth that runs now; undefined outside of one. */
export function activeSynth(): Synth | undefined {
  return active;
}

/** The synth that a construct belongs to; undefined in a tree that is not ours. */
export function synthOf(construct: IConstruct): Synth | undefined {
  return (construct.node.root as { [key]?: Synth })[key];
}

/** The user's line that led here, for what goes wrong in a call to a construct that was made before. */
export function callLine(construct: IConstruct): SourceLine | undefined {
  return synthOf(construct)?.reader.here();
}

/**
 * Notes a problem of a construct, so that all of them come out together; in a tree that is not ours it throws.
 * @param line default: the one that made the construct.
 */
export function report(construct: IConstruct, problem: Omit<Problem, 'source'>, line?: SourceLine): void {
  const synth = synthOf(construct);
  const path = synth?.pathOf(construct) ?? construct.node.path;
  const at = problem.at === undefined ? path : `${path}.${problem.at}`;
  if (!synth) throw new KonfigError({ ...problem, at });
  synth.problems.push({ ...problem, at, source: line ?? synth.lineOfField(construct, problem.at) });
}
