// Makes dist/yargs.bundle.js: yargs and all that it needs as one CommonJS file, which loads in a fifth of the time. Part of every build;
// without it the command works, more slowly (src/yargs.ts).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = dirname(fileURLToPath(import.meta.url));
const outfile = join(folder, 'dist', 'yargs.bundle.js');

const { metafile } = await build({
  stdin: { contents: "export { default } from 'yargs';", resolveDir: folder },
  outfile,
  absWorkingDir: folder,
  bundle: true,
  minify: true,
  metafile: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // yargs looks for its languages beside itself; we speak English only.
  banner: { js: "const here = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'here' },
  plugins: [{ name: 'lazy string-width', setup: lazyStringWidth }],
  logLevel: 'warning',
});
writeFileSync(join(folder, 'dist', 'yargs.bundle.LICENSE.txt'), licences(metafile));

/** Half of the time goes into rules for wide characters, of which our help has none. */
function lazyStringWidth({ onResolve, onLoad }) {
  onResolve({ filter: /^string-width$/ }, ({ namespace, path }) =>
    namespace === 'lazy' ? { path, external: true } : { path, namespace: 'lazy' },
  );
  onLoad({ filter: /.*/, namespace: 'lazy' }, () => ({
    contents: "export default (text) => (/^[ -~]*$/.test(text) ? text.length : require('string-width').default(text));",
  }));
}

/** Their licences want to be wherever their code is. */
function licences({ inputs }) {
  const packages = new Set(Object.keys(inputs).flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []));
  return [...packages].sort().map(licenceOf).join('\n');
}

function licenceOf(path) {
  const from = join(folder, path);
  const { name, version } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  const file = readdirSync(from).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} says nothing of its licence.`);
  return `${name} ${version}\n\n${readFileSync(join(from, file), 'utf8')}\n`;
}
