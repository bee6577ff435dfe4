// Environment values that a program declares to need: the only way for the environment into a synth.
import { KonfigError } from '@konfig/core';
import { activeSynth } from './synth';

/** Values from outside, declared where they are read, so that the same inputs always give the same Spec. */
export const input = {
  /**
   * An environment value, read inside a stack's function: `input.env('RELEASE')`. For secrets use `secret.env`.
   *
   * Missing, and no `otherwise` given: INPUT_MISSING, with this line.
   * @throws KonfigError INPUT_MISSING when called outside of a stack's function.
   */
  env(name: string, options: { readonly otherwise?: string } = {}): string {
    const synth = activeSynth();
    if (!synth) {
      throw new KonfigError({
        code: 'INPUT_MISSING',
        message: `input.env('${name}') was read outside of a stack's function.`,
        hint: 'Call it inside the function given to .stack(…), where Konfig knows the values of this synth.',
      });
    }
    const value = synth.env[name] ?? options.otherwise;
    if (value !== undefined) return value;
    const source = synth.reader.here();
    synth.problems.push({
      code: 'INPUT_MISSING',
      message: `The program reads the environment value ${name}, which is not set.`,
      hint: `Set it (${name}=… konfig …), or give a value to fall back on: input.env('${name}', { otherwise: '…' }).`,
      ...(source && { source }),
    });
    // Plausible anywhere, so that what follows is checked too and reports no problem of its own.
    return 'missing';
  },
};
