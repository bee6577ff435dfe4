// Shows an operation on a terminal: redraws the screen in place while it runs and leaves a clean transcript behind.
import { type Event, emptyView, type OperationResult, reduce, type SourceTable, type View } from '@konfig/core';
import { screenLines } from './live-screen';
import { openPainter, type TerminalClock, type TerminalStream } from './painter';
import { type NameOf, resourceNames } from './resource-name';
import { resultText } from './result-text';
import type { Style } from './style';
import { transcriptText } from './transcript-text';

export interface TerminalOptions extends Style {
  readonly sources: SourceTable;
  readonly clock: TerminalClock;
}

/** Shows all events until the last; the answer is the view at the end. Its transcript and result are printed by then. */
export async function showLive(events: AsyncIterable<Event>, stream: TerminalStream, options: TerminalOptions): Promise<View> {
  let view = emptyView;
  let nameOf: NameOf = resourceNames([]);
  let result: OperationResult | undefined;
  // The plan stands above.
  stream.write('\n');
  const painter = openPainter(stream, options.clock, (now, size) => screenLines(view, now, size, { ...options, nameOf }));
  try {
    for await (const event of events) {
      view = reduce(view, event);
      if (event.type === 'operation-started') nameOf = resourceNames(view.steps.keys());
      if (event.type === 'operation-finished') result = event;
      painter.draw();
    }
  } finally {
    painter.close();
  }
  const width = stream.columns || 80;
  const transcript = transcriptText(view, { ...options, width, nameOf });
  stream.write(transcript === '' ? '' : `${transcript}\n`);
  if (result) stream.write(resultText(view, result, { ...options, width }));
  return view;
}
