/** The fields that a JSON text has more than once, as `spec.ports[0].name`. `JSON.parse` takes the last and says nothing. */
export function duplicateKeys(text: string): string[] {
  const found = new Set<string>();
  const open: Level[] = [];
  for (const [token, key] of text.matchAll(tokens)) {
    const level = open.at(-1);
    if (token === '{' || token === '[') open.push({ path: pathIn(level), keys: token === '{' ? new Set() : undefined, key: '', index: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && level) level.index++;
    else if (key !== undefined && level?.keys) {
      level.key = JSON.parse(key) as string;
      if (level.keys.has(level.key)) found.add(pathIn(level));
      level.keys.add(level.key);
    }
  }
  return [...found];
}

/** An object or a list that is not closed yet, and where in it the reader is. */
interface Level {
  readonly path: string;
  readonly keys: Set<string> | undefined;
  key: string;
  index: number;
}

// A text before a colon is a key; other texts are matched only so that nothing in them is taken for a token.
const tokens = /("[^"\\]*(?:\\.[^"\\]*)*")\s*:|"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

function pathIn(level: Level | undefined): string {
  if (!level) return '';
  if (!level.keys) return `${level.path}[${level.index}]`;
  return level.path === '' ? level.key : `${level.path}.${level.key}`;
}
