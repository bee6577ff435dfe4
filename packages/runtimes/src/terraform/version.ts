// Versions of providers and the constraints on them, as Terraform writes both: `~> 3.1, != 3.1.4`.

/** Does it fit all of them? A pre-release fits only a constraint that names it. */
export function fits(version: string, constraints: readonly string[]): boolean {
  return (
    constraints.flatMap((one) => one.split(',')).every((one) => fitsOne(version, one.trim())) &&
    (!version.includes('-') || constraints.some((one) => one.includes(version)))
  );
}

/** The newest first. */
export function byAge(a: string, b: string): number {
  return compare(b, a);
}

function fitsOne(version: string, constraint: string): boolean {
  const [, operator, wanted] = /^(=|!=|>=|<=|>|<|~>)?\s*v?(\d\S*)$/.exec(constraint) ?? [];
  // Terraform knows best what it means, and says so.
  if (wanted === undefined) return constraint === '';
  const order = compare(version, wanted);
  switch (operator) {
    case '!=':
      return order !== 0;
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '~>':
      return order >= 0 && isBelowNext(version, wanted);
    default:
      return order === 0;
  }
}

/** Only the last part that is written may grow. */
function isBelowNext(version: string, wanted: string): boolean {
  const fixed = numbers(wanted).slice(0, Math.max(1, wanted.split('-')[0]?.split('.').length ?? 1) - 1);
  return fixed.every((part, i) => numbers(version)[i] === part);
}

function compare(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < 3; i++) if (left[i] !== right[i]) return (left[i] as number) - (right[i] as number);
  const [before, after] = [a, b].map((each) => each.split('-')[1]) as [string | undefined, string | undefined];
  if (before === after) return 0;
  return before === undefined ? 1 : after === undefined ? -1 : before < after ? -1 : 1;
}

function numbers(version: string): readonly number[] {
  const parts = (version.replace(/^v/, '').split(/[-+]/)[0] ?? '').split('.').map(Number);
  return [0, 1, 2].map((i) => parts[i] ?? 0);
}
