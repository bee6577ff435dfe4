// A text as whoever reads its escapes sees it: JSON's, those of addresses, and one inside the other.

/** A text, and which part of the original each part of it stands for. */
export interface View {
  readonly text: string;
  spanOf(from: number, to: number): { readonly from: number; readonly to: number };
}

/** One way to write characters otherwise. */
interface Escape {
  /** Without it there is nothing to read. */
  readonly sign: string;
  readonly pattern: RegExp;
  readonly meaning: (escaped: string) => string;
}

const escapes: readonly Escape[] = [
  // JSON, and what Go and shells print in quotes. Go escapes < > & too, and some escape the slash.
  { sign: '\\', pattern: /\\(?:u[\da-fA-F]{4}|x[\da-fA-F]{2}|[\s\S])/g, meaning: unescapedJson },
  // Addresses. Each character by itself: what lies beside it need not be escaped.
  { sign: '%', pattern: /%[0-7][\da-fA-F]|%[c-fC-F][\da-fA-F](?:%[89abAB][\da-fA-F])+/g, meaning: unescapedUrl },
  // Forms write a blank as a plus.
  { sign: '+', pattern: /\+/g, meaning: () => ' ' },
];

/** JSON in JSON in an address: nobody has seen more. */
const deepest = 3;

/** The text as it is, and as it is to readers of each kind of escape; at least one. */
export function viewsOf(text: string): readonly View[] {
  const views: View[] = [{ text, spanOf: (from, to) => ({ from, to }) }];
  let last = views;
  for (let depth = 0; depth < deepest && last.length > 0; depth++) {
    const next = last.flatMap((view) => escapes.filter(({ sign }) => view.text.includes(sign)).map((one) => unescaped(view, one)));
    last = next.filter((view, i) => [...views, ...next.slice(0, i)].every((other) => other.text !== view.text));
    views.push(...last);
  }
  return views;
}

function unescaped(view: View, { pattern, meaning }: Escape): View {
  // Where each character of the new text begins and ends in the view's.
  const begins: number[] = [];
  const ends: number[] = [];
  let text = '';
  const put = (part: string, at: (i: number) => readonly [number, number]) => {
    for (let i = 0; i < part.length; i++) {
      const [begin, end] = at(i);
      begins.push(begin);
      ends.push(end);
    }
    text += part;
  };
  let done = 0;
  for (const { 0: escaped, index } of view.text.matchAll(pattern)) {
    const start = done;
    put(view.text.slice(start, index), (i) => [start + i, start + i + 1]);
    done = index + escaped.length;
    const end = done;
    put(meaning(escaped), () => [index, end]);
  }
  put(view.text.slice(done), (i) => [done + i, done + i + 1]);
  return { text, spanOf: (from, to) => view.spanOf(begins[from] as number, ends[to - 1] as number) };
}

const short: { readonly [letter: string]: string } = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function unescapedJson(escaped: string): string {
  const letter = escaped[1] as string;
  return escaped.length > 2 ? String.fromCharCode(Number.parseInt(escaped.slice(2), 16)) : (short[letter] ?? letter);
}

function unescapedUrl(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    // These bytes are no text.
    return escaped;
  }
}
