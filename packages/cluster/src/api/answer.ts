import type { WatchRequest } from './watch';

/** What a request gets: one text, or a watch that goes on. */
export type Answer =
  | { readonly kind: 'body'; readonly status: number; readonly type: string; readonly text: string; readonly warnings: readonly string[] }
  | { readonly kind: 'watch'; readonly watch: WatchRequest; readonly warnings: readonly string[] };
