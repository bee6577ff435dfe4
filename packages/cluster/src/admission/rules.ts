import { type FieldProblem, problem } from '../api/failure';
import { sameJson } from '../fields/atom';
import type { KindRules } from '../kinds/kind';
import { checkName } from '../kinds/names';
import type { KubeObject } from '../objects';
import type { ClientConfig, Rule, Webhook, WebhookConfiguration } from './webhook';

/** The rules of webhook configurations themselves. */
export const webhookRules: KindRules = {
  generation: true,
  alsoGeneration: (object, old) => !sameJson(object.webhooks, old.webhooks),
  check: checkConfiguration,
};

/**
 * Clusters have kept webhooks from the days of v1beta1, which might say that they have side effects; v1 lets nobody create
 * one. With this annotation this cluster does, so that clients can be tried against them.
 */
const fromOldVersion = 'simulate.konfig.dev/from-v1beta1';

function checkConfiguration(object: KubeObject): FieldProblem[] {
  const { webhooks = [], metadata } = object as WebhookConfiguration;
  const old = metadata.annotations?.[fromOldVersion] === 'true';
  const names = webhooks.map((webhook) => webhook.name);
  return webhooks.flatMap((webhook, index) => [
    ...checkWebhook(webhook, `webhooks[${index}]`, old),
    ...(webhook.name !== '' && names.indexOf(webhook.name) < index ? [problem.duplicate(`webhooks[${index}].name`, webhook.name)] : []),
  ]);
}

function checkWebhook(webhook: Webhook, field: string, old: boolean): FieldProblem[] {
  const harmless = old ? ['None', 'NoneOnDryRun', 'Some', 'Unknown'] : ['None', 'NoneOnDryRun'];
  const oneOf = (name: 'failurePolicy' | 'matchPolicy', known: readonly string[]): FieldProblem[] =>
    known.includes(webhook[name]) ? [] : [problem.notSupported(`${field}.${name}`, webhook[name], known)];
  const seconds = webhook.timeoutSeconds;
  return [
    ...checkWebhookName(webhook.name, `${field}.name`),
    ...(webhook.rules ?? []).flatMap((rule, index) => checkRule(rule, `${field}.rules[${index}]`)),
    ...oneOf('failurePolicy', ['Fail', 'Ignore']),
    ...oneOf('matchPolicy', ['Equivalent', 'Exact']),
    ...(webhook.sideEffects === null ? [problem.required(`${field}.sideEffects`, `must specify one of ${harmless.join(', ')}`)] : []),
    ...(webhook.sideEffects !== null && !harmless.includes(webhook.sideEffects)
      ? [problem.notSupported(`${field}.sideEffects`, webhook.sideEffects, harmless)]
      : []),
    ...(seconds < 1 || seconds > 30
      ? [problem.invalid(`${field}.timeoutSeconds`, seconds, 'the timeout value must be between 1 and 30 seconds')]
      : []),
    ...checkClient(webhook.clientConfig, `${field}.clientConfig`),
    ...checkVersions(webhook.admissionReviewVersions ?? [], `${field}.admissionReviewVersions`),
  ];
}

function checkWebhookName(name: string, field: string): FieldProblem[] {
  if (name === '') return [problem.required(field)];
  const problems = checkName(field, 'subdomain', name);
  if (problems.length > 0 || name.split('.').length >= 3) return problems;
  return [problem.invalid(field, name, 'should be a domain with at least three segments separated by dots')];
}

function checkRule(rule: Rule, field: string): FieldProblem[] {
  const known = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
  return [
    ...checkNames(rule.operations, `${field}.operations`, 'operations'),
    ...(rule.operations ?? []).flatMap((name, index) =>
      known.includes(name) ? [] : [problem.notSupported(`${field}.operations[${index}]`, name, known)],
    ),
    ...checkNames(rule.apiGroups, `${field}.apiGroups`, 'API groups'),
    ...checkNames(rule.apiVersions, `${field}.apiVersions`, 'API versions'),
    ...(rule.resources?.length ? [] : [problem.required(`${field}.resources`)]),
    ...(['Cluster', 'Namespaced', '*'].includes(rule.scope)
      ? []
      : [problem.notSupported(`${field}.scope`, rule.scope, ['*', 'Cluster', 'Namespaced'])]),
  ];
}

function checkNames(names: readonly string[] | undefined, field: string, word: string): FieldProblem[] {
  if (!names?.length) return [problem.required(field)];
  const lonely = names.length > 1 && names.includes('*');
  return lonely ? [problem.invalid(field, names, `if '*' is present, must not specify other ${word}`)] : [];
}

// Unlike the real server this one also calls plain HTTP, on this machine: tests have no certificates at hand.
function checkClient({ url, service }: ClientConfig, field: string): FieldProblem[] {
  if ((url === undefined) === (service === undefined)) return [problem.required(field, 'exactly one of url or service is required')];
  if (url === undefined) return [];
  if (!URL.canParse(url)) return [problem.required(`${field}.url`, `url must be a valid URL: ${url}; desired format: https://host[/path]`)];
  const { protocol, hostname, search, hash } = new URL(url);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  const desired = 'desired format: https://host[/path]';
  return [
    ...(protocol === 'https:' || (protocol === 'http:' && isLocal)
      ? []
      : [problem.invalid(`${field}.url`, protocol.slice(0, -1), `'https' is the only allowed URL scheme; ${desired}`)]),
    ...(search ? [problem.invalid(`${field}.url`, search.slice(1), 'query parameters are not permitted in the URL')] : []),
    ...(hash ? [problem.invalid(`${field}.url`, hash.slice(1), 'fragments are not permitted in the URL')] : []),
  ];
}

function checkVersions(versions: readonly string[], field: string): FieldProblem[] {
  if (versions.length === 0) return [problem.required(field, 'must specify one of v1, v1beta1')];
  if (versions.some((version) => version === 'v1' || version === 'v1beta1')) return [];
  return [problem.invalid(field, versions, 'must include at least one of v1, v1beta1')];
}
