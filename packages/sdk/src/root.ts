// The root of one synth's tree: collects problems, dependencies and source lines. Neither a cdk8s.App nor a cdktf.App.
import { KonfigError, type Problem, type SourceLine, type Until } from '@konfig/core';
import { ImplicitTokenResolver, type IResolver, LazyResolver, NumberStringUnionResolver } from 'cdk8s';
import { Construct, type IConstruct, type Node } from 'constructs';
import { keepChartNames } from './chart-names';
import { type SourceReader, watchConstructs } from './source';

const brand = Symbol.for('konfig/Root');

/** A wait that was written by a person: every object of `from` waits for every object of `on`. */
export interface WrittenDependency {
  readonly from: IConstruct;
  readonly on: IConstruct;
  readonly until: Until;
}

export class Root extends Construct {
  /** cdk8s looks for its resolvers here, on the root of the tree. */
  readonly resolvers: IResolver[] = [new LazyResolver(), new ImplicitTokenResolver(), new NumberStringUnionResolver()];
  readonly problems: Problem[] = [];
  readonly dependencies: WrittenDependency[] = [];
  readonly #lines = new Map<IConstruct, SourceLine>();

  constructor(
    readonly reader: SourceReader,
    readonly env: { readonly [name: string]: string },
    /** The line of `.stack(…)`, for what no later line made. */
    readonly stackLine: SourceLine,
  ) {
    super(undefined as unknown as Construct, '');
    Object.defineProperty(this, brand, { value: true });
  }

  /** Runs the user's program, noting the line of every construct it makes. */
  watch<T>(run: () => T): T {
    const before = active;
    active = this;
    try {
      return watchConstructs((child, parent, id) => this.#note(child, parent, id), run);
    } finally {
      active = before;
    }
  }

  /** The call that made a construct; where no user code is on its stack, its parent's. */
  lineOf(construct: IConstruct): SourceLine {
    const made = construct.node.scopes.findLast((scope) => this.#lines.has(scope));
    return (made && this.#lines.get(made)) ?? this.stackLine;
  }

  #note(child: IConstruct, parent: Node, id: string): void {
    if (parent.root !== this) return;
    keepChartNames(parent.scopes.at(-1) as IConstruct);
    const line = this.reader.here();
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
      at: first.node.path,
      ...(line && { source: line }),
    });
  }
}

let active: Root | undefined;

/** The synth that runs now; undefined outside of one. */
export function activeRoot(): Root | undefined {
  return active;
}

/** The root above a construct; undefined in a tree that is not ours. */
export function rootOf(construct: IConstruct): Root | undefined {
  const { root } = construct.node;
  return brand in root ? (root as unknown as Root) : undefined;
}

/** Notes a problem of a construct, so that all of them come out together; in a tree that is not ours it throws. */
export function report(construct: IConstruct, problem: Omit<Problem, 'source'>): void {
  const root = rootOf(construct);
  const at = problem.at === undefined ? construct.node.path : `${construct.node.path}.${problem.at}`;
  if (!root) throw new KonfigError({ ...problem, at });
  root.problems.push({ ...problem, at, source: root.lineOf(construct) });
}
