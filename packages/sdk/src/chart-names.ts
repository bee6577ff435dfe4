// A cdk8s chart that is moved into a stack keeps the names of its objects.
import { type ApiObject, Chart, Names } from 'cdk8s';
import { Construct, type IConstruct, RootConstruct } from 'constructs';

const stackBrand = Symbol.for('konfig/Stack');

/**
 * Lets a raw chart name its objects as it would right under a cdk8s.App. cdk8s names by the whole path, which here begins with
 * project and stack: then every object would be a new one, and dev and prod would differ. Called before the chart's first child is there.
 */
export function keepChartNames(construct: IConstruct): void {
  if (!Chart.isChart(construct) || stackBrand in construct || construct.generateObjectName !== Chart.prototype.generateObjectName) return;
  const { _disableResourceNameHashes: withoutHash } = construct as unknown as { readonly _disableResourceNameHashes: boolean };
  construct.generateObjectName = (object: ApiObject) =>
    Names.toDnsLabel(asInApp(object), { includeHash: !withoutHash, ...(object.kind === 'CronJob' && { maxLen: 52 }) });
}

/** The same place in a tree of its own that begins below the stack, since cdk8s reads path and address off a construct. */
function asInApp(object: IConstruct): Construct {
  const { scopes } = object.node;
  const below = scopes.slice(scopes.findIndex((scope) => stackBrand in scope) + 1);
  return below.reduce<Construct>((parent, scope) => new Construct(parent, scope.node.id), new RootConstruct());
}
