// Where expressions of Terraform use what modules give: `module.network.key`, `module.network["a"].keys[0]`.

/** A use of a module. */
export interface Reference {
  /** As it stands there. */
  readonly text: string;
  readonly module: string;
  /** Undefined: the module as a whole, or all of its instances. */
  readonly output?: string;
}

/** Those in an expression. */
export function referencesIn(code: string): readonly Reference[] {
  const found: Reference[] = [];
  inCode(code, (reference) => {
    found.push(reference);
    return reference.text;
  });
  return found;
}

/** A text of the configuration, with something else in the place of each use of a module in its `${…}` and `%{…}`. */
export function withReferences(text: string, replace: (reference: Reference) => string): string {
  if (!text.includes('module.')) return text;
  let result = '';
  for (let at = 0; at < text.length; ) {
    const begin = /^(?:\$\$\{|%%\{|\$\{|%\{)/.exec(text.slice(at))?.[0];
    const isCode = begin?.length === 2;
    const end = isCode ? endOf(text, at + 1) : at + (begin?.length ?? 1);
    result += isCode ? inCode(text.slice(at, end), replace) : text.slice(at, end);
    at = end;
  }
  return result;
}

/** One expression. */
function inCode(code: string, replace: (reference: Reference) => string): string {
  let result = '';
  for (let at = 0; at < code.length; ) {
    const here = code.slice(at);
    const name = /[\w.-]/.test(code[at - 1] ?? '') ? undefined : /^module\.([\w-]+)/.exec(here)?.[1];
    if (name !== undefined) {
      const reference = readReference(code, at, name);
      result += replace(reference);
      at += reference.text.length;
    } else if (here.startsWith('"')) {
      const end = endOfQuoted(code, at);
      result += `"${withReferences(code.slice(at + 1, end - 1), replace)}"`;
      at = end;
    } else {
      result += code[at];
      at += 1;
    }
  }
  return result;
}

/** With all that leads into it. The first name after the module is that of an output; what stands in brackets before that is which instance. */
function readReference(code: string, from: number, module: string): Reference {
  let at = from + `module.${module}`.length;
  let output: string | undefined;
  for (;;) {
    const [name] = /^\.(?:[A-Za-z_][\w-]*|\*|\d+)/.exec(code.slice(at)) ?? [];
    if (name === undefined && code[at] !== '[') break;
    if (name !== undefined && /^\.[A-Za-z_]/.test(name)) output ??= name.slice(1);
    at = name === undefined ? endOf(code, at) : at + name.length;
  }
  return { text: code.slice(from, at), module, ...(output === undefined ? {} : { output }) };
}

/** After the bracket that closes the one that stands there. */
function endOf(code: string, from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; ) {
    if (code[at] === '"') {
      at = endOfQuoted(code, at);
      continue;
    }
    if ('[{('.includes(code[at] as string)) depth += 1;
    else if (']})'.includes(code[at] as string)) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return code.length;
}

/** After the quote that closes: a template in it may have quotes of its own. */
function endOfQuoted(code: string, from: number): number {
  for (let at = from + 1; at < code.length; ) {
    const here = code.slice(at, at + 3);
    if (here.startsWith('\\') || here === '$${' || here === '%%{') at += here.startsWith('\\') ? 2 : 3;
    else if (here.startsWith('${') || here.startsWith('%{')) at = endOf(code, at + 1);
    else if (here.startsWith('"')) return at + 1;
    else at += 1;
  }
  return code.length;
}
