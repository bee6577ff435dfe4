// Packages that programs are written with beside the SDK, and that take long to load.
import type { Bundle } from './bundle';

/** Those that a program requires, by name. They are kept compiled for it as the SDK is; a program without them loads none of them. */
export function companionsOf({ code }: Pick<Bundle, 'code'>): readonly string[] {
  const found = [...code.matchAll(/\brequire\("(cdktf|cdktn|cdk8s-plus-\d+)"\)/g)].map(([, name]) => name as string);
  return [...new Set(found)].sort();
}
