/** One line of a log, and when it was said in milliseconds since 1970. */
export interface LogLine {
  readonly time: number;
  readonly text: string;
}

/** Hears what a container says from now on; nothing means that its run has ended. */
export type LogListener = (line: LogLine | undefined) => void;

/** What simulated containers have said, by pod and container: in their last run, and in the one that a restart came after. */
export class Logs {
  private readonly books = new Map<string, Book>();

  write(uid: string, container: string, line: LogLine): void {
    const book = this.of(uid, container);
    book.current.push(line);
    for (const listener of [...book.listeners]) listener(line);
  }

  begin(uid: string, container: string): void {
    this.of(uid, container).current = [];
  }

  /** A run ended: nothing more is said in it. */
  finish(uid: string, container: string): void {
    const { listeners } = this.of(uid, container);
    for (const listener of [...listeners]) listener(undefined);
    listeners.clear();
  }

  /** A run ended and another is to come: until it begins, both the last run and the previous one are this. */
  end(uid: string, container: string): void {
    const known = this.of(uid, container);
    known.previous = known.current;
  }

  read(uid: string, container: string): readonly LogLine[] {
    return this.books.get(keyOf(uid, container))?.current ?? [];
  }

  /** Nothing when no run came before. */
  readPrevious(uid: string, container: string): readonly LogLine[] | undefined {
    return this.books.get(keyOf(uid, container))?.previous;
  }

  /** Gives back how to stop listening. */
  follow(uid: string, container: string, listener: LogListener): () => void {
    const { listeners } = this.of(uid, container);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  forget(uid: string): void {
    for (const [key, { listeners }] of this.books) {
      if (!key.startsWith(`${uid}/`)) continue;
      for (const listener of [...listeners]) listener(undefined);
      this.books.delete(key);
    }
  }

  private of(uid: string, container: string): Book {
    const key = keyOf(uid, container);
    const known = this.books.get(key) ?? { previous: undefined, current: [], listeners: new Set<LogListener>() };
    this.books.set(key, known);
    return known;
  }
}

interface Book {
  previous: LogLine[] | undefined;
  current: LogLine[];
  readonly listeners: Set<LogListener>;
}

function keyOf(uid: string, container: string): string {
  return `${uid}/${container}`;
}
