import type { Actor } from '../controllers/actor';
import { type Controller, keyOf, readKey } from '../controllers/controller';
import { hasEnded } from '../kinds/pod-phase';
import type { Pod } from '../objects';
import { advance, beginLife, type ContainerLog, type Life, type PodEvent } from './life';
import type { Logs } from './logs';
import { podStatus } from './pod-status';
import { missingForContainer, missingVolume } from './references';
import type { Settings } from './settings';

/** Plays the kubelet of every node: starts containers, lets them fail as asked, and says so as a kubelet does. */
export class Kubelet implements Controller {
  readonly name = 'kubelet';
  private readonly lives = new Map<string, Life>();
  private addresses = 0;

  constructor(
    private readonly settings: Settings,
    private readonly logs: Logs,
  ) {}

  readonly wakes: Controller['wakes'] = {
    pods: ({ type, object }) => {
      if (type !== 'DELETED') return [keyOf(object)];
      this.lives.delete(object.metadata.uid);
      this.logs.forget(object.metadata.uid);
      return [];
    },
    configmaps: ({ object }) => this.waitingIn(object.metadata.namespace ?? ''),
    secrets: ({ object }) => this.waitingIn(object.metadata.namespace ?? ''),
  };

  /** Pods that a change of faults may concern: all. */
  keys(): string[] {
    return [...this.lives.values()].map((life) => life.key);
  }

  reconcile(key: string, actor: Actor): number | undefined {
    const { namespace, name } = readKey(key);
    const pod = actor.get<Pod>('pods', namespace, name);
    if (!pod?.spec.nodeName) return undefined;
    if (pod.metadata.deletionTimestamp !== undefined) return this.stop(actor, pod);
    if (hasEnded(pod)) return undefined;
    const life = this.lifeOf(pod, actor.now());
    const due = advance(life, pod, {
      now: actor.now(),
      settings: this.settings,
      missingVolume: missingVolume(actor, pod),
      missingFor: (container) => missingForContainer(actor, pod, container),
      tell: (event) => tell(actor, pod, event),
      log: this.logOf(pod.metadata.uid, actor),
    });
    actor.setStatus('pods', pod, podStatus(pod, life, actor.now()));
    return due === undefined ? undefined : Math.max(0, due - actor.now());
  }

  private lifeOf(pod: Pod, now: number): Life {
    const known = this.lives.get(pod.metadata.uid);
    if (known) return known;
    const node = Number(pod.spec.nodeName?.replace(/^\D*/, '')) || 1;
    this.addresses++;
    const address = pod.status.podIP ?? `10.244.${node}.${(this.addresses % 250) + 2}`;
    const life = beginLife(keyOf(pod), pod, { now, address, settings: this.settings });
    this.lives.set(pod.metadata.uid, life);
    return life;
  }

  private logOf(uid: string, actor: Actor): ContainerLog {
    return {
      begin: (container) => this.logs.begin(uid, container),
      write: (container, text) => this.logs.write(uid, container, { time: actor.now(), text }),
      finish: (container) => this.logs.finish(uid, container),
      end: (container) => this.logs.end(uid, container),
    };
  }

  private stop(actor: Actor, pod: Pod): number | undefined {
    const life = this.lifeOf(pod, actor.now());
    if (life.stopAt === undefined) {
      life.stopAt = actor.now() + Math.min(this.settings.stopMillis, (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000);
      for (const container of pod.spec.containers) {
        tell(actor, pod, { type: 'Normal', reason: 'Killing', message: `Stopping container ${container.name}`, container: container.name });
      }
    }
    const left = life.stopAt - actor.now();
    if (left > 0) return left;
    actor.remove('pods', pod, { gracePeriodSeconds: 0 });
    return undefined;
  }

  private waitingIn(namespace: string): string[] {
    return [...this.lives.values()].filter((life) => life.waits && life.key.startsWith(`${namespace}/`)).map((life) => life.key);
  }
}

function tell(actor: Actor, pod: Pod, event: PodEvent): void {
  const inits = pod.spec.initContainers ?? [];
  const list = inits.some((container) => container.name === event.container) ? 'initContainers' : 'containers';
  actor.event(pod, event.type, event.reason, event.message, event.container && `spec.${list}{${event.container}}`);
}
