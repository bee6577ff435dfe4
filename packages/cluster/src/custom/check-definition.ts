import { type FieldProblem, problem } from '../api/failure';
import { sameJson } from '../fields/atom';
import { checkName } from '../kinds/names';
import { checkImmutable } from '../kinds/workload';
import { checkSchema } from './check-schema';
import {
  conditionHolds,
  type Definition,
  type DefinitionNames,
  type DefinitionVersion,
  type JsonSchema,
  type PrinterColumn,
  type Subresources,
} from './definition';

/** What is wrong with a definition: its names, its versions and their schemas, and what an update may not change. */
export function checkDefinition(object: Definition, old: Definition | undefined): FieldProblem[] {
  return [
    ...checkOwnName(object),
    ...checkSpec(object.spec),
    ...(old ? checkUpdate(object, old) : []),
    ...checkStoredVersions(object),
    ...(object.spec.preserveUnknownFields
      ? [
          problem.invalid(
            'spec.preserveUnknownFields',
            true,
            'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
          ),
        ]
      : []),
  ];
}

function checkOwnName({ metadata, spec }: Definition): FieldProblem[] {
  const wanted = `${spec.names.plural}.${spec.group}`;
  if (metadata.name === wanted) return [];
  return [problem.invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')];
}

function checkSpec(spec: Definition['spec']): FieldProblem[] {
  const shared = sharedAmong(spec.versions);
  const storages = spec.versions.filter((version) => version.storage).length;
  const names = spec.versions.map((version) => version.name);
  return [
    ...checkGroup(spec.group),
    ...checkScope(spec.scope),
    ...spec.versions.flatMap((version, index) =>
      version.schema?.openAPIV3Schema ? [] : [problem.required(`spec.versions[${index}].schema.openAPIV3Schema`)],
    ),
    ...spec.versions.flatMap((version, index) => checkVersion(version, `spec.versions[${index}]`, shared)),
    ...(new Set(names).size < names.length ? [problem.invalid('spec.versions', spec.versions, 'must contain unique version names')] : []),
    ...(storages === 1 ? [] : [problem.invalid('spec.versions', spec.versions, 'must have exactly one version marked as storage version')]),
    ...spec.versions.slice(0, 1).flatMap((version) => checkName('spec.version', 'label1035', version.name)),
    ...checkNames(spec.names, 'spec.names'),
    ...checkShared(spec.versions, shared),
    ...checkConversion(spec.conversion),
  ];
}

function checkGroup(group: string): FieldProblem[] {
  if (group === '') return [problem.required('spec.group')];
  const problems = checkName('spec.group', 'subdomain', group);
  if (problems.length > 0 || group.includes('.')) return problems;
  return [problem.invalid('spec.group', group, 'should be a domain with at least one dot')];
}

function checkScope(scope: string): FieldProblem[] {
  if (scope === '') return [problem.required('spec.scope')];
  return scope === 'Cluster' || scope === 'Namespaced' ? [] : [problem.notSupported('spec.scope', scope, ['Cluster', 'Namespaced'])];
}

/** What all versions have in common is told of the definition as a whole, and of one version alone too. */
interface Shared {
  readonly schema: boolean;
  readonly subresources: boolean;
  readonly columns: boolean;
}

function sharedAmong(versions: readonly DefinitionVersion[]): Shared {
  const [first] = versions;
  const same = (of: (version: DefinitionVersion) => unknown): boolean =>
    versions.every((version) => sameJson(of(version) ?? null, first ? (of(first) ?? null) : null));
  return {
    schema: same((version) => version.schema),
    subresources: same((version) => version.subresources),
    columns: same((version) => version.additionalPrinterColumns),
  };
}

function checkVersion(version: DefinitionVersion, field: string, shared: Shared): FieldProblem[] {
  const { deprecationWarning: warning } = version;
  const at = `${field}.deprecationWarning`;
  return [
    ...checkName(`${field}.name`, 'label1035', version.name),
    ...(warning !== undefined && !version.deprecated ? [problem.invalid(at, warning, 'can only be set for deprecated versions')] : []),
    ...(warning !== undefined && warning.length > 256 ? [problem.invalid(at, warning, 'must be <= 256 characters long')] : []),
    ...(warning === '' ? [problem.invalid(at, warning, 'must not be an empty string')] : []),
    ...(shared.schema ? [] : checkOwnSchema(version.schema?.openAPIV3Schema, `${field}.schema`, version.subresources)),
    ...(shared.subresources ? [] : checkSubresources(version.subresources, `${field}.subresources`)),
    ...(shared.columns ? [] : checkColumns(version.additionalPrinterColumns, `${field}.additionalPrinterColumns`)),
  ];
}

function checkShared(versions: readonly DefinitionVersion[], shared: Shared): FieldProblem[] {
  const [first] = versions;
  if (!first) return [];
  const withStatus = versions.find((version) => version.subresources?.status)?.subresources;
  return [
    ...(shared.schema ? checkOwnSchema(first.schema?.openAPIV3Schema, 'spec.validation', withStatus) : []),
    ...(shared.subresources ? checkSubresources(first.subresources, 'spec.subresources') : []),
    ...(shared.columns ? checkColumns(first.additionalPrinterColumns, 'spec.additionalPrinterColumns') : []),
  ];
}

function checkOwnSchema(schema: JsonSchema | undefined, field: string, subresources: Subresources | undefined): FieldProblem[] {
  return schema ? checkSchema(schema, `${field}.openAPIV3Schema`, subresources?.status !== undefined) : [];
}

function checkNames(names: DefinitionNames, field: string): FieldProblem[] {
  const parts = ['plural', 'singular', 'kind', 'listKind'] as const;
  const cased = 'may have mixed case, but should otherwise match: ';
  const wordly = (part: (typeof parts)[number]): FieldProblem[] => {
    const name = names[part];
    if (!name) return [];
    const mixed = part === 'kind' || part === 'listKind';
    return checkName(`${field}.${part}`, 'label1035', mixed ? name.toLowerCase() : name).map((found) =>
      mixed ? problem.invalid(found.field, name, `${cased}${found.message.split(': ').slice(2).join(': ')}`) : found,
    );
  };
  const all = (part: 'shortNames' | 'categories'): FieldProblem[] =>
    (names[part] ?? []).flatMap((name, index) => checkName(`${field}.${part}[${index}]`, 'label1035', name));
  return [
    ...parts.filter((part) => !names[part]).map((part) => problem.required(`${field}.${part}`)),
    ...parts.flatMap(wordly),
    ...all('shortNames'),
    ...(names.kind && names.kind === names.listKind
      ? [problem.invalid(`${field}.listKind`, names.listKind, 'kind and listKind may not be the same')]
      : []),
    ...all('categories'),
  ];
}

function checkSubresources(subresources: Subresources | undefined, field: string): FieldProblem[] {
  const scale = subresources?.scale;
  if (!scale) return [];
  const at = `${field}.scale`;
  return [
    ...checkScalePath(scale.specReplicasPath, `${at}.specReplicasPath`, ['.spec.'], 'should be a json path under .spec'),
    ...checkScalePath(scale.statusReplicasPath, `${at}.statusReplicasPath`, ['.status.'], 'should be a json path under .status'),
    ...(scale.labelSelectorPath
      ? checkScalePath(
          scale.labelSelectorPath,
          `${at}.labelSelectorPath`,
          ['.spec.', '.status.'],
          'should be a json path under either .spec or .status',
        )
      : []),
  ];
}

function checkScalePath(path: string, field: string, roots: readonly string[], says: string): FieldProblem[] {
  if (path === '') return [problem.required(field)];
  if (!path.startsWith('.')) return [problem.invalid(field, path, 'must be a simple json path starting with .')];
  return roots.some((root) => path.startsWith(root)) ? [] : [problem.invalid(field, path, says)];
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

function checkColumns(columns: readonly PrinterColumn[] | undefined, field: string): FieldProblem[] {
  return (columns ?? []).flatMap((column, index) => {
    const at = `${field}[${index}]`;
    const oneOf = `must be one of ${columnTypes.join(',')}`;
    return [
      ...(column.name === '' ? [problem.required(`${at}.name`)] : []),
      ...(column.type === '' ? [problem.required(`${at}.type`, oneOf)] : []),
      ...(column.type !== '' && !columnTypes.includes(column.type) ? [problem.invalid(`${at}.type`, column.type, oneOf)] : []),
      ...(column.format && !columnFormats.includes(column.format)
        ? [problem.invalid(`${at}.format`, column.format, `must be one of ${columnFormats.join(',')}`)]
        : []),
      ...(column.jsonPath === '' ? [problem.required(`${at}.JSONPath`)] : []),
      ...(column.jsonPath !== '' && !column.jsonPath.startsWith('.')
        ? [problem.invalid(`${at}.JSONPath`, column.jsonPath, 'must be a simple json path starting with .')]
        : []),
    ];
  });
}

function checkConversion(conversion: Definition['spec']['conversion']): FieldProblem[] {
  const { strategy = '', webhook } = conversion ?? {};
  const known = ['None', 'Webhook'];
  if (!known.includes(strategy)) return [problem.notSupported('spec.conversion.strategy', strategy, known)];
  if (strategy === 'Webhook' && !webhook)
    return [problem.required('spec.conversion.webhookClientConfig', 'required when strategy is set to Webhook')];
  if (strategy === 'None' && webhook)
    return [problem.forbidden('spec.conversion.webhookClientConfig', 'should not be set when strategy is not set to Webhook')];
  return [];
}

function checkUpdate({ spec }: Definition, old: Definition): FieldProblem[] {
  return [
    ...(conditionHolds(old, 'Established')
      ? [
          ...checkImmutable('spec.scope', spec.scope, old.spec.scope),
          ...checkImmutable('spec.names.kind', spec.names.kind, old.spec.names.kind),
        ]
      : []),
    ...checkImmutable('spec.group', spec.group, old.spec.group),
    ...checkImmutable('spec.names.plural', spec.names.plural, old.spec.names.plural),
  ];
}

function checkStoredVersions({ spec, status }: Definition): FieldProblem[] {
  if (status.storedVersions.length === 0) return [problem.invalid('status.storedVersions', null, 'must have at least one stored version')];
  const names = spec.versions.map((version) => version.name);
  return status.storedVersions.flatMap((name, index) => {
    if (names.includes(name)) return [];
    const says = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    return [problem.invalid(`status.storedVersions[${index}]`, name, says)];
  });
}
