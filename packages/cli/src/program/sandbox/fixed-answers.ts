// The same clock and the same chance in every run, for packages while they are loaded and for whoever asks against the rules.

/** What the fixed answers begin with. `konfig verify` takes others, to see what depends on them. */
export interface Beginning {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly seed: number;
  /** Which machine it is. */
  readonly machine: number;
}

export const usualBeginning: Beginning = { time: Date.UTC(2000, 0, 1), seed: 1, machine: 1 };

/** Answers by the name of the function or value. Each works with any `this`. */
export type FixedAnswers = { readonly [name: string]: (...args: readonly unknown[]) => unknown };

/** A clock that goes on by a millisecond each time somebody looks, and a source of numbers that begins at a seed. */
export function fixedAnswers({ time, seed }: Omit<Beginning, 'machine'>): FixedAnswers {
  let looked = 0;
  const sinceStart = () => looked++;
  const now = () => time + looked++;
  const random = numbersFrom(seed);
  const fill = (into: Uint8Array) => {
    for (let i = 0; i < into.length; i++) into[i] = Math.floor(random() * 256);
    return into;
  };
  const fillAny = (into: unknown) => {
    const { buffer, byteOffset, byteLength } = into as ArrayBufferView;
    fill(new Uint8Array(buffer, byteOffset, byteLength));
    return into;
  };
  const bytes = (size: unknown, callback?: unknown) => answer(fill(Buffer.alloc(Number(size))), callback);
  return {
    Date: now,
    now,
    timeOrigin: () => time,
    timeStamp: sinceStart,
    uptime: sinceStart,
    startTime: sinceStart,
    duration: () => 0,
    toJSON: () => ({}),
    nodeTiming: () => ({ name: 'node', entryType: 'node', startTime: 0, duration: 0 }),
    eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
    timerify: (called) => called,
    monitorEventLoopDelay: () => ({ enable: () => true, disable: () => true, min: 0, max: 0, mean: 0, stddev: 0 }),
    hrtime: (before) => sincePair(sinceStart(), before),
    bigint: () => BigInt(sinceStart()) * 1_000_000n,
    random,
    randomBytes: bytes,
    pseudoRandomBytes: bytes,
    rng: bytes,
    prng: bytes,
    randomUUID: () => uuidOf(fill(new Uint8Array(16))),
    randomUUIDv7: () => uuidOf(fill(new Uint8Array(16))),
    randomInt: (from, to, callback) => randomInt(random, from, to, callback),
    randomFillSync: fillAny,
    getRandomValues: fillAny,
  };
}

/** As process.hrtime: seconds and nanoseconds, counted from an earlier answer. */
function sincePair(milliseconds: number, before: unknown): readonly number[] {
  const [seconds, nanoseconds] = (before ?? [0, 0]) as readonly [number, number];
  const since = milliseconds - seconds * 1000 - nanoseconds / 1e6;
  return [Math.floor(since / 1000), (since % 1000) * 1e6];
}

/** Mulberry32: small, and good enough for what nobody should rely on. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function uuidOf(bytes: Uint8Array): string {
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** As crypto.randomInt: `(to)`, `(from, to)`, each with a callback behind or not. */
function randomInt(random: () => number, from: unknown, to: unknown, callback: unknown): unknown {
  const [low, high] = typeof to === 'number' ? [Number(from), to] : [0, Number(from)];
  return answer(low + Math.floor(random() * (high - low)), typeof to === 'function' ? to : callback);
}

function answer<T>(value: T, callback: unknown): T | undefined {
  if (typeof callback !== 'function') return value;
  queueMicrotask(() => callback(null, value));
  return undefined;
}
