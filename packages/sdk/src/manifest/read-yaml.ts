// A YAML or JSON text as values that know their lines, with the meaning that they have for kubectl.
import { type Json, type Problem, setOwn } from '@konfig/core';
import type { Alias, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { parseYaml } from './parse-yaml';
import { scalarValue } from './scalar';

/** A value with the lines of what is in it. */
export interface Located {
  readonly value: Json;
  readonly line: number;
  /** The fields of an object. */
  readonly fields: ReadonlyMap<string, Field>;
  /** The items of a list. */
  readonly items: readonly Located[];
  /** How many values it is, written out. */
  readonly size: number;
  /** A number that JavaScript cannot keep, as it was written. */
  readonly rounded?: string;
}

/** A field, and the line of its key. */
export interface Field {
  readonly line: number;
  readonly content: Located;
}

/** The documents of a text, those with an error left out. An empty one is null. */
export interface YamlText {
  readonly documents: readonly Located[];
  readonly problems: readonly Problem[];
}

// Aliases of aliases make a text of a few lines as large as the memory.
const largest = 2_000_000;

/** Reads all documents of a text. `file` is named in the problems, all of which are found at once. */
export function readYaml(text: string, file: string): YamlText {
  const problems: Problem[] = [];
  try {
    const { documents: parsed, lines } = parseYaml(text);
    const tell: Tell = (offset, message, hint, severity) => {
      problems.push({
        code: 'MANIFEST_INVALID',
        message,
        hint,
        source: { file, line: lines.linePos(offset).line },
        ...(severity && { severity }),
      });
    };
    const documents = parsed.flatMap((document) => {
      // What follows the first ones is often no error of its own.
      for (const { code, message, pos } of document.errors.slice(0, 3)) {
        const what = message
          .replace(/[.:]$/, '')
          .replace(/["']quote/, 'quote')
          .replace('block-seq-ind', 'dash');
        tell(pos[0], `This is no YAML: ${what}, at column ${lines.linePos(pos[0]).col}.`, hints[code] ?? 'Correct it.');
      }
      if (document.errors.length > 0) return [];
      const found = new Walk((offset) => lines.linePos(offset).line, tell).read(document.contents);
      if (found && found.size > largest) tell(0, 'Its aliases make it too large to be written out.', 'Repeat less.');
      return found && found.size <= largest ? [found] : [];
    });
    return { documents, problems };
  } catch (error) {
    // Node has no other way to say that the stack is full.
    if (!(error instanceof RangeError)) throw error;
    const problem = {
      code: 'MANIFEST_INVALID',
      message: 'It is nested too deeply.',
      hint: 'Write it flatter.',
      source: { file, line: 1 },
    } as const;
    return { documents: [], problems: [problem] };
  }
}

const between = 'Put --- on a line of its own between two objects.';

/** By the codes of the `yaml` package. */
const hints: { readonly [code: string]: string } = {
  TAB_AS_INDENT: 'Indent with spaces: YAML takes no tabs.',
  BAD_INDENT: 'Indent what belongs together alike, with spaces.',
  MULTIPLE_DOCS: between,
  UNEXPECTED_TOKEN: `${between} Quote a text that begins with a character that means something in YAML.`,
  BLOCK_AS_IMPLICIT_KEY: "Quote a text that has ': ' in it.",
  MULTILINE_IMPLICIT_KEY: "Close the quote, or put ': ' behind the key.",
  MISSING_CHAR: 'Close the bracket or the quote.',
};

type Tell = (offset: number, message: string, hint: string, severity?: 'warning') => void;

/** One walk over a document. Undefined where something was told. */
class Walk {
  /** What has an anchor, for the aliases behind it. */
  readonly #anchors = new Map<string, Located | 'open' | undefined>();

  constructor(
    readonly lineAt: (offset: number) => number,
    readonly tell: Tell,
  ) {}

  read(node: Node | null): Located | undefined {
    if (node === null) return { ...empty, value: null, line: 1 };
    if (isKind<Alias>(node, 'alias')) return this.#alias(node);
    const { anchor } = node as Scalar;
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const found = this.#content(node);
    if (anchor !== undefined) this.#anchors.set(anchor, found);
    return found;
  }

  #content(node: Node): Located | undefined {
    if (isKind<YAMLMap<Node, Node | null>>(node, 'map')) return this.#map(node);
    if (isKind<YAMLSeq<Node>>(node, 'seq')) return this.#list(node);
    return this.#scalar(node as Scalar<string>);
  }

  #alias(alias: Alias): Located | undefined {
    if (!this.#anchors.has(alias.source)) {
      return this.#bad(
        alias,
        `No anchor &${alias.source} stands before *${alias.source}.`,
        'Write one in the same document, or quote a text.',
      );
    }
    const found = this.#anchors.get(alias.source);
    if (found !== 'open') return found;
    return this.#bad(alias, `*${alias.source} stands in what it means.`, 'Write out what is meant.');
  }

  #scalar(node: Scalar<string>): Located | undefined {
    const meaning = scalarValue(node.value, node.type === 'PLAIN', node.tag);
    if (meaning.wrong !== undefined) return this.#bad(node, meaning.wrong, meaning.hint);
    return { ...empty, value: meaning.value, line: this.#line(node), ...(meaning.rounded && { rounded: node.value }) };
  }

  #list(node: YAMLSeq<Node>): Located | undefined {
    const found = node.items.map((item) => this.read(item));
    const items = found.filter((item) => item !== undefined);
    if (items.length < found.length) return undefined;
    return {
      value: items.map((item) => item.value),
      line: this.#line(node),
      fields: empty.fields,
      items,
      size: sum(items),
    };
  }

  #map(node: YAMLMap<Node, Node | null>): Located | undefined {
    const fields = new Map<string, Field>();
    const written = new Map<string, number>();
    let isGood = true;
    for (const pair of node.items) isGood = this.#pair(pair, fields, written) && isGood;
    if (!isGood) return undefined;
    const value: Record<string, Json> = {};
    for (const [key, { content }] of fields) setOwn(value, key, content.value);
    return { value, line: this.#line(node), fields, items: empty.items, size: sum([...fields.values()].map(({ content }) => content)) };
  }

  /** False where something was told. */
  #pair(pair: Pair<Node, Node | null>, fields: Map<string, Field>, written: Map<string, number>): boolean {
    const { key } = pair;
    const content = this.read(pair.value);
    if (isMerge(key)) return content !== undefined && this.#merge(key, content, fields);
    const name = this.#key(key);
    if (name === undefined || content === undefined) return false;
    const line = this.#line(key);
    const first = written.get(name);
    if (first !== undefined) {
      this.#bad(key, `The field ${JSON.stringify(name)} is here twice, the first time at line ${first}.`, 'Remove one of the two.');
      return false;
    }
    written.set(name, line);
    fields.set(name, { line, content });
    return true;
  }

  /** As kubectl does it: what comes later wins, a merge over the fields before it too; of a list's maps the first. */
  #merge(key: Node, content: Located, fields: Map<string, Field>): boolean {
    const maps = Array.isArray(content.value) ? [...content.items].reverse() : [content];
    if (maps.some(({ value }) => typeof value !== 'object' || value === null || Array.isArray(value))) {
      this.#bad(key, '<< merges what is no map.', 'Give it an alias of a map, or a list of those.');
      return false;
    }
    for (const map of maps) for (const [name, field] of map.fields) fields.set(name, field);
    return true;
  }

  /** JSON's keys are texts. */
  #key(key: Node): string | undefined {
    const found = this.read(key);
    if (!found) return undefined;
    const { value } = found;
    if (typeof value !== 'object') {
      const { value: written } = key as Scalar;
      if (typeof written === 'string' && written !== String(value)) {
        this.tell(key.range?.[0] ?? 0, `The key ${written} means "${value}", as kubectl reads it.`, `Quote it: '${written}'.`, 'warning');
      }
      return String(value);
    }
    return this.#bad(key, `A key is ${value === null ? 'null' : 'a list or a map'}.`, 'Keys are texts: quote it.');
  }

  #line(node: Node): number {
    return this.lineAt(node.range?.[0] ?? 0);
  }

  #bad(node: Node, message: string, hint: string): undefined {
    this.tell(node.range?.[0] ?? 0, message, hint);
    return undefined;
  }
}

const empty = { fields: new Map<string, Field>(), items: [] as readonly Located[], size: 1 } as const;

// The package is loaded late, so its own functions for this are not at hand; this is what they look at.
function isKind<T extends Node>(node: Node, kind: 'alias' | 'map' | 'seq'): node is T {
  return (node as unknown as { readonly [type: symbol]: symbol })[Symbol.for('yaml.node.type')] === Symbol.for(`yaml.${kind}`);
}

function isMerge(key: Node): boolean {
  const { value, type, tag } = key as Scalar;
  return value === '<<' && (type === 'PLAIN' || tag === 'tag:yaml.org,2002:merge');
}

function sum(children: readonly Located[]): number {
  return children.reduce((size, child) => size + child.size, 1);
}
