// Every module of Node: either the table of impure.ts says what of it is guarded, or here stands why nothing is. Of a module that a later Node brings
// nobody knows what it would give: it is refused.
import { guarded } from './impure';

/** Why a program may have all of it. */
const harmless: { readonly [module: string]: string } = {
  ...of('works with what it is given', [
    'assert',
    'assert/strict',
    'constants',
    'domain',
    'path',
    'path/posix',
    'path/win32',
    'punycode',
    'querystring',
    'string_decoder',
    'url',
    'util/types',
    'zlib',
  ]),
  ...of('moves what it is given, and what comes later comes too late', [
    'diagnostics_channel',
    'events',
    'readline',
    'readline/promises',
    'stream',
    'stream/consumers',
    'stream/promises',
    'stream/web',
    '_stream_duplex',
    '_stream_passthrough',
    '_stream_readable',
    '_stream_transform',
    '_stream_wrap',
    '_stream_writable',
  ]),
  ...of('speaks through net, which is guarded', [
    'http',
    'http2',
    'https',
    '_http_agent',
    '_http_client',
    '_http_common',
    '_http_incoming',
    '_http_outgoing',
    '_http_server',
    '_tls_common',
    '_tls_wrap',
  ]),
  console: 'what it prints is no part of a Spec, nor are the times that it prints',
  cluster: 'starts processes through child_process, which is guarded',
  repl: 'reads process.stdin, which is guarded, and runs code through vm, which is too',
  test: 'runs when the program has ended, and what it puts in the place of a clock gives what it is told',
  'test/reporters': 'prints what node:test tells',
  util: 'works with what it is given; parseArgs reads process.argv, which is the same everywhere',
  sys: 'is util',
};

/** Parts that are guarded with the module that they are a part of. */
const parts = new Set(['dns/promises', 'fs/promises', 'timers/promises', 'inspector/promises']);

const known = new Set([...guarded.map(({ in: [module] }) => module as string), ...Object.keys(harmless), ...parts]);

/** Is it known what a program may have of it? The name without `node:`. */
export function isKnownModule(module: string): boolean {
  return known.has(module);
}

function of(reason: string, modules: readonly string[]): { readonly [module: string]: string } {
  return Object.fromEntries(modules.map((module) => [module, reason]));
}
