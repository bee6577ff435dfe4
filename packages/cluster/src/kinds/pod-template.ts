import { type FieldProblem, problem } from '../api/failure';
import type { Container, EnvVar, LabelSelector, PodSpec, PodTemplate, Probe, Volume } from '../objects';
import { milliOf } from '../schema/quantity';
import { matchSelector } from '../store/selector';
import { checkLabels, checkName } from './names';

/** What is wrong with a pod template, and with it under the selector of its owner. */
export function checkTemplate(field: string, template: PodTemplate): FieldProblem[] {
  return [...checkLabels(`${field}.metadata.labels`, template.metadata.labels), ...checkPodSpec(`${field}.spec`, template.spec)];
}

export function checkSelector(kindName: string, selector: LabelSelector | undefined, template: PodTemplate): FieldProblem[] {
  const mismatch = (): FieldProblem =>
    problem.invalid('spec.template.metadata.labels', template.metadata.labels ?? null, '`selector` does not match template `labels`');
  if (!selector) return [problem.required('spec.selector'), mismatch()];
  const terms = Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length;
  const problems = checkLabels('spec.selector.matchLabels', selector.matchLabels);
  if (terms === 0) return [...problems, problem.invalid('spec.selector', selector, `empty selector is invalid for ${kindName}`)];
  if (matchSelector(selector)(template.metadata.labels)) return problems;
  return [...problems, mismatch()];
}

export function checkNotNegative(field: string, value: number | undefined): FieldProblem[] {
  return value !== undefined && value < 0 ? [problem.invalid(field, value, 'must be greater than or equal to 0')] : [];
}

export function checkPodSpec(field: string, spec: PodSpec): FieldProblem[] {
  const volumes = new Set((spec.volumes ?? []).map((volume) => volume.name));
  const containers = spec.containers ?? [];
  const inits = spec.initContainers ?? [];
  return [
    ...(spec.volumes ?? []).flatMap((volume, index) => checkVolume(`${field}.volumes[${index}]`, volume)),
    ...checkUnique(`${field}.volumes`, spec.volumes ?? []),
    ...(containers.length === 0 ? [problem.required(`${field}.containers`)] : []),
    ...containers.flatMap((container, index) => checkContainer(`${field}.containers[${index}]`, container, volumes)),
    ...checkUnique(`${field}.containers`, containers),
    ...inits.flatMap((container, index) => checkContainer(`${field}.initContainers[${index}]`, container, volumes)),
    ...checkUnique(`${field}.initContainers`, inits),
    ...checkOneOf(`${field}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never']),
    ...checkOneOf(`${field}.dnsPolicy`, spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
    ...checkLabels(`${field}.nodeSelector`, spec.nodeSelector),
    ...(typeof spec.serviceAccountName === 'string' ? checkName(`${field}.serviceAccountName`, 'subdomain', spec.serviceAccountName) : []),
  ];
}

function checkUnique(field: string, items: readonly { readonly name: string }[]): FieldProblem[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const twice = seen.has(item.name);
    seen.add(item.name);
    return twice ? [problem.duplicate(`${field}[${index}].name`, item.name)] : [];
  });
}

function checkVolume(field: string, volume: Volume): FieldProblem[] {
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  return [
    ...(volume.name === '' ? [problem.required(`${field}.name`)] : checkName(`${field}.name`, 'label', volume.name)),
    ...sources.slice(1).map((source) => problem.forbidden(`${field}.${source}`, 'may not specify more than 1 volume type')),
    ...(volume.secret && !volume.secret.secretName ? [problem.required(`${field}.secret.secretName`)] : []),
    ...(volume.configMap && !volume.configMap.name ? [problem.required(`${field}.configMap.name`)] : []),
    ...(volume.persistentVolumeClaim?.claimName === '' ? [problem.required(`${field}.persistentVolumeClaim.claimName`)] : []),
  ];
}

function checkContainer(field: string, container: Container, volumes: ReadonlySet<string>): FieldProblem[] {
  const mounts = (container.volumeMounts ?? []) as readonly { readonly name: string; readonly mountPath: string }[];
  return [
    ...(container.name === '' ? [problem.required(`${field}.name`)] : checkName(`${field}.name`, 'label', container.name)),
    ...(container.image ? [] : [problem.required(`${field}.image`)]),
    ...checkPorts(`${field}.ports`, container.ports ?? []),
    ...(container.env ?? []).flatMap((variable, index) => checkVariable(`${field}.env[${index}]`, variable)),
    ...mounts.flatMap((mount, index) => checkMount(`${field}.volumeMounts[${index}]`, mount, volumes, mounts.slice(0, index))),
    ...checkOneOf(`${field}.imagePullPolicy`, container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']),
    ...checkResources(`${field}.resources`, container.resources ?? {}),
    ...checkProbe(`${field}.livenessProbe`, container.livenessProbe as Probe | undefined),
    ...checkProbe(`${field}.readinessProbe`, container.readinessProbe),
    ...checkProbe(`${field}.startupProbe`, container.startupProbe as Probe | undefined),
  ];
}

function checkPorts(field: string, ports: NonNullable<Container['ports']>): FieldProblem[] {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const at = `${field}[${index}]`;
    const twice = port.name !== undefined && names.has(port.name);
    if (port.name !== undefined) names.add(port.name);
    return [
      ...(port.name === undefined ? [] : twice ? [problem.duplicate(`${at}.name`, port.name)] : checkPortName(`${at}.name`, port.name)),
      ...(port.containerPort === 0
        ? [problem.required(`${at}.containerPort`)]
        : checkPortNumber(`${at}.containerPort`, port.containerPort)),
      ...checkOneOf(`${at}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']),
    ];
  });
}

export function checkPortNumber(field: string, port: number): FieldProblem[] {
  return port < 1 || port > 65_535 ? [problem.invalid(field, port, 'must be between 1 and 65535, inclusive')] : [];
}

export function checkPortName(field: string, name: string): FieldProblem[] {
  const says = [
    ...(name.length > 15 ? ['must be no more than 15 characters'] : []),
    ...(/^[-a-z0-9]+$/.test(name) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
    ...(/[a-z]/.test(name) ? [] : ['must contain at least one letter (a-z)']),
    ...(name.includes('--') ? ['must not contain consecutive hyphens'] : []),
    ...(/^-|-$/.test(name) ? ['must not begin or end with a hyphen'] : []),
  ];
  return says.map((detail) => problem.invalid(field, name, detail));
}

export function checkOneOf(field: string, value: unknown, supported: readonly string[]): FieldProblem[] {
  return value === undefined || supported.includes(String(value)) ? [] : [problem.notSupported(field, value, supported)];
}

function checkVariable(field: string, variable: EnvVar): FieldProblem[] {
  if (variable.name === '') return [problem.required(`${field}.name`)];
  const name = /^[ -<>-~]+$/.test(variable.name)
    ? []
    : [
        problem.invalid(
          `${field}.name`,
          variable.name,
          "a valid environment variable name must consist only of printable ASCII characters other than '='",
        ),
      ];
  const source = variable.valueFrom;
  if (!source) return name;
  const at = `${field}.valueFrom`;
  const sources = Object.keys(source).length;
  if (sources === 0)
    return [
      ...name,
      problem.invalid(at, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'),
    ];
  if (variable.value) return [...name, problem.invalid(at, '', 'may not be specified when `value` is not empty')];
  if (sources > 1) return [...name, problem.invalid(at, '', 'may not have more than one field specified at a time')];
  const keyed = (['configMapKeyRef', 'secretKeyRef'] as const).filter((key) => source[key]);
  return [...name, ...keyed.flatMap((key) => (source[key]?.key ? [] : [problem.required(`${at}.${key}.key`)]))];
}

function checkMount(
  field: string,
  mount: { readonly name: string; readonly mountPath: string },
  volumes: ReadonlySet<string>,
  before: readonly { readonly mountPath: string }[],
): FieldProblem[] {
  return [
    ...(mount.name === '' ? [problem.required(`${field}.name`)] : []),
    ...(volumes.has(mount.name) ? [] : [problem.notFound(`${field}.name`, mount.name)]),
    ...(mount.mountPath === '' ? [problem.required(`${field}.mountPath`)] : []),
    ...(before.some((other) => other.mountPath === mount.mountPath)
      ? [problem.invalid(`${field}.mountPath`, mount.mountPath, 'must be unique')]
      : []),
  ];
}

function checkResources(field: string, resources: NonNullable<Container['resources']>): FieldProblem[] {
  const limits = resources.limits ?? {};
  const negative = (['limits', 'requests'] as const).flatMap((part) =>
    Object.entries(resources[part] ?? {})
      .filter(([, value]) => value.startsWith('-'))
      .map(([name, value]) => problem.invalid(`${field}.${part}[${name}]`, value, 'must be greater than or equal to 0')),
  );
  const above = Object.entries(resources.requests ?? {}).flatMap(([name, value]) =>
    limits[name] !== undefined && milliOf(value) > milliOf(limits[name])
      ? [problem.invalid(`${field}.requests`, value, `must be less than or equal to ${name} limit of ${limits[name]}`)]
      : [],
  );
  return [...negative, ...above];
}

function checkProbe(field: string, probe: Probe | undefined): FieldProblem[] {
  if (!probe) return [];
  const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'].filter((name) => probe[name] !== undefined);
  const none = handlers.length === 0 ? [problem.required(field, 'must specify a handler type')] : [];
  const more = handlers.slice(1).map((name) => problem.forbidden(`${field}.${name}`, 'may not specify more than 1 handler type'));
  const port = probe.httpGet?.port;
  return [
    ...none,
    ...more,
    ...(typeof port === 'number' ? checkPortNumber(`${field}.httpGet.port`, port) : []),
    ...(['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const).flatMap((name) =>
      checkNotNegative(`${field}.${name}`, probe[name] as number | undefined),
    ),
  ];
}
