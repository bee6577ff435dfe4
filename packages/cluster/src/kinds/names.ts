import { randomBytes } from 'node:crypto';
import { type FieldProblem, problem } from '../api/failure';
import type { KubeObject } from '../objects';
import type { NameRule } from './kind';

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const label1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const saysSubdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const saysLabel =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const saysLabel1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const saysQualified =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const saysLabelValue =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** What is wrong with a name, in the real server's words. */
function nameProblems(rule: NameRule, name: string): string[] {
  if (rule === 'segment') return segmentProblems(name);
  const [pattern, says, limit] =
    rule === 'subdomain'
      ? ([subdomain, saysSubdomain, 253] as const)
      : rule === 'label'
        ? ([label, saysLabel, 63] as const)
        : ([label1035, saysLabel1035, 63] as const);
  return [
    ...(name.length > limit ? [`must be no more than ${limit} bytes`] : []),
    ...(pattern.test(name) ? [] : [rule === 'label' && subdomain.test(name) ? 'must not contain dots' : says]),
  ];
}

function segmentProblems(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((sign) => name.includes(sign)).map((sign) => `may not contain '${sign}'`);
}

export function checkName(field: string, rule: NameRule, name: string): FieldProblem[] {
  return nameProblems(rule, name).map((detail) => problem.invalid(field, name, detail));
}

/** What every object's metadata must fulfil. */
export function checkMetadata(object: KubeObject, rule: NameRule): FieldProblem[] {
  const { name, labels, annotations } = object.metadata;
  return [
    ...(name ? checkName('metadata.name', rule, name) : [problem.required('metadata.name', 'name or generateName is required')]),
    ...checkLabels('metadata.labels', labels),
    ...checkAnnotations(annotations),
    ...checkOwners(object),
  ];
}

export function checkLabels(field: string, labels: { readonly [key: string]: string } = {}): FieldProblem[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...qualifiedProblems(key).map((detail) => problem.invalid(field, key, detail)),
    ...labelValueProblems(value).map((detail) => problem.invalid(field, value, detail)),
  ]);
}

function checkAnnotations(annotations: { readonly [key: string]: string } = {}): FieldProblem[] {
  let size = 0;
  const problems = Object.entries(annotations).flatMap(([key, value]) => {
    size += key.length + value.length;
    return qualifiedProblems(key.toLowerCase()).map((detail) => problem.invalid('metadata.annotations', key, detail));
  });
  return size > 262_144 ? [...problems, problem.tooLong('metadata.annotations', 262_144)] : problems;
}

function checkOwners(object: KubeObject): FieldProblem[] {
  const owners = object.metadata.ownerReferences ?? [];
  const controllers = owners.filter((owner) => owner.controller);
  const missing = owners.flatMap((owner) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((name) => !owner[name])
      .map((name) =>
        problem.invalid(`metadata.ownerReferences.${name}`, '', `${name === 'apiVersion' ? 'version' : name} must not be empty`),
      ),
  );
  if (controllers.length < 2) return missing;
  const [first, second] = controllers;
  const said = `Only one reference can have Controller set to true. Found "true" in references for ${first?.kind}/${first?.name} and ${second?.kind}/${second?.name}`;
  return [...missing, problem.invalid('metadata.ownerReferences', owners, said)];
}

function qualifiedProblems(key: string): string[] {
  const parts = key.split('/');
  const name = parts.at(-1) as string;
  if (parts.length > 2)
    return [`a qualified name must consist of alphanumeric characters, '-', '_' or '.', with an optional DNS subdomain prefix and '/'`];
  const prefix = parts.length === 2 ? (parts[0] as string) : undefined;
  return [
    ...(prefix === ''
      ? ['prefix part must be non-empty']
      : prefix !== undefined && !subdomain.test(prefix)
        ? [`prefix part ${saysSubdomain}`]
        : []),
    ...(name === '' ? ['name part must be non-empty'] : name.length > 63 ? ['name part must be no more than 63 bytes'] : []),
    ...(name !== '' && !qualifiedName.test(name) ? [saysQualified] : []),
  ];
}

function labelValueProblems(value: string): string[] {
  return [
    ...(value.length > 63 ? ['must be no more than 63 bytes'] : []),
    ...(value === '' || qualifiedName.test(value) ? [] : [saysLabelValue]),
  ];
}

const suffixCharacters = 'bcdfghjklmnpqrstvwxz2456789';

/** Five characters that spell no words, for names the server makes up. */
export function randomSuffix(): string {
  return Array.from(randomBytes(5), (byte) => suffixCharacters[byte % suffixCharacters.length]).join('');
}
