// undici takes a tenth of a second to load: whoever asks a server first does that, and a command that asks none goes without.

/** Loaded when it is first called. */
export function undici(): typeof import('undici') {
  return require('undici') as typeof import('undici');
}
