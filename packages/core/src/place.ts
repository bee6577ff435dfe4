// Where a problem was made: the line of the user's code behind the resource and field that it names.
import type { Problem } from './problem';
import { type SourceTable, sourceOf } from './spec';

/** The problem with its source line, where it has none yet and its `at` begins with a resource's id: `<id>` or `<id> <field path>`. */
export function withSource(problem: Problem, sources: SourceTable): Problem {
  if (problem.source || problem.at === undefined) return problem;
  const [id = '', ...path] = problem.at.split(' ');
  const source = sourceOf(sources, id, path.length > 0 ? path.join(' ') : undefined);
  return source ? { ...problem, source } : problem;
}
