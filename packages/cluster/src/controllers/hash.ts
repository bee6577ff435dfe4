const characters = 'bcdfghjklmnpqrstvwxz2456789';

/** A short name for the content of an object, as in `web-5d6c7d8f9b`: the same content has the same name. */
export function contentHash(content: unknown, collisions = 0): string {
  let hash = 0x811c9dc5;
  for (const character of `${stableText(content)}${collisions > 0 ? collisions : ''}`) {
    hash ^= character.codePointAt(0) as number;
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return [...String(hash)].map((digit) => characters[digit.charCodeAt(0) % characters.length]).join('');
}

function stableText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${key}:${stableText(item)}`)
    .join(',')}}`;
}
