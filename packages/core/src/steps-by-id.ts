// A map whose keys never change and whose older states stay readable: one more state costs the square root of its size, not all of it.
import type { ResourceId } from './spec';

export class StepsById<T> implements ReadonlyMap<ResourceId, T> {
  readonly #places: ReadonlyMap<ResourceId, number>;
  readonly #chunks: readonly (readonly T[])[];
  readonly #chunkSize: number;

  private constructor(places: ReadonlyMap<ResourceId, number>, chunks: readonly (readonly T[])[], chunkSize: number) {
    this.#places = places;
    this.#chunks = chunks;
    this.#chunkSize = chunkSize;
  }

  static of<T>(entries: readonly (readonly [ResourceId, T])[]): StepsById<T> {
    const unique = [...new Map(entries)];
    const chunkSize = Math.max(1, Math.ceil(Math.sqrt(unique.length)));
    const chunks: T[][] = [];
    for (let i = 0; i < unique.length; i += chunkSize) chunks.push(unique.slice(i, i + chunkSize).map(([, value]) => value));
    return new StepsById(new Map(unique.map(([id], i) => [id, i])), chunks, chunkSize);
  }

  /** The same with another value for a key that it has. */
  with(id: ResourceId, value: T): StepsById<T> {
    const place = this.#places.get(id);
    if (place === undefined) return this;
    const chunks = this.#chunks.slice();
    const chunk = (chunks[Math.floor(place / this.#chunkSize)] as readonly T[]).slice();
    chunk[place % this.#chunkSize] = value;
    chunks[Math.floor(place / this.#chunkSize)] = chunk;
    return new StepsById(this.#places, chunks, this.#chunkSize);
  }

  get size(): number {
    return this.#places.size;
  }

  get(id: ResourceId): T | undefined {
    const place = this.#places.get(id);
    return place === undefined ? undefined : this.#chunks[Math.floor(place / this.#chunkSize)]?.[place % this.#chunkSize];
  }

  has(id: ResourceId): boolean {
    return this.#places.has(id);
  }

  forEach(visit: (value: T, key: ResourceId, map: ReadonlyMap<ResourceId, T>) => void): void {
    for (const [id, value] of this) visit(value, id, this);
  }

  keys(): MapIterator<ResourceId> {
    return this.#places.keys();
  }

  *values(): MapIterator<T> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  *entries(): MapIterator<[ResourceId, T]> {
    for (const id of this.#places.keys()) yield [id, this.get(id) as T];
  }

  [Symbol.iterator](): MapIterator<[ResourceId, T]> {
    return this.entries();
  }
}
