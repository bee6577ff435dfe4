// Rules for kinds of operators that are widely used, where their words are not enough. Each follows from the operator's documentation; where the generic rule
// is right, there is none.
import type { HealthRule } from '../rule';

export const operatorRules: readonly HealthRule[] = [];
