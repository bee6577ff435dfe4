/** What simulated containers have said, by pod and container: in their last run, and in the one that a restart came after. */
export class Logs {
  private readonly lines = new Map<string, { previous: string[] | undefined; current: string[] }>();

  write(uid: string, container: string, line: string): void {
    this.of(uid, container).current.push(line);
  }

  /** A run ended and another is to come: until it begins, both the last run and the previous one are this. */
  end(uid: string, container: string): void {
    const known = this.of(uid, container);
    known.previous = known.current;
  }

  begin(uid: string, container: string): void {
    this.of(uid, container).current = [];
  }

  read(uid: string, container: string): readonly string[] {
    return this.lines.get(`${uid}/${container}`)?.current ?? [];
  }

  /** Nothing when no run came before. */
  readPrevious(uid: string, container: string): readonly string[] | undefined {
    return this.lines.get(`${uid}/${container}`)?.previous;
  }

  forget(uid: string): void {
    for (const key of this.lines.keys()) if (key.startsWith(`${uid}/`)) this.lines.delete(key);
  }

  private of(uid: string, container: string): { previous: string[] | undefined; current: string[] } {
    const key = `${uid}/${container}`;
    let known = this.lines.get(key);
    if (!known) {
      known = { previous: undefined, current: [] };
      this.lines.set(key, known);
    }
    return known;
  }
}
