// What a service may rely on in its store, whichever it is.
import type { Store, StoredResource } from '../src';

const web: StoredResource = {
  type: 'Entry',
  name: 'web',
  uid: 'uid-1',
  version: 1,
  generation: 1,
  owner: 'konfig stack shop/prod',
  config: { port: 8080 },
  digests: {},
  outputs: {},
  secrets: {},
  health: { status: 'ready', message: 'is there' },
  state: 'there',
};
const { owner: _, ...nobodys } = web;

/** `open` gives another view of the same store each time, as two processes have it. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(`the store ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
      for (const one of await store.list({ limit: 1000 })) await store.remove(one);
    });

    test('keeps what was put last, until it is removed', async () => {
      expect(await store.get('Entry', 'web')).toBeUndefined();
      await store.put(web);
      await store.put({ ...web, version: 2, config: { port: 9090, 'a/b': null } });
      expect(await store.get('Entry', 'web')).toEqual({ ...web, version: 2, config: { port: 9090, 'a/b': null } });
      await store.remove(web);
      expect(await store.get('Entry', 'web')).toBeUndefined();
    });

    test('keeps what belongs to nobody as such', async () => {
      await store.put(nobodys);
      expect(await store.get('Entry', 'web')).toEqual(nobodys);
    });

    test('lists in the order of type and name, by either, and page by page', async () => {
      for (const name of ['b', 'a', 'B', 'a-1']) await store.put({ ...web, name });
      await store.put({ ...web, type: 'Alias', name: 'z' });
      await store.put({ ...web, name: 'c', owner: 'somebody' });
      const names = async (listing: Parameters<Store['list']>[0]) => (await store.list(listing)).map(({ type, name }) => `${type}/${name}`);
      expect(await names({ limit: 100 })).toEqual(['Alias/z', 'Entry/B', 'Entry/a', 'Entry/a-1', 'Entry/b', 'Entry/c']);
      expect(await names({ type: 'Entry', limit: 2 })).toEqual(['Entry/B', 'Entry/a']);
      expect(await names({ type: 'Entry', limit: 2, after: 'Entry/a' })).toEqual(['Entry/a-1', 'Entry/b']);
      expect(await names({ owner: 'somebody', limit: 100 })).toEqual(['Entry/c']);
    });

    test('tells every change once, in their order', async () => {
      const start = await store.lastChange();
      await store.put(web);
      await store.put({ ...web, version: 2 });
      await store.remove(web);
      const changes = (await store.changesAfter(start)) ?? [];
      expect(changes.map(({ name, uid, resource }) => [name, uid, resource?.version])).toEqual([
        ['web', 'uid-1', 1],
        ['web', 'uid-1', 2],
        ['web', 'uid-1', undefined],
      ]);
      expect(changes.at(-1)?.at).toBe(await store.lastChange());
      expect(await store.changesAfter(changes[0]?.at as number)).toHaveLength(2);
      expect(await store.changesAfter(await store.lastChange())).toEqual([]);
      expect(await store.changesAfter((await store.lastChange()) + 1)).toBeUndefined();
    });

    test('tells changes that come at once without passing over one', async () => {
      const start = await store.lastChange();
      const names = Array.from({ length: 20 }, (_, i) => `thing-${i}`);
      const seen: string[] = [];
      let at = start;
      const look = async () => {
        for (const change of (await store.changesAfter(at)) ?? []) {
          seen.push(change.name);
          at = change.at;
        }
      };
      const writing = Promise.all(names.map((name) => store.put({ ...web, name })));
      while (seen.length < names.length) await look();
      await writing;
      expect(seen.sort()).toEqual(names.sort());
    });

    test('remembers the answer to a key', async () => {
      const key = `key-${Math.random()}`;
      expect(await store.recall(key)).toBeUndefined();
      await store.remember(key, { wish: 'w', uid: 'uid-1' });
      expect(await store.recall(key)).toEqual({ wish: 'w', uid: 'uid-1' });
    });

    test('lets one after the other work on one resource, and others beside; a failure lets the next one in', async () => {
      const log: string[] = [];
      let open = () => {};
      const gate = new Promise<void>((resolve) => {
        open = resolve;
      });
      const first = store.exclusive('Entry/web', async () => {
        log.push('first begins');
        await gate;
        log.push('first ends');
        throw new Error('it failed');
      });
      const second = store.exclusive('Entry/web', async () => void log.push('second'));
      await store.exclusive('Entry/db', async () => void log.push('other'));
      open();
      await expect(first).rejects.toThrow('it failed');
      await second;
      expect(log.filter((line) => line !== 'other')).toEqual(['first begins', 'first ends', 'second']);
      expect(log.indexOf('other')).toBeLessThan(log.indexOf('first ends'));
    });

    test('lets many work at once, each with further questions to it', async () => {
      const work = Array.from({ length: 30 }, (_, i) =>
        store.exclusive(`Entry/many-${i}`, async () => {
          await store.put({ ...web, name: `many-${i}` });
          return (await store.get('Entry', `many-${i}`))?.name;
        }),
      );
      expect((await Promise.all(work)).length).toBe(30);
    });
  });
}
