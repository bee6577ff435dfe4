// Imports of a Terraform provider's whole package: the one of AWS takes three seconds and 550 MB to load, four of its modules 0.3 seconds.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartialMessage } from 'esbuild';

/** What is to be said of an import of a package in a file of the program; undefined where it is no whole provider. */
export function wholeProvider(path: string, folder: string, importer: string): PartialMessage | undefined {
  if (!isProvider(path, folder)) return undefined;
  const modules = importedNames(path, importer)
    .map((name) => kebab(name))
    .filter((name) => existsSync(join(folder, 'lib', name)));
  const instead = modules.length > 0 ? modules.map((name) => `'${path}/lib/${name}'`).join(', ') : `'${path}/lib/…', one for each resource`;
  return {
    text: `This loads all of ${path}, which takes seconds and hundreds of megabytes in every command.`,
    notes: [{ text: `Import from ${instead}.` }],
  };
}

/** Packages of cdktf and cdktn are called so; those of others say it in their package.json. A path with more to it is a part. */
function isProvider(path: string, folder: string): boolean {
  if (path.split('/').length > (path.startsWith('@') ? 2 : 1)) return false;
  if (/^@(cdktf|cdktn)\/provider-/.test(path)) return true;
  const { cdktf } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly cdktf?: { readonly provider?: unknown } };
  return cdktf?.provider !== undefined;
}

/** `import { dbInstance, provider as aws } from '…'`: the index has a namespace for each module. */
function importedNames(path: string, importer: string): readonly string[] {
  const text = readFileSync(importer, 'utf8');
  const [, names = ''] = new RegExp(`\\{([^{}]*)\\}\\s*(?:from|=\\s*require\\()\\s*['"]${path}['"]`).exec(text) ?? [];
  return names.split(',').flatMap((name) => /^\s*(\w+)/.exec(name)?.[1] ?? []);
}

function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}
