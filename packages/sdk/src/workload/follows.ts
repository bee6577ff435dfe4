// Which prop of a component each field of its objects follows: how a preview finds the line behind a field.
import { type RuleTable, rulesOf } from '../provenance/rules';

const probe = (field: string, prop: string): RuleTable => ({
  [field]: prop,
  [`${field}.httpGet`]: `${prop}.http`,
  [`${field}.httpGet.path`]: `${prop}.http`,
  [`${field}.httpGet.port`]: `${prop}.port | ${prop}.http`,
  [`${field}.httpGet.scheme`]: `${prop}.scheme`,
  [`${field}.httpGet.httpHeaders`]: `${prop}.headers`,
  [`${field}.tcpSocket`]: `${prop}.tcp`,
  [`${field}.grpc`]: `${prop}.grpc`,
  [`${field}.grpc.service`]: `${prop}.service`,
  [`${field}.exec`]: `${prop}.exec`,
  [`${field}.initialDelaySeconds`]: `${prop}.initialDelay`,
  [`${field}.periodSeconds`]: `${prop}.period`,
  [`${field}.timeoutSeconds`]: `${prop}.timeout`,
  [`${field}.failureThreshold`]: `${prop}.failureThreshold`,
  [`${field}.successThreshold`]: `${prop}.successThreshold`,
});

const quantity = (field: string, prop: string, name: string): RuleTable => ({
  [`${field}.requests.${name}`]: `${prop}.${name} | @resources.${name}`,
  [`${field}.limits.${name}`]: `${prop}.${name} | @resources.${name}`,
});

function container(field: string, prop: string): RuleTable {
  return {
    [field]: prop,
    [`${field}.name`]: prop,
    [`${field}.image`]: `${prop}.image`,
    [`${field}.imagePullPolicy`]: `${prop}.imagePullPolicy`,
    [`${field}.restartPolicy`]: `${prop}.restartPolicy`,
    [`${field}.command`]: `${prop}.command`,
    [`${field}.args`]: `${prop}.args`,
    [`${field}.workingDir`]: `${prop}.workingDir`,
    [`${field}.ports`]: `${prop}.ports`,
    [`${field}.ports[$port]`]: `${prop}.ports.$port`,
    [`${field}.ports[$port].name`]: `${prop}.ports.$port`,
    [`${field}.ports[$port].containerPort`]: `${prop}.ports.$port.port | ${prop}.ports.$port`,
    [`${field}.ports[$port].protocol`]: `${prop}.ports.$port.protocol`,
    [`${field}.ports[$port].hostPort`]: `${prop}.ports.$port.hostPort`,
    [`${field}.env`]: `${prop}.env`,
    [`${field}.env[$variable]`]: `${prop}.env.$variable`,
    [`${field}.resources`]: `${prop}.resources | @resources`,
    [`${field}.resources.requests`]: `${prop}.resources | @resources`,
    [`${field}.resources.limits`]: `${prop}.resources | @resources`,
    ...quantity(`${field}.resources`, `${prop}.resources`, 'cpu'),
    ...quantity(`${field}.resources`, `${prop}.resources`, 'memory'),
    [`${field}.volumeMounts`]: `${prop}.mounts | ${prop}.files`,
    [`${field}.volumeMounts[$path]`]: `${prop}.mounts.$path | ${prop}.files.$path`,
    [`${field}.securityContext`]: `${prop}.security | @containerSecurity`,
    [`${field}.lifecycle`]: `${prop}.drain`,
    ...probe(`${field}.readinessProbe`, `${prop}.readiness`),
    ...probe(`${field}.livenessProbe`, `${prop}.liveness`),
    ...probe(`${field}.startupProbe`, `${prop}.startup`),
  };
}

function pod(field: string): RuleTable {
  return {
    [`${field}.metadata.labels`]: 'podLabels | labels',
    [`${field}.metadata.labels.$label`]: 'podLabels.$label | labels.$label | selector.$label',
    [`${field}.metadata.annotations`]: 'podAnnotations',
    [`${field}.metadata.annotations.$annotation`]: 'podAnnotations.$annotation',
    [`${field}.spec.serviceAccountName`]: 'serviceAccount.name | serviceAccount',
    [`${field}.spec.automountServiceAccountToken`]: 'serviceAccount.token | @withholdToken',
    [`${field}.spec.restartPolicy`]: 'restartPolicy',
    [`${field}.spec.terminationGracePeriodSeconds`]: 'terminationGracePeriod',
    [`${field}.spec.enableServiceLinks`]: '@noServiceLinks',
    [`${field}.spec.securityContext`]: 'security | @podSecurity',
    [`${field}.spec.imagePullSecrets`]: 'imagePullSecrets',
    [`${field}.spec.nodeSelector`]: 'nodeSelector',
    [`${field}.spec.tolerations`]: 'tolerations',
    [`${field}.spec.priorityClassName`]: 'priorityClass',
    [`${field}.spec.topologySpreadConstraints`]: '@spread',
    ...container(`${field}.spec.containers[$container]`, 'containers.$container'),
    ...container(`${field}.spec.initContainers[$container]`, 'initContainers.$container'),
  };
}

const metadata: RuleTable = {
  'metadata.name': 'name',
  'metadata.labels': 'labels | @labels',
  'metadata.labels.$label': 'labels.$label',
  'metadata.annotations': 'annotations',
  'metadata.annotations.$annotation': 'annotations.$annotation',
};

export const deploymentRules = rulesOf({
  ...metadata,
  'spec.replicas': 'replicas | @replicas',
  'spec.revisionHistoryLimit': '@revisionHistoryLimit',
  'spec.selector': 'selector | @labels',
  'spec.strategy': 'strategy | @rollingUpdate',
  'spec.strategy.rollingUpdate.maxSurge': 'strategy.maxSurge',
  'spec.strategy.rollingUpdate.maxUnavailable': 'strategy.maxUnavailable',
  ...pod('spec.template'),
});

const run = (field: string): RuleTable => ({
  [`${field}.backoffLimit`]: 'backoffLimit | @backoffLimit',
  [`${field}.activeDeadlineSeconds`]: 'deadline',
  [`${field}.completions`]: 'completions',
  [`${field}.parallelism`]: 'parallelism',
  [`${field}.ttlSecondsAfterFinished`]: 'ttlAfterFinished',
  ...pod(`${field}.template`),
});

export const jobRules = rulesOf({ ...metadata, ...run('spec') });

export const cronJobRules = rulesOf({
  ...metadata,
  'spec.schedule': 'schedule',
  'spec.timeZone': 'timeZone',
  'spec.concurrencyPolicy': 'concurrencyPolicy | @concurrencyPolicy',
  'spec.startingDeadlineSeconds': 'startingDeadline',
  'spec.successfulJobsHistoryLimit': 'keepSucceeded',
  'spec.failedJobsHistoryLimit': 'keepFailed',
  'spec.suspend': 'suspend',
  ...run('spec.jobTemplate.spec'),
});

/** The Kubernetes Service of a workload. */
export const serviceRules = rulesOf({
  'metadata.name': 'service.name | name',
  'metadata.labels': 'service.labels | labels | @labels',
  'metadata.labels.$label': 'service.labels.$label | labels.$label',
  'metadata.annotations': 'service.annotations',
  'metadata.annotations.$annotation': 'service.annotations.$annotation',
  'spec.type': 'service.type',
  'spec.clusterIP': 'service.headless',
  'spec.selector': 'selector | @labels',
  'spec.ports': 'service.ports',
  'spec.ports[$port]': 'service.ports.$port | containers.*.ports.$port',
  'spec.ports[$port].name': 'service.ports.$port | containers.*.ports.$port',
  'spec.ports[$port].port': 'service.ports.$port.port | service.ports.$port | containers.*.ports.$port',
  'spec.ports[$port].targetPort': 'service.ports.$port.to | containers.*.ports.$port',
  'spec.ports[$port].nodePort': 'service.ports.$port.nodePort',
  'spec.ports[$port].protocol': 'service.ports.$port.protocol | containers.*.ports.$port.protocol',
  'spec.ports[$port].appProtocol': 'service.ports.$port.appProtocol',
});

/** The Namespace of a stack. */
export const namespaceRules = rulesOf({ 'metadata.name': 'namespace' });

export const disruptionBudgetRules = rulesOf({ 'spec.maxUnavailable': '@disruptionBudget', 'spec.selector': 'selector | @labels' });

/** What a pod needs beside itself: a file is known by the end of its path, a secret variable by its name. */
export const filesRules = rulesOf({ 'data.$file': 'containers.*.files./$file | initContainers.*.files./$file' });
export const secretEnvRules = rulesOf({ 'data.$variable': 'containers.*.env.$variable | initContainers.*.env.$variable' });
export const serviceAccountRules = rulesOf({
  'metadata.name': 'serviceAccount.name | name',
  'metadata.annotations': 'serviceAccount.annotations',
});
