// What the words mean that controllers write into the status of their objects. Kinds differ, but their authors choose from few words: those of the API
// conventions (https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md, "Typical status properties"),
// and what comes to everybody's mind for a thing that works, does not work yet, does not work, or rests.

/** What a word says of the object that it was written about. */
export type Tone = 'good' | 'busy' | 'bad' | 'paused';

/** The gravest first: what is in the way comes before what rests, and that before what is under way. */
const gravity: readonly Tone[] = ['bad', 'paused', 'busy', 'good'];

/** `InProgress`, `in-progress`, `IN_PROGRESS` and `platform.example.com/in-progress` as in, progress. */
export function wordsIn(name: string): readonly string[] {
  const own = name.slice(name.lastIndexOf('/') + 1);
  const parted = own.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
  return parted
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

const bad =
  /^(fail\w*|error\w*|degraded|stalled|invalid|unhealthy|terminal|conflict\w*|denied|forbidden|unauthorized|rejected|reject|unreachable|unresolved|violat\w+|timeout|timedout|exceeded|expired|abort\w*|crash\w*|misconfigured|mismatch\w*|unsupported|unschedulable|missing|lost|critical|red|noncompliant|incompatible|exception|\w+exception|broken|dead|evicted|offline|faulted|fatal|blocked|timed|bad|cancell?ed|corrupt\w*|cannot|unable)$/;

const paused = /^(paused?|pausing|suspend\w*|hibernat\w*|stopped|halted|dormant|cordoned)$/;

/** What is at work as it should be for good: these do not say that something is under way. */
const lasting =
  /^(running|serving|working|archiving|listening|streaming|operating|following|leading|existing|matching|using|replicating|monitoring|mirroring|forwarding|watching|peering|advertising|polling|tracking|consuming|producing|sharing|accepting|routing|balancing|responding|passing|caching)$/;

const busy =
  /^(progress\w*|pending|queued|inqueue|submitted|wait|waits|unready|almost|requires|recoverable|waiting|unknown|unavailable|uninitialized|unscheduled|unreconciled|unsynced|yellow|incomplete|partial|partially|transitioning|upgrade|rollout|rolling\w*|\w{2,}ing)$/;

const good =
  /^(ready|available|healthy|green|active|alive|bound|online|up|ok|okay|good|normal|fine|steady|stable|idle|open|opened|enabled|connected|accepted|programmed|attached|admitted|ensured|compliant|valid|validated|verified|resolved|issued|established|registered|joined|launched|initialized|installed|provisioned|deployed|created|updated|applied|configured|scheduled|started|synced|synchronized|insync|reconciled|succeeded|success|successful|successfully|complete|completed|finished|done|passed|released|published|current|live|operational|functional|functioning|reserved|claimed|mounted|formed|injected)$/;

/** What is done to an object as a whole, so that it is not as it should be even while it serves. Other words beside one that sums up tell what it does. */
const underWay =
  /^(progress|pending|(reconcil|progress|updat|upgrad|scal|deploy|install|provision|creat|restart|roll|resiz|migrat|initializ|configur|transition|delet|terminat|restor|recover|reboot|modify|promot|rotat|drain|paus|resum|bootstrapp|process|sync|synchroniz|apply|build|start)ing)$/;

/** Does a name say by its last word that something is done to an object? */
export function isUnderWay(name: string): boolean {
  const words = wordsIn(name);
  return underWay.test(words.at(-1) ?? '') && !words.includes('auto');
}

const negations = new Set(['not', 'no', 'non']);
/** Without these it will not go on by itself: `NotFound`, `NonCompliant`; what is not ready may still become so. */
const needed = /^(found|permitted|allowed|authorized|supported|compliant|valid|exist|exists|quorum)$/;
/** These are advice. */
const advice = /^(warnings?|recommendations?|limited)$/;

const finished = /^(succeeded|successful|success|complete|completed|finished|done)$/;

/** What these say of a thing that is to end is only that it has begun. */
const begun = /^(running|accepted|admitted|scheduled|prepared|started|launched|initialized|active)$/;

/** Kinds that end; those that start such, time after time, go on. */
const ending =
  /(Job|JobSet|Run|Workflow|Backup|Restore|Task|Migration|Experiment|Test|Build|Analysis|Evaluation|Promotion|Import|Export|Upload|Download|Copy)$/;
const repeating = /Cron|Schedule|Scaled|Template/;

/** Do objects of this kind come to an end, when all goes well? */
export function isEnding(kind: string): boolean {
  return ending.test(kind) && !repeating.test(kind);
}

/** Is an object of this kind one run of something, which tells its end? */
export function isRun(kind: string): boolean {
  return isEnding(kind) && /(Job|JobSet|Run)$/.test(kind);
}

/** Does a word say that something has come to a good end? */
export function tellsEnd(name: string): boolean {
  return finished.test(wordsIn(name).at(-1) ?? '');
}

/** Does a word say no more than that something has begun? */
export function tellsBeginning(name: string): boolean {
  return wordsIn(name).some((word) => begun.test(word)) && toneOf(name) !== 'bad';
}

/** What is said by a name such as that of a condition that is True, of a phase or of a reason; undefined where its words are nobody's. */
export function toneOf(name: string): Tone | undefined {
  const words = wordsIn(name);
  if (isAdvice(words)) return undefined;
  const tones = words.map((word, i) => (isDenied(words, i) ? denied(word) : toneOfWord(word)));
  // `ProvisioningSucceeded` has ended; else the gravest word counts: `FailedScale`, `ScalingUp`, `Waiting for Pods to be ready`.
  if (finished.test(words.at(-1) ?? '') && !tones.includes('bad')) return tones.at(-1);
  // `ScalingActive`: it may be scaled.
  if (words.at(-1) === 'active') return tones.at(-1);
  return gravity.find((tone) => tones.includes(tone));
}

function toneOfWord(word: string): Tone | undefined {
  if (bad.test(word)) return 'bad';
  if (paused.test(word)) return 'paused';
  if (lasting.test(word) || good.test(word)) return 'good';
  return busy.test(word) ? 'busy' : undefined;
}

/** Does a name speak of a warning? */
export function isAdvice(words: readonly string[]): boolean {
  return words.some((word) => advice.test(word));
}

/** `NotReady`, `NoWarnings`, `NoControllerFound` */
function isDenied(words: readonly string[], at: number): boolean {
  const before = words.slice(Math.max(0, at - 2), at);
  return negations.has(before.at(-1) ?? '') || (before[0] === 'no' && needed.test(words[at] as string));
}

function denied(word: string): Tone | undefined {
  if (needed.test(word)) return 'bad';
  const tone = toneOfWord(word);
  if (tone === 'good') return 'busy';
  return tone === 'bad' ? 'good' : tone;
}

/** Does a text for people say that something went wrong? */
export function tellsTrouble(text: string): boolean {
  return /\b(errors?|no \w+ (could|can)|failed|failure|fails|cannot|can't|could not|couldn't|unable to|invalid|denied|forbidden|unauthorized|not found|does not exist|not permitted|rejected|refused|timed out|terminated|unknown (field|flag|parameter))\b/i.test(
    text,
  );
}
