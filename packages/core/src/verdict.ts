// Is a step done, failed, or worth waiting for, and until when? Asked anew at every observation and at every time it names.
import { type DatedFinding, failsAt, type Observation } from './health';
import { type Problem, sourceText } from './problem';
import { type ResourceId, type Settings, type SourceTable, shortId, sourceOf } from './spec';

/** A step that was applied, with all that is known of it since. */
export interface Waiting {
  readonly id: ResourceId;
  readonly wish: 'ready' | 'gone';
  /** What the apply answered; an observation of another object or of an older generation does not count. */
  readonly uid?: string;
  readonly generation?: number;
  readonly observation?: Observation;
  readonly findings: readonly DatedFinding[];
  /** Milliseconds since the epoch, as the two below. */
  readonly appliedAt: number;
  /** When the last change was seen in its health or in what hangs from it. */
  readonly changedAt: number;
  /** When the whole operation must be over. */
  readonly deadline: number;
}

/** Is a step done, failed, or still to be waited for? */
export type Verdict =
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly problem: Problem }
  /** Ask again at this time, if nothing was observed before. */
  | { readonly state: 'waiting'; readonly until: number };

/** Judges a step at the time `now`: done comes first, then a finding whose grace is over, then the three timeouts of the settings. */
export function verdictOf(waiting: Waiting, settings: Settings, sources: SourceTable, now: number): Verdict {
  if (waiting.wish === 'gone' ? isGone(waiting) : isReady(waiting)) return { state: 'done' };
  const failing = waiting.findings
    .flatMap((finding) => {
      const at = failsAt(finding, settings);
      return at === undefined ? [] : [{ finding, at }];
    })
    .sort((a, b) => a.at - b.at);
  const first = failing[0];
  if (first && first.at <= now) return { state: 'failed', problem: findingProblem(waiting, first.finding, sources) };
  if (waiting.deadline <= now) {
    const when = `and the whole operation may last ${settings.totalTimeout} s`;
    return { state: 'failed', problem: timeoutProblem(waiting, when, 'totalTimeout', sources) };
  }
  const timeout = waiting.appliedAt + settings.resourceTimeout * 1000;
  if (timeout <= now)
    return { state: 'failed', problem: timeoutProblem(waiting, `after ${settings.resourceTimeout} s`, 'resourceTimeout', sources) };
  const standstill = waiting.changedAt + settings.noProgressTimeout * 1000;
  if (standstill <= now) {
    return {
      state: 'failed',
      problem: timeoutProblem(waiting, `and nothing has changed for ${settings.noProgressTimeout} s`, 'noProgressTimeout', sources),
    };
  }
  return { state: 'waiting', until: Math.min(timeout, standstill, waiting.deadline, first?.at ?? Infinity) };
}

/** Does this observation speak of what was applied: this very object, and not of an older generation of it? */
export function isCurrent(applied: Pick<Waiting, 'uid' | 'generation'>, observation: Observation): boolean {
  if (applied.uid !== undefined && observation.uid !== applied.uid) return false;
  return applied.generation === undefined || observation.generation === undefined || observation.generation >= applied.generation;
}

/** What was wished to rest (a paused Deployment, a suspended CronJob) is as wished when it rests. */
function isReady(waiting: Waiting): boolean {
  const { observation } = waiting;
  const isAsWished = observation?.health === 'ready' || observation?.health === 'suspended';
  return observation?.exists === true && isAsWished && isCurrent(waiting, observation);
}

/** Another object under the same name does not matter to a delete. */
function isGone(waiting: Waiting): boolean {
  const { observation } = waiting;
  return observation !== undefined && (!observation.exists || (waiting.uid !== undefined && observation.uid !== waiting.uid));
}

function findingProblem(waiting: Waiting, finding: DatedFinding, sources: SourceTable): Problem {
  const source = sourceOf(sources, waiting.id, finding.field);
  return {
    code: 'RESOURCE_FAILED',
    message: [
      `${shortId(waiting.id)} will not ${waiting.wish === 'gone' ? 'go' : 'become ready'}: ${findingText(finding)}`,
      ...detailLines(finding, sources),
    ].join('\n'),
    hint: finding.field
      ? `Look at ${finding.field}${source ? ', at the line below' : ''}; mend it and apply again.`
      : 'Mend it and apply again.',
    at: waiting.id,
    ...(source ? { source } : {}),
  };
}

/** Messages from the cluster mostly hold the code already. */
function findingText({ on, code, message }: DatedFinding): string {
  return `${on}: ${message.includes(code) ? '' : `${code}, `}${message}`;
}

function timeoutProblem(waiting: Waiting, when: string, setting: string, sources: SourceTable): Problem {
  const [why] = waiting.findings;
  const source = sourceOf(sources, waiting.id, why?.field);
  const wish = waiting.wish === 'gone' ? 'gone' : 'ready';
  const seen = why ? findingText(why) : (waiting.observation?.message ?? 'nothing was observed of it');
  const look = why?.field ? `Look at ${why.field}${source ? ', at the line below' : ''}. ` : '';
  return {
    code: 'RESOURCE_TIMEOUT',
    message: [`${shortId(waiting.id)} is not ${wish} ${when}: ${seen}`, ...detailLines(why, sources)].join('\n'),
    hint: `${look}If it needs longer, raise ${setting} in the workspace's settings.`,
    at: waiting.id,
    ...(source ? { source } : {}),
  };
}

function detailLines(finding: DatedFinding | undefined, sources: SourceTable): readonly string[] {
  return [...(finding?.details ?? []), ...leadLines(finding, sources)].map((line) => `  ${line}`);
}

/** `see data.host of ConfigMap/settings, set at projects/shop/app.ts:9` */
function leadLines(finding: DatedFinding | undefined, sources: SourceTable): readonly string[] {
  return (finding?.leads ?? []).map(({ id, field }) => {
    const source = sourceOf(sources, id, field);
    return `see ${field} of ${shortId(id)}${source ? `, set at ${sourceText(source)}` : ''}`;
  });
}
