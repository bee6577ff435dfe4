// The contract of every release store, over Secrets. A Secret is written whole, so what is cut in half in a file is here a Secret that
// somebody deleted, or a part of one that somebody edited.
import { createHash, randomUUID } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Lock } from '@konfig/core';
import { holderOf, stack } from '../../../engine/test/records';
import { storeContract } from '../../../engine/test/store-contract';
import { kubernetesStore } from '../../src';
import { startWorld, type TestWorld } from './world';

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

interface Secret {
  readonly metadata: { readonly name: string };
  readonly data: Readonly<Record<string, string>>;
}

interface Index {
  readonly version: string;
  readonly record: { readonly digest: string };
  readonly releases: readonly {
    readonly summary: { readonly number: number };
    readonly release: { readonly digest: string };
    readonly journal?: readonly string[];
  }[];
}

storeContract('Secrets', async () => {
  const namespace = `records-${randomUUID()}`;
  const ended = new Set<number>();
  const open = () => kubernetesStore(world.connection, { namespace, hasEnded: ({ pid }) => ended.has(pid) });
  const store = open();
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  const name = `konfig-shop-prod-${createHash('sha256').update(stack).digest('hex').slice(0, 12)}`;
  const readIndex = async () => (await world.send('GET', `${path}/${name}`)).body as unknown as Secret;
  const contentOf = (secret: Secret) => JSON.parse(gunzipSync(Buffer.from(secret.data.index as string, 'base64')).toString()) as Index;
  const writeData = (secret: Secret, data: Readonly<Record<string, string>>) =>
    world.send('PUT', `${path}/${name}`, { ...secret, data: { ...secret.data, ...data } });

  return {
    store,
    again: open,
    async truncate(what) {
      const secret = await readIndex();
      const content = contentOf(secret);
      if (what === 'record') {
        const { digest } = content.record;
        const text = secret.data[digest] as string;
        await writeData(secret, { [digest]: text.slice(0, 4 * Math.floor(text.length / 8)) });
        return name;
      }
      const release = content.releases.find(({ summary }) => summary.number === what);
      const chunk = `${name}-${release?.release.digest}-0`;
      expect((await world.send('DELETE', `${path}/${chunk}`)).status).toBe(200);
      return chunk;
    },
    async writeVersion(version) {
      const secret = await readIndex();
      await writeData(secret, { index: gzipSync(JSON.stringify({ ...contentOf(secret), version })).toString('base64') });
      return name;
    },
    async breakJournal(number) {
      const journal = contentOf(await readIndex()).releases.find(({ summary }) => summary.number === number)?.journal?.[0];
      const secret = (await world.send('GET', `${path}/${journal}`)).body as unknown as Secret;
      const data = { ...secret.data, '000001': (secret.data['000001'] as string).slice(0, 20) };
      await world.send('PUT', `${path}/${journal}`, { ...secret, data });
      return { name: `Secret ${namespace}/${journal}`, remove: async () => void (await world.send('DELETE', `${path}/${journal}`)) };
    },
    async takeOver(_lock: Lock) {
      // To the store its holder is a process that is gone.
      const lease = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`;
      const { body } = await world.send('GET', lease);
      const metadata = body.metadata as { readonly annotations?: Readonly<Record<string, string>> };
      const annotations = { ...metadata.annotations, 'konfig.dev/process': JSON.stringify({ machine: 'here', pid: 4711 }) };
      await world.send('PUT', lease, { ...body, metadata: { ...metadata, annotations } });
      ended.add(4711);
      return store.lock(stack, holderOf('bob'));
    },
  };
});
