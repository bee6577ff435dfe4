// Is what a Terraform expression says a secret? By the names in it, by what the stack itself says of its variables and outputs, and by what it was made of.
import { blocksOf, elementsOf, plainField } from './blocks';
import { expressionOf, isTerraformOutput, type TerraformElement, type TerraformStack } from './library';
import { isSecretAttribute } from './secret-attributes';

/** Names with dots and indexes between them: `data.aws_vpc.main.tags["a"]`. */
const reference = /[A-Za-z_][\w-]*(?:\.[A-Za-z_*][\w-]*|\.\d+|\[[^\]]*\])+/g;

/** Does the text of an expression lead to a secret of this stack? */
export function isSecretExpression(text: string, stack: TerraformStack): boolean {
  const known = knownOf(stack);
  return known.outputs.has(text) || isSecretText(text, known, new Set());
}

interface Known {
  readonly variables: ReadonlySet<string>;
  /** The expressions of outputs that are said to be sensitive. */
  readonly outputs: ReadonlySet<string>;
  readonly locals: ReadonlyMap<string, string>;
  /** What the program wrote into a field of a resource. */
  readonly written: (address: string, field: string) => string | undefined;
}

const kept = new WeakMap<TerraformStack, { readonly size: number; readonly known: Known }>();

/** Read anew only where something was made since, beside what Konfig itself adds: it is asked for each value that is used. */
function knownOf(stack: TerraformStack): Known {
  const elements = elementsOf(stack).filter((one) => !one.node.id.startsWith(ownPrefix) || !isTerraformOutput(one));
  const before = kept.get(stack);
  if (before?.size === elements.length) return before.known;
  const known = readKnown(elements, stack);
  kept.set(stack, { size: elements.length, known });
  return known;
}

function readKnown(elements: readonly TerraformElement[], stack: TerraformStack): Known {
  const blocks = elements.flatMap(blocksOf);
  const of = (kind: string) => blocks.filter(({ path }) => path[0] === kind);
  const text = (value: unknown) => textOf(expressionOf(value, stack));
  const resources = new Map([...of('resource'), ...of('data')].map((block) => [block.path.slice(-2).join('.'), block]));
  return {
    written: (address, field) => {
      const block = resources.get(address);
      const value = block && plainField(block, field);
      return value === undefined ? undefined : text(value);
    },
    variables: new Set(of('variable').flatMap((block) => (plainField(block, 'sensitive') === true ? [String(block.path[1])] : []))),
    outputs: new Set(of('output').flatMap((block) => (plainField(block, 'sensitive') === true ? [text(plainField(block, 'value'))] : []))),
    locals: new Map(of('locals').map(({ path, body }) => [String(path[1]), text(body)])),
  };
}

/** What Konfig adds to a stack is called so. */
export const ownPrefix = 'konfig_';

export function textOf(expression: unknown): string {
  return typeof expression === 'string' ? expression : (JSON.stringify(expression) ?? '');
}

function isSecretText(text: string, known: Known, seen: Set<string>): boolean {
  return (text.match(reference) ?? []).some((one) => isSecretReference(partsOf(one), known, seen));
}

function partsOf(text: string): readonly string[] {
  return text.replace(/\[[^\]]*\]/g, '').split('.');
}

function isSecretReference([first = '', ...rest]: readonly string[], known: Known, seen: Set<string>): boolean {
  const [name = ''] = rest;
  switch (first) {
    case 'var':
      return known.variables.has(name);
    case 'local': {
      const local = known.locals.get(name);
      if (local === undefined || seen.has(name)) return false;
      seen.add(name);
      return isSecretText(local, known, seen);
    }
    case 'data':
    case 'ephemeral':
      return isSecretReference(rest, known, seen);
    default:
      return rest.slice(1).some((attribute) => isSecretAttribute(first, attribute)) || isSecretField([first, ...rest], known, seen);
  }
}

/** What a resource was told as a secret it gives back as one. `terraform_data` gives it back under another name, and Terraform itself forgets what it was. */
function isSecretField([type = '', name = '', attribute = '']: readonly string[], known: Known, seen: Set<string>): boolean {
  const field = type === 'terraform_data' && attribute === 'output' ? 'input' : attribute;
  const place = `${type}.${name}.${field}`;
  if (seen.has(place)) return false;
  seen.add(place);
  const written = known.written(`${type}.${name}`, field);
  return written !== undefined && isSecretText(written, known, seen);
}
