// The configuration as Terraform reads it, written so that each of its lines leads back to the field behind it.
import { isObject, type Json, type JsonObject, type Path, pathText, type WishedPart } from '@konfig/core';
import { blocksOf, hasOwnBackend } from './wish';

export const configurationFile = 'main.tf.json';

/**
 * One value a line: a diagnostic of Terraform quotes whole lines, and would quote secrets beside what it is about. The backend is Konfig's own unless the user wrote
 * one. Kinds of blocks of which there are none are left out, since Terraform wants a name in each.
 */
export function configurationText(configuration: JsonObject): string {
  const [first = {}, ...more] = blocksOf(configuration.terraform);
  const own = hasOwnBackend({ configuration }) ? first : { ...first, backend: { http: {} } };
  const blocks = Object.entries(configuration).filter(([, block]) => !isObject(block) || Object.keys(block).length > 0);
  return `${JSON.stringify({ ...Object.fromEntries(blocks), terraform: more.length === 0 ? own : [own, ...more] }, undefined, 2)}\n`;
}

/** Where the line of such a text (from 1) stands in the configuration: `resource.aws_db_instance.main.engine`. */
export function pathOfLine(text: string, line: number): string | undefined {
  const path: (string | number)[] = [];
  for (const each of text.split('\n').slice(0, line)) {
    const level = (each.length - each.trimStart().length) / 2 - 1;
    if (level < 0) continue;
    const before = path[level];
    const [, key] = /^ *("(?:[^"\\]|\\.)*"): /.exec(each) ?? [];
    const isEnd = /^ *[\]}],?$/.test(each);
    path.length = Math.min(path.length, isEnd ? level + 1 : level);
    if (isEnd) continue;
    path.push(key !== undefined ? (JSON.parse(key) as string) : typeof before === 'number' ? before + 1 : 0);
  }
  return path.length === 0 ? undefined : pathText(path);
}

/** Where a resource or data source stands: `resource.aws_subnet.a` for `aws_subnet.a[0]`; undefined for what is in a module. */
export function pathOfAddress(configuration: JsonObject, address: string): Path | undefined {
  const [, data, type, name] = /^(data\.)?([\w-]+)\.([\w-]+)(?:\[.*\])?$/.exec(address) ?? [];
  if (type === undefined || name === undefined) return undefined;
  const kind = data ? 'data' : 'resource';
  const there: Json | undefined = isObject(configuration[kind]) ? configuration[kind][type] : undefined;
  return isObject(there) && Object.hasOwn(there, name) ? [kind, type, name] : undefined;
}

/** The same, but what is in a module stands where that is: `module.net` for `module.net.aws_subnet.a`. */
export function placeOfAddress(configuration: JsonObject, address: string): Path | undefined {
  const module = /^module\.([\w-]+)/.exec(address)?.[1];
  if (module === undefined) return pathOfAddress(configuration, address);
  return isObject(configuration.module) && Object.hasOwn(configuration.module, module) ? ['module', module] : undefined;
}

/** Addresses of all that is written in it, as `type.name` and `data.type.name`. */
export function addressesIn(configuration: JsonObject): readonly { readonly address: string; readonly isData: boolean }[] {
  return (['resource', 'data'] as const).flatMap((kind) =>
    blocksOf(configuration[kind])
      .flatMap((block) => Object.entries(block))
      .flatMap(([type, named]) =>
        blocksOf(named)
          .flatMap((block) => Object.keys(block))
          .map((name) => ({ address: `${kind === 'data' ? 'data.' : ''}${type}.${name}`, isData: kind === 'data' })),
      ),
  );
}

/** The resources and modules that constructs of the program have made. */
export function writtenIn({ constructs }: JsonObject): readonly WishedPart[] {
  return Object.entries(isObject(constructs) ? constructs : {}).flatMap(([name, path]) => {
    const [type = '', id = ''] = name.split('.');
    if (type === 'data' || typeof path !== 'string') return [];
    const at = ['configuration', ...(type === 'module' ? [type, id] : ['resource', type, id])];
    return [{ name, type, at, construct: path.split('/') }];
  });
}
