import { type JsonObject, pathText } from '@konfig/core';
import { objectFaults } from '../../../src/kubernetes/schema/object';

/** What is wrong, one line each: where, what, and what to do. */
function faults(object: JsonObject, minor = 36): readonly string[] {
  const type = `${String(object.apiVersion)}/${String(object.kind)}`;
  return (objectFaults(object, type, minor) ?? []).map(({ path, message, hint }) =>
    [`${pathText(path)}: ${message}`, hint ?? []].flat().join(' '),
  );
}

/** A Deployment with these fields in its only container, pod and spec. */
function deployment({
  container = {},
  pod = {},
  spec = {},
}: {
  container?: JsonObject;
  pod?: JsonObject;
  spec?: JsonObject;
} = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'shop:1', ...container }], ...pod } },
      ...spec,
    },
  };
}

const inContainer = 'spec.template.spec.containers[name=app]';

test('a good object has no faults', () => {
  expect(faults(deployment())).toEqual([]);
});

describe('an unknown field', () => {
  test('is told with the one that was meant', () => {
    expect(faults(deployment({ container: { readynessProbe: {} }, spec: { replica: 2 } }))).toEqual([
      `${inContainer}.readynessProbe: an entry of containers has no field readynessProbe. Did you mean readinessProbe?`,
      'spec.replica: spec has no field replica. Did you mean replicas?',
    ]);
  });

  test('is told with the place where it belongs, below or above', () => {
    const probe = { httpGet: { port: 80 } };
    expect(faults(deployment({ pod: { readinessProbe: probe }, container: { tolerations: [], containerPort: 80 } }))).toEqual([
      `${inContainer}.tolerations: an entry of containers has no field tolerations. It belongs into spec.template.spec.`,
      `${inContainer}.containerPort: an entry of containers has no field containerPort. It belongs into ${inContainer}.ports[0].`,
      `spec.template.spec.readinessProbe: spec has no field readinessProbe. It belongs into ${inContainer}.`,
    ]);
  });

  test('that a later version has is told with that version', () => {
    const restartPolicyRules = [{ action: 'Restart', exitCodes: { operator: 'In', values: [1] } }];
    expect(faults(deployment({ container: { restartPolicy: 'Never', restartPolicyRules } }), 33)).toEqual([
      `${inContainer}.restartPolicyRules: an entry of containers has no field restartPolicyRules before Kubernetes 1.34. Leave it out, or go to Kubernetes 1.34 first.`,
    ]);
    expect(faults(deployment({ container: { restartPolicy: 'Never', restartPolicyRules } }), 34)).toEqual([]);
  });
});

test('a path of a node may not lead upwards', () => {
  const hostPath = (path: string) => faults(deployment({ pod: { volumes: [{ name: 'logs', hostPath: { path } }] } }));
  expect(hostPath('/var/../etc')).toEqual([
    'spec.template.spec.volumes[name=logs].hostPath.path: path is "/var/../etc", which is no path that a node lets be mounted. Write where it leads to, without .. in it.',
  ]);
  expect(hostPath('/var/log..old')).toEqual([]);
});

test('an operator of a selector in other letters is told with the one that was meant', () => {
  const selector = { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'app', operator: 'in', values: ['web'] }] };
  expect(faults(deployment({ spec: { selector } }))[0]).toBe(
    'spec.selector.matchExpressions[0].operator: operator is "in", but must be one of In, NotIn, Exists, DoesNotExist. Did you mean In?',
  );
});

test('a kind in other letters is told with the one that was meant', () => {
  expect(faults({ apiVersion: 'v1', kind: 'secret', metadata: { name: 'a' } })).toEqual([
    'kind: Kubernetes has no v1/secret. Did you mean Secret?',
  ]);
});

describe('a value', () => {
  test('of a wrong type is told with what it must be, and how it is surely meant', () => {
    const container = {
      image: 5,
      tty: 'true',
      args: '--verbose',
      resources: { limits: { memory: '128mb', cpu: 'much' } },
      env: { A: 'b' },
    };
    expect(faults(deployment({ container, spec: { replicas: '3' } }))).toEqual([
      `${inContainer}.image: image is 5, but must be a text. Write it in quotes: "5".`,
      `${inContainer}.tty: tty is "true", but must be true or false. Write it without quotes: true.`,
      `${inContainer}.args: args is "--verbose", but must be a list. Write it as a list: ["--verbose"].`,
      `${inContainer}.resources.limits.memory: memory is "128mb", but must be a quantity such as 500m or 128Mi. Did you mean "128M"?`,
      `${inContainer}.resources.limits.cpu: cpu is "much", but must be a quantity such as 500m or 128Mi.`,
      `${inContainer}.env: env is {"A":"b"}, but must be a list. Write it as a list, even of one entry.`,
      'spec.replicas: replicas is "3", but must be a whole number. Write it without quotes: 3.',
    ]);
  });

  test('that is none of those allowed is told with them', () => {
    expect(faults(deployment({ container: { imagePullPolicy: 'ifnotpresent' } }))).toEqual([
      `${inContainer}.imagePullPolicy: imagePullPolicy is "ifnotpresent", but must be one of Always, IfNotPresent, Never. Did you mean IfNotPresent?`,
    ]);
  });

  test('of a Secret is never repeated', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { password: 'hunter2!' }, stringData: { pin: 1234 } };
    expect(faults(secret)).toEqual([
      'data.password: password is a string, but must be base64.',
      'stringData.pin: pin is a number, but must be a text.',
    ]);
  });

  test('that is known later, or null, is left to later', () => {
    const later = { $ref: { resource: 'main:Service/x', path: ['spec', 'clusterIP'] } };
    expect(faults(deployment({ container: { env: [{ name: 'HOST', value: later }], tty: null }, spec: { replicas: later } }))).toEqual([]);
  });
});

test('what is missing is told, also a whole spec', () => {
  expect(faults({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } })).toEqual(['spec: spec is missing.']);
  expect(faults(deployment({ pod: { containers: [{ image: 'a' }, { name: 'b' }] } }))).toEqual([
    'spec.template.spec.containers[0].name: name is missing.',
    'spec.template.spec.containers[name=b].image: image is missing.',
  ]);
});

test('entries that are one to the server may not be there twice', () => {
  const ports = [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }, { containerPort: 80, protocol: 'UDP' }];
  expect(faults(deployment({ container: { ports, env: [{ name: 'A' }, { name: 'A' }] } }))).toEqual([
    `${inContainer}.ports[1]: ports has two entries with the containerPort 80 and the protocol "TCP". Keep one of them, or tell them apart.`,
    `${inContainer}.env[name=A]: env has two entries with the name "A". Keep one of them, or tell them apart.`,
  ]);
});

describe('a kind', () => {
  const of = (apiVersion: string, kind: string, minor = 36) => faults({ apiVersion, kind, metadata: { name: 'x' } }, minor)[0];

  test('that is gone is told with the one to use', () => {
    expect(of('extensions/v1beta1', 'Ingress')).toBe(
      'apiVersion: extensions/v1beta1/Ingress is gone since Kubernetes 1.22. Use apiVersion: networking.k8s.io/v1. There a backend is {service: {name, port}}, and every path has a pathType.',
    );
    expect(of('policy/v1beta1', 'PodSecurityPolicy')).toMatch(/is gone since Kubernetes 1\.25\. Label the Namespace/);
    expect(of('flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', 33)).toBe(
      'apiVersion: flowcontrol.apiserver.k8s.io/v1beta3/FlowSchema is gone since Kubernetes 1.32. Use apiVersion: flowcontrol.apiserver.k8s.io/v1.',
    );
  });

  test('that is not yet there is told with the version that brings it', () => {
    expect(of('resource.k8s.io/v1', 'DeviceClass', 30)).toBe(
      'apiVersion: resource.k8s.io/v1/DeviceClass comes with Kubernetes 1.34. Go to Kubernetes 1.34 first.',
    );
  });

  test('that never was is told with the one that was meant', () => {
    expect(of('v1', 'Deployment')).toBe('apiVersion: Kubernetes has no v1/Deployment. Use apiVersion: apps/v1.');
    expect(of('apps/v1', 'Deploymnet')).toBe('kind: Kubernetes has no apps/v1/Deploymnet. Did you mean Deployment?');
    expect(of('app/v1', 'Deployment')).toBe('apiVersion: Kubernetes has no app/v1/Deployment. Use apiVersion: apps/v1.');
  });

  test('of a group of somebody else is not for Kubernetes to know', () => {
    expect(objectFaults({}, 'cert-manager.io/v1/Certificate', 36)).toBeUndefined();
  });

  test('that a cluster has only when told to is a warning', () => {
    const binding = {
      apiVersion: 'networking.k8s.io/v1beta1',
      kind: 'ServiceCIDR',
      metadata: { name: 'x' },
      spec: { cidrs: ['10.0.0.0/8'] },
    };
    expect(objectFaults(binding, 'networking.k8s.io/v1beta1/ServiceCIDR', 34)).toMatchObject([{ severity: 'warning' }]);
  });
});

describe('what goes together', () => {
  test('a selector that does not select the pods of its template', () => {
    expect(faults(deployment({ spec: { selector: { matchLabels: { app: 'wep' } } } }))).toEqual([
      "spec.selector: The selector wants app: wep, but the template's labels have app: web. Give selector and template.metadata.labels the same labels.",
    ]);
  });

  test('a container that asks for more than it may have, or for what there is not', () => {
    const resources = { requests: { cpu: '2', cpus: 1 }, limits: { cpu: '500m' } };
    expect(faults(deployment({ container: { resources } }))).toEqual([
      `${inContainer}.resources.requests.cpus: "cpus" is no resource that a container can have (cpu, memory, ephemeral-storage, hugepages-2Mi). Did you mean cpu?`,
      `${inContainer}.resources.requests.cpu: requests.cpu is "2", more than its limit of "500m". Raise limits.cpu, or lower the request.`,
    ]);
  });

  test('a mount without its volume', () => {
    const volumeMounts = [{ name: 'confg', mountPath: '/config' }];
    const volumes = [{ name: 'config', configMap: { name: 'web' } }];
    expect(faults(deployment({ container: { volumeMounts }, pod: { volumes } }))).toEqual([
      `${inContainer}.volumeMounts[name=confg].name: There is no volume "confg" in this pod. Did you mean config? The pod has config.`,
    ]);
  });

  test('a probe that asks in two ways, or in none', () => {
    const container = { livenessProbe: { httpGet: { port: 80 }, tcpSocket: { port: 80 } }, readinessProbe: { periodSeconds: 5 } };
    expect(faults(deployment({ container }))).toEqual([
      `${inContainer}.livenessProbe.tcpSocket: livenessProbe has httpGet and tcpSocket, but may have only one of them.`,
      `${inContainer}.readinessProbe: readinessProbe has none of exec, httpGet, tcpSocket, grpc, but needs one.`,
    ]);
  });

  test('a Job whose pods would never end, a Deployment whose pods would', () => {
    const template = { spec: { containers: [{ name: 'app', image: 'a' }] } };
    expect(faults({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'x' }, spec: { template } })).toEqual([
      'spec.template.spec.restartPolicy: restartPolicy is missing, which means Always, but here it must be Never or OnFailure. Write restartPolicy: Never.',
    ]);
    expect(faults(deployment({ pod: { restartPolicy: 'Never' } }))).toEqual([
      'spec.template.spec.restartPolicy: restartPolicy is Never, but here it must be Always. Write restartPolicy: Always.',
    ]);
  });

  test('a Service of several ports without names', () => {
    const spec = { ports: [{ port: 80 }, { port: 443, name: 'https' }, { port: 70000, name: 'x' }] };
    expect(faults({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec })).toEqual([
      'spec.ports[name=x].port: port is 70000, but must be from 1 to 65535.',
      'spec.ports[0].name: The port 80 has no name, which each port needs where there are several. Write name: http, for example.',
    ]);
  });

  test('a claim of a StatefulSet that asks for nothing', () => {
    const { spec } = deployment() as { readonly spec: JsonObject };
    const claim = { metadata: { name: 'data' }, spec: { resources: { requests: { storage: '0' } } } };
    const set = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' }, spec: { ...spec, volumeClaimTemplates: [claim] } };
    expect(faults(set)).toEqual([
      'spec.volumeClaimTemplates[0].spec.accessModes: accessModes is missing. Write accessModes: [ReadWriteOnce].',
      'spec.volumeClaimTemplates[0].spec.resources.requests.storage: storage is "0", but must be more than 0.',
    ]);
  });

  test('a field of the pod that a variable cannot have, a device that is shared', () => {
    const env = [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.ip' } } }];
    const resources = { requests: { 'nvidia.com/gpu': 1 }, limits: { 'nvidia.com/gpu': 2 } };
    expect(faults(deployment({ container: { env, resources } })).map((line) => line.split(' There are')[0])).toEqual([
      `${inContainer}.env[name=IP].valueFrom.fieldRef.fieldPath: fieldPath is "status.ip", which is no field that a variable can have.`,
      `${inContainer}.resources.requests["nvidia.com/gpu"]: requests.nvidia.com/gpu is 1, but must be as its limit (2).`,
    ]);
  });

  test.each([
    ['* * * *', false],
    ['0 3 * * 1-5', true],
    ['*/15 0-6/2 1,15 JAN-mar ?', true],
    ['60 * * * *', false],
    ['@daily', true],
    ['@dayly', false],
    ['0 3 * * 7', false],
    ['@every 1h30m', true],
  ])('the schedule %s', (schedule, isGood) => {
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'a' }] } };
    const cronJob = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'x' },
      spec: { schedule, jobTemplate: { spec: { template } } },
    };
    expect(faults(cronJob)).toHaveLength(isGood ? 0 : 1);
  });

  test('names of environment variables, by version', () => {
    const named = (name: string, minor: number) => faults(deployment({ container: { env: [{ name }] } }), minor).length;
    expect([named('A_B', 30), named('1A', 30), named('a b', 31), named('1A', 32), named('a=b', 36)]).toEqual([0, 1, 1, 0, 1]);
  });
});
