// Lengths of time as people write them: `30s`, `5m`, `2h`.

/** A length of time: whole seconds, minutes or hours, e.g. `'30s'`, `'5m'`, `'2h'`. A bare number or another unit does not compile. */
export type Duration = `${number}s` | `${number}m` | `${number}h`;

const inSeconds = { s: 1, m: 60, h: 3600 } as const;

/** The seconds of a duration; undefined when it is not one. */
export function secondsOf(duration: string): number | undefined {
  const match = /^(\d+)([smh])$/.exec(duration);
  if (!match) return undefined;
  return Number(match[1]) * inSeconds[match[2] as keyof typeof inSeconds];
}
