// Tokens of Terraform as they stand in a program's values: numbers, lists and maps that are one, and marks in texts.
import { type TerraformToken, type TokenMap, tokenMap } from './library';

/** Does a text hold the mark of a token? As a key, it stands for nothing. */
export function holdsToken(text: string): boolean {
  return text.includes('{TfToken[');
}

/** cdktf writes a token that is a number as one that no program calculates. */
export function isTokenNumber(value: number): boolean {
  return value < -1e270;
}

/** The token that a number, a list, a map or a token itself is. Looks into none of them. */
export function tokenOf(value: unknown): TerraformToken | undefined {
  const map = tokenMap();
  if (!map || value === null) return undefined;
  if (typeof value === 'number') return isTokenNumber(value) ? known(() => map.lookupNumberToken(value)) : undefined;
  if (typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return value.length === 1 ? listToken(value, map) : undefined;
  if (isToken(value)) return value;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0]?.startsWith('&{TfToken[') ? known(() => map.lookupMap(value)) : undefined;
}

export function isToken(value: object): value is TerraformToken {
  return 'creationStack' in value && typeof (value as { resolve?: unknown }).resolve === 'function';
}

/** The token behind a mark as it stands in a text: `${TfToken[TOKEN.0]}`, a list or a map in JSON, a number. */
export function tokenAt(mark: string): TerraformToken | undefined {
  const map = tokenMap();
  if (!map) return undefined;
  switch (mark[0]) {
    case '$': {
      const [fragment] = known(() => map.splitString(mark).fragments) ?? [];
      return fragment?.type === 'token' ? fragment.token : undefined;
    }
    case '-':
      return tokenOf(Number(mark));
    default:
      return tokenOf(JSON.parse(mark));
  }
}

function listToken(value: readonly unknown[], map: TokenMap): TerraformToken | undefined {
  const [only] = value;
  if (typeof only === 'string' && only.startsWith('#{TfToken[')) return known(() => map.lookupList(value as string[]));
  return typeof only === 'number' && isTokenNumber(only) ? known(() => map.lookupNumberList(value as number[])) : undefined;
}

/** cdktf throws at what only looks like a token of its own. */
function known<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
