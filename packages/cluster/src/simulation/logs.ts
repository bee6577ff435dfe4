/** What simulated containers have said, by pod and container, the run before the present one kept apart. */
export class Logs {
  private readonly lines = new Map<string, { previous: string[]; current: string[] }>();

  write(uid: string, container: string, line: string): void {
    this.of(uid, container).current.push(line);
  }

  restart(uid: string, container: string): void {
    const known = this.of(uid, container);
    known.previous = known.current;
    known.current = [];
  }

  read(uid: string, container: string, previous: boolean): readonly string[] {
    const known = this.lines.get(`${uid}/${container}`);
    return (previous ? known?.previous : known?.current) ?? [];
  }

  forget(uid: string): void {
    for (const key of this.lines.keys()) if (key.startsWith(`${uid}/`)) this.lines.delete(key);
  }

  private of(uid: string, container: string): { previous: string[]; current: string[] } {
    const key = `${uid}/${container}`;
    let known = this.lines.get(key);
    if (!known) {
      known = { previous: [], current: [] };
      this.lines.set(key, known);
    }
    return known;
  }
}
