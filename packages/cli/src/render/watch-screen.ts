// A stack's status on a terminal, kept true: drawn again in place at each change; when it ends, the last one stays as text.
import { openPainter, type TerminalClock, type TerminalStream } from './painter';
import { type StackStatus, statusScreen, statusText } from './status-text';
import type { Style } from './style';

export interface WatchScreenOptions extends Style {
  readonly clock: TerminalClock;
}

/** A picture of what is told to it. */
export interface WatchScreen {
  show(status: StackStatus): void;
  /** The picture goes, and the last status stands there whole. */
  close(): void;
}

export function openWatchScreen(stream: TerminalStream, { clock, ...style }: WatchScreenOptions): WatchScreen {
  let last: StackStatus | undefined;
  const painter = openPainter(stream, clock, (now, { columns, rows }) =>
    last ? statusScreen(last, { ...style, width: columns, now }, rows) : ['looks'],
  );
  return {
    show(status) {
      last = status;
      painter.draw();
    },
    close() {
      painter.close();
      if (last) stream.write(statusText(last, { ...style, width: stream.columns || 80, now: clock.now() }));
    },
  };
}
