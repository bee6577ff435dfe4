import type { LogRequest } from './log';
import type { WatchRequest } from './watch';

/** What a request gets: one text, or a watch or a log that goes on. */
export type Answer =
  | { readonly kind: 'body'; readonly status: number; readonly type: string; readonly text: string; readonly warnings: readonly string[] }
  | { readonly kind: 'watch'; readonly watch: WatchRequest; readonly warnings: readonly string[] }
  | { readonly kind: 'log'; readonly log: LogRequest; readonly warnings: readonly string[] };
