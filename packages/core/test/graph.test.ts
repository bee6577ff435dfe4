import fc from 'fast-check';
import { arrange, type DependencyEdge, withoutDropped } from '../src/graph';

const waits = (from: string, on: string, explicit = true): DependencyEdge => ({ from, on, until: 'ready', explicit });

test('every node comes after what it waits for, ties in the order of the input', () => {
  expect(arrange(['web', 'a', 'db', 'b'], [waits('web', 'db')]).sorted).toEqual(['a', 'db', 'web', 'b']);
});

test('a derived edge gives way to an explicit one', () => {
  const edges = [waits('a', 'b', false), waits('b', 'a')];
  expect(arrange(['a', 'b'], edges)).toEqual({ sorted: ['a', 'b'], dropped: [edges[0]], cycles: [] });
});

test('a cycle of explicit edges is reported as a walk, and the rest is put in order all the same', () => {
  const edges = [waits('a', 'b'), waits('b', 'c'), waits('c', 'a'), waits('d', 'a')];
  const { sorted, cycles, dropped } = arrange(['d', 'a', 'b', 'c'], edges);
  expect(cycles).toEqual([['a', 'b', 'c', 'a']]);
  expect(dropped).toEqual([]);
  expect(sorted.indexOf('d')).toBeGreaterThan(sorted.indexOf('a'));
});

test('who waits for itself is a cycle', () => {
  expect(arrange(['a'], [waits('a', 'a')]).cycles).toEqual([['a', 'a']]);
});

test('a derived edge beside a cycle of explicit ones is not dropped for it', () => {
  const edges = [waits('a', 'b'), waits('b', 'a'), waits('a', 'c', false)];
  expect(arrange(['a', 'b', 'c'], edges)).toMatchObject({ dropped: [], cycles: [expect.anything()] });
});

const nodes = ['a', 'b', 'c', 'd', 'e', 'f'];
const edge = fc
  .tuple(fc.constantFrom(...nodes), fc.constantFrom(...nodes), fc.boolean())
  .map(([from, on, explicit]) => waits(from, on, explicit));
const graph = fc.uniqueArray(edge, { maxLength: 14, selector: ({ from, on }) => `${from} ${on}` });
const order = fc.shuffledSubarray(nodes, { minLength: 1 });

test('every order holds each node once and respects the edges that were kept', () => {
  fc.assert(
    fc.property(order, graph, (input, edges) => {
      const arrangement = arrange(input, edges);
      const place = new Map(arrangement.sorted.map((node, i) => [node, i]));
      expect([...arrangement.sorted].sort()).toEqual([...input].sort());
      for (const { explicit } of arrangement.dropped) expect(explicit).toBe(false);
      if (arrangement.cycles.length > 0) return;
      for (const { from, on } of withoutDropped(edges, arrangement)) {
        const [here, there] = [place.get(from), place.get(on)];
        if (here !== undefined && there !== undefined) expect(here).toBeGreaterThan(there);
      }
    }),
  );
});

test('cycles are reported when, and only when, explicit edges close one, and each is one', () => {
  fc.assert(
    fc.property(order, graph, (input, edges) => {
      const explicit = edges.filter((one) => one.explicit && input.includes(one.from) && input.includes(one.on));
      const { cycles } = arrange(input, edges);
      expect(cycles.length > 0).toBe(input.some((node) => reaches(node, node, explicit)));
      for (const cycle of cycles) {
        expect(cycle[0]).toBe(cycle.at(-1));
        cycle.slice(1).forEach((on, i) => {
          expect(explicit).toContainEqual(waits(cycle[i] as string, on));
        });
      }
    }),
  );
});

test('without edges the order is that of the input', () => {
  fc.assert(fc.property(order, (input) => expect(arrange(input, []).sorted).toEqual(input)));
});

test('a hundred thousand edges are no matter', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => `n${i}`);
  const edges = many.flatMap((from, i) => [1, 2, 3, 5, 8].filter((d) => d <= i).map((d) => waits(from, `n${i - d}`)));
  expect(arrange([...many].reverse(), edges).sorted[0]).toBe('n0');
});

function reaches(from: string, to: string, edges: readonly DependencyEdge[], seen = new Set<string>()): boolean {
  return edges.some((one) => {
    if (one.from !== from) return false;
    if (one.on === to) return true;
    if (seen.has(one.on)) return false;
    seen.add(one.on);
    return reaches(one.on, to, edges, seen);
  });
}
