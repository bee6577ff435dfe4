// Options that may be given several times: `--target a --target b`. A list that yargs fills itself would also take the stack's name behind it.

/** What yargs gives for such an option. */
export type Several = string | readonly string[] | undefined;

/** As a list; undefined where it was not given. */
export function severalOf(given: Several): readonly string[] | undefined {
  return typeof given === 'string' ? [given] : given;
}
