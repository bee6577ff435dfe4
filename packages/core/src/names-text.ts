// Names in a sentence.

/** `a`, `a and b`, `a, b and c`; from the fourth on only their number: `a, b, c and 5 more`. */
export function namesText(names: readonly string[]): string {
  const more = names.length - most;
  const parts = more > 0 ? [...names.slice(0, most), `${more} more`] : names;
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

const most = 3;
