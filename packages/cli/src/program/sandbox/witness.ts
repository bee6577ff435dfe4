// Notes each use of something guarded that counts, with the line of the program that led to it.
import { KonfigError, type Problem, type SourceLine, sourceText } from '@konfig/core';
import { callers, directFile, type Place } from './caller';
import type { Guarded } from './impure';
import { subjects } from './subjects';

export interface WitnessOptions {
  /** The file that the program's code runs as. */
  readonly bundleFile: string;
  /** The line of the program or of a library in it; whether it is the program's own. */
  readonly locate: (place: Place) => { readonly line: SourceLine; readonly isOwn: boolean } | undefined;
  /** How a file outside of the bundle is called in messages. */
  readonly nameOf: (file: string) => string;
  /** Hears of each thing that counts, once for each place. */
  readonly note: (problem: Problem) => void;
}

/** More than this nobody reads. */
const mostNotes = 50;

export class Witness {
  readonly #noted = new Set<string>();
  #loading = 0;
  #isResting = false;

  #options: WitnessOptions | undefined;

  /** From now on it tells. */
  attend(options: WitnessOptions): void {
    this.#options = options;
  }

  /** Sees nothing until the answer is called. */
  rest(): () => void {
    this.#isResting = true;
    return () => {
      this.#isResting = false;
    };
  }

  /** Runs what loads a package. */
  whileLoading<T>(load: () => T): T {
    this.#loading++;
    try {
      return load();
    } finally {
      this.#loading--;
    }
  }

  /** Notes a use if it counts; throws where the program cannot go on. `said` is what was used: `Date.now()`. */
  saw(said: string, entry: Guarded): void {
    if (this.#isResting) return;
    if (this.#counts(entry)) this.#note(said, entry);
    else if (entry.gives === 'an exception to all') throw new Error(`A program of Konfig has no ${said}.`);
  }

  #note(said: string, entry: Guarded): void {
    const options = this.#options;
    if (!options) throw new Error(`${said} is used before there is a program.`);
    const problem = problemOf(said, entry, options);
    const key = `${said} ${problem.source ? sourceText(problem.source) : ''}`;
    if (!this.#noted.has(key) && this.#noted.size < mostNotes) {
      this.#noted.add(key);
      options.note(problem);
    }
    if (entry.gives === 'an exception' || entry.gives === 'an exception to all') throw new KonfigError(problem);
  }

  #counts({ counts }: Guarded): boolean {
    if (counts === 'once loaded') return this.#loading === 0;
    // Node reads the environment when somebody prints: that is not the program's call.
    return counts === 'always' || directFile() === this.#options?.bundleFile;
  }
}

function problemOf(said: string, { subject }: Guarded, options: WitnessOptions): Problem {
  const { bundleFile, locate } = options;
  const { does, hint, hintOfPackage = hint } = subjects[subject];
  const places = callers();
  const lines = places.flatMap((place) => (place.file === bundleFile ? (locate(place) ?? []) : []));
  const source = (lines.find(({ isOwn }) => isOwn) ?? lines[0])?.line;
  const by = placeText(options, places[0], lines[0]?.line);
  const isElsewhere = by !== undefined && by !== (source && sourceText(source));
  const message = `The program ${does}: ${said}.${isElsewhere ? ` The call stands in ${by}.` : ''}`;
  const isInPackage = places[0] !== undefined && places[0].file !== bundleFile;
  return { code: 'PROGRAM_IMPURE', message, hint: isInPackage ? hintOfPackage : hint, ...(source && { source }) };
}

/** Where the call itself stands: in a package, or in a line of the bundle. */
function placeText(options: WitnessOptions, direct: Place | undefined, line: SourceLine | undefined): string | undefined {
  if (direct && direct.file !== options.bundleFile) return options.nameOf(direct.file);
  return line && sourceText(line);
}
