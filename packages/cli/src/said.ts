// Which of these options were said on the command line.

/** The names of the options that have a value: a flag that is off was not said. */
export function saidOf(options: { readonly [option: string]: unknown }): readonly string[] {
  return Object.entries(options).flatMap(([option, value]) => (value === undefined || value === false ? [] : [option]));
}
