// What modules that were loaded hang on: if all of it is as it was, Node would load the same ones.
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Stamps, stampOf } from './stamp';

/** Of the files, of the packages that names led to, and of the places where Node looks for those before. */
export function stampsOfModules(files: readonly string[], resolved: { readonly [request: string]: string }): Stamps {
  const places = Object.keys(resolved).flatMap((request) => {
    const [folder = '', name = ''] = request.split('\n');
    return /^(\.|\/|node:)/.test(name) ? [] : placesOfPackage(folder, packageIn(name), resolved[request] as string);
  });
  return Object.fromEntries([...new Set([...files, ...places])].map((path) => [path, stampOf(path)]));
}

function packageIn(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

/** `node_modules/<name>` of the folder and of those above it, up to the one that is meant. */
function placesOfPackage(folder: string, name: string, found: string): readonly string[] {
  const place = join(folder, 'node_modules', name);
  const isIt = stampOf(place) !== 'none' && found.startsWith(`${realpathSync(place)}/`);
  return isIt || dirname(folder) === folder ? [place] : [place, ...placesOfPackage(dirname(folder), name, found)];
}
