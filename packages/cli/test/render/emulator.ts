// A real terminal emulator, to see what people see.
import { EventEmitter } from 'node:events';
import { Terminal } from '@xterm/headless';
import type { TerminalStream } from '../../src/render/painter';

export interface Emulator {
  /** What a command writes to. */
  readonly stream: TerminalStream;
  /** All that was written, as it was. */
  readonly writes: readonly string[];
  /** All lines that are to be seen, those scrolled out too. */
  text(): Promise<string>;
  /** Of another size from now on; those who listen hear of it. */
  resize(columns: number, rows: number): Promise<void>;
}

export function openEmulator(columns: number, rows: number): Emulator {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  const writes: string[] = [];
  let written: Promise<void> = Promise.resolve();
  const stream = Object.assign(new EventEmitter(), {
    columns,
    rows,
    write(text: string) {
      writes.push(text);
      written = written.then(() => new Promise((resolve) => terminal.write(text, resolve)));
    },
  });
  return {
    stream,
    writes,
    async text() {
      await written;
      const { active } = terminal.buffer;
      const lines = Array.from({ length: active.length }, (_, i) => active.getLine(i)?.translateToString(true) ?? '');
      return lines.join('\n').trimEnd();
    },
    async resize(...size) {
      await written;
      [stream.columns, stream.rows] = size;
      terminal.resize(...size);
      stream.emit('resize');
    },
  };
}
