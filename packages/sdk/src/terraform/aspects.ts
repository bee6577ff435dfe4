// Aspects of cdktf, which visit a Terraform stack before it is read.
import type { IConstruct } from 'constructs';
import { libraryOf, type TerraformStack } from './library';

interface Aspect {
  visit(construct: IConstruct): void;
}

/** Visits all of the stack, each construct by its own aspects and those of the constructs around it. */
export function visitByAspects(stack: TerraformStack): void {
  const { Aspects } = libraryOf(stack);
  const visit = (construct: IConstruct, inherited: readonly Aspect[]): void => {
    const all = [...new Set([...inherited, ...Aspects.of(construct).all])];
    for (const aspect of all) aspect.visit(construct);
    for (const child of construct.node.children) visit(child, all);
  };
  const around = stack.node.scopes.slice(0, -1).flatMap((scope) => Aspects.of(scope).all);
  visit(stack, around);
}
