import type { KubeObject, LabelSelector, Labels } from '../objects';

/** Says whether labels fit; parsed once, asked often. */
export type LabelMatch = (labels: Labels | undefined) => boolean;

export class SelectorError extends Error {}

/** Reads `app=web,tier!=cache,env in (a,b),!legacy`. */
export function parseLabelSelector(text: string): LabelMatch {
  const terms = splitTerms(text).map(parseTerm);
  return (labels = {}) => terms.every((term) => term(labels));
}

function splitTerms(text: string): string[] {
  return (text.match(/(?:[^,(]|\([^)]*\))+/g) ?? []).map((term) => term.trim()).filter((term) => term !== '');
}

function parseTerm(term: string): (labels: Labels) => boolean {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(term);
  if (set) {
    const values = new Set((set[3] as string).split(',').map((value) => value.trim()));
    return test(set[1] as string, set[2] === 'in' ? 'In' : 'NotIn', values);
  }
  const equals = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(term);
  if (equals) return test(equals[1] as string, equals[2] === '!=' ? 'NotIn' : 'In', new Set([equals[3] as string]));
  const presence = /^(!?)\s*([^=!\s,()]+)$/.exec(term);
  if (presence) return test(presence[2] as string, presence[1] ? 'DoesNotExist' : 'Exists', new Set());
  throw new SelectorError(`unable to parse requirement: ${JSON.stringify(term)}`);
}

function test(key: string, operator: string, values: ReadonlySet<string>): (labels: Labels) => boolean {
  switch (operator) {
    case 'In':
      return (labels) => labels[key] !== undefined && values.has(labels[key]);
    case 'NotIn':
      return (labels) => labels[key] === undefined || !values.has(labels[key]);
    case 'Exists':
      return (labels) => labels[key] !== undefined;
    default:
      return (labels) => labels[key] === undefined;
  }
}

/** A selector as it stands in an object. An empty one fits everything, none at all fits nothing. */
export function matchSelector(selector: LabelSelector | undefined): LabelMatch {
  if (!selector) return () => false;
  const pairs = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => test(key, 'In', new Set([value])));
  const expressions = (selector.matchExpressions ?? []).map((term) => test(term.key, term.operator, new Set(term.values)));
  const terms = [...pairs, ...expressions];
  return (labels = {}) => terms.every((term) => term(labels));
}

/** The selector as the text that `scale` subresources and list requests carry. */
export function printSelector(selector: LabelSelector | undefined): string {
  const pairs = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (selector?.matchExpressions ?? []).map(printTerm);
  return [...pairs, ...expressions].sort().join(',');
}

function printTerm(term: { readonly key: string; readonly operator: string; readonly values?: readonly string[] }): string {
  if (term.operator === 'Exists') return term.key;
  if (term.operator === 'DoesNotExist') return `!${term.key}`;
  return `${term.key} ${term.operator.toLowerCase()} (${[...(term.values ?? [])].sort().join(',')})`;
}

export type ObjectMatch = (object: KubeObject) => boolean;

/** Reads `metadata.name=x,status.phase!=Running`; `allowed` says which fields the kind lets one ask for. */
export function parseFieldSelector(text: string, allowed: (path: string) => boolean, refusal: (path: string) => string): ObjectMatch {
  const terms = text
    .split(',')
    .filter((term) => term !== '')
    .map((term) => {
      const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(term);
      if (!match) throw new SelectorError(`invalid selector: '${term}'; can't understand '${term}'`);
      const path = match[1] as string;
      if (!allowed(path)) throw new SelectorError(refusal(path));
      const wanted = (match[3] as string).replace(/\\([,=\\])/g, '$1');
      const keys = path.split('.');
      const equal = match[2] !== '!=';
      return (object: KubeObject) => (readText(object, keys) === wanted) === equal;
    });
  return (object) => terms.every((term) => term(object));
}

function readText(object: unknown, keys: readonly string[]): string {
  let at: unknown = object;
  for (const key of keys) at = (at as { [key: string]: unknown } | undefined)?.[key];
  return at === undefined || at === null ? '' : String(at);
}
