import { isObject } from '../schema/type';

type Step = { readonly key: string } | { readonly index: number } | { readonly all: true } | { readonly where: Condition };

interface Condition {
  readonly path: readonly Step[];
  readonly equals: unknown;
}

/** A reader for `.spec.hosts[0]`, `.status.conditions[?(@.type=="Ready")].status` and the like; nothing for a path it can not read. */
export function compilePath(text: string): ((value: unknown) => unknown[]) | undefined {
  const steps = readSteps(text);
  return steps && ((value) => find(steps, value));
}

const step =
  /^(?:\.((?:\\.|[^.[\\])+)|\['((?:[^'\\]|\\.)*)'\]|\[(-?\d+)\]|(\[\*\]|\.\*)|\[\?\(\s*@((?:\.[^=!<>\s)]+)+)\s*==\s*(?:"([^"]*)"|'([^']*)'|([^)\s]+))\s*\)\])/;

function readSteps(text: string): Step[] | undefined {
  const steps: Step[] = [];
  let rest = text === '.' ? '' : text;
  while (rest !== '') {
    const match = step.exec(rest);
    if (!match) return undefined;
    const [whole, name, quoted, index, all, where, ...values] = match;
    rest = rest.slice(whole.length);
    const key = name ?? quoted;
    if (all !== undefined || key === '*') steps.push({ all: true });
    else if (key !== undefined) steps.push({ key: key.replace(/\\(.)/g, '$1') });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else steps.push({ where: { path: readSteps(where as string) ?? [], equals: readValue(values) } });
  }
  return steps;
}

function readValue([double, single, bare]: readonly (string | undefined)[]): unknown {
  const quoted = double ?? single;
  if (quoted !== undefined) return quoted;
  return bare === 'true' ? true : bare === 'false' ? false : Number(bare);
}

function find(steps: readonly Step[], value: unknown): unknown[] {
  const [first, ...rest] = steps;
  if (!first) return [value];
  return below(first, value).flatMap((one) => find(rest, one));
}

function below(first: Step, value: unknown): unknown[] {
  if ('key' in first) return isObject(value) && value[first.key] !== undefined ? [value[first.key]] : [];
  const items = Array.isArray(value) ? value : 'all' in first && isObject(value) ? Object.values(value) : [];
  if ('all' in first) return items;
  if ('index' in first) return items.slice(first.index, first.index === -1 ? undefined : first.index + 1);
  return items.filter((item) => find(first.where.path, item)[0] === first.where.equals);
}
