// One object of each kind, with as many of its fields as go together: all of them are taken by the API server.

import type { JsonObject } from '@konfig/core';
import { parseAllDocuments } from 'yaml';

export function validObjects(): readonly JsonObject[] {
  return parseAllDocuments(text).map((document) => document.toJS() as JsonObject);
}

const text = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default, labels: { app: web }, annotations: { a/b: c } }
spec:
  replicas: 2
  minReadySeconds: 5
  revisionHistoryLimit: 3
  progressDeadlineSeconds: 300
  paused: false
  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 25%, maxUnavailable: 1 } }
  selector: { matchLabels: { app: web }, matchExpressions: [{ key: tier, operator: In, values: [front] }] }
  template:
    metadata: { labels: { app: web, tier: front }, annotations: { x: y } }
    spec:
      serviceAccountName: web
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 30
      enableServiceLinks: true
      priorityClassName: system-node-critical
      dnsPolicy: None
      dnsConfig: { nameservers: [10.0.0.10], searches: [a.b], options: [{ name: ndots, value: "2" }] }
      hostAliases: [{ ip: 10.0.0.1, hostnames: [db] }]
      nodeSelector: { disk: ssd }
      hostname: web
      subdomain: web
      imagePullSecrets: [{ name: pull }]
      securityContext: { runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true, fsGroup: 1000, fsGroupChangePolicy: OnRootMismatch, supplementalGroups: [1], sysctls: [{ name: net.ipv4.ip_local_port_range, value: "1 2" }], seccompProfile: { type: RuntimeDefault } }
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: a, operator: In, values: [b] }] }] }
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [{ key: a, operator: Exists }] } }]
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: web } } }]
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 50, podAffinityTerm: { topologyKey: zone, labelSelector: { matchLabels: { app: web } } } }]
      tolerations: [{ key: a, operator: Equal, value: b, effect: NoExecute, tolerationSeconds: 10 }, { operator: Exists }]
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: { matchLabels: { app: web } }, minDomains: 2, nodeAffinityPolicy: Honor, nodeTaintsPolicy: Ignore }]
      volumes:
        - { name: config, configMap: { name: web, defaultMode: 420, optional: true, items: [{ key: a, path: a/b, mode: 256 }] } }
        - { name: secret, secret: { secretName: web, items: [{ key: a, path: a }] } }
        - { name: scratch, emptyDir: { sizeLimit: 1Gi, medium: Memory } }
        - { name: data, persistentVolumeClaim: { claimName: web, readOnly: true } }
        - { name: host, hostPath: { path: /var, type: Directory } }
        - { name: nfs, nfs: { server: a, path: /b } }
        - { name: info, downwardAPI: { items: [{ path: labels, fieldRef: { fieldPath: metadata.labels } }, { path: cpu, resourceFieldRef: { containerName: app, resource: limits.cpu, divisor: 1m } }] } }
        - { name: csi, csi: { driver: a.b, volumeAttributes: { a: b } } }
        - { name: temp, ephemeral: { volumeClaimTemplate: { spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } } } }
        - name: all
          projected:
            defaultMode: 420
            sources:
              - configMap: { name: a, items: [{ key: a, path: b }] }
              - secret: { name: b }
              - serviceAccountToken: { path: token, audience: vault, expirationSeconds: 3600 }
              - downwardAPI: { items: [{ path: name, fieldRef: { fieldPath: metadata.name } }] }
      initContainers:
        - { name: init, image: "busybox:1", command: [sh], args: [-c, "true"] }
        - { name: proxy, image: "proxy:1", restartPolicy: Always, startupProbe: { tcpSocket: { port: 9000 } } }
      containers:
        - name: app
          image: shop:1
          imagePullPolicy: IfNotPresent
          command: [/app]
          args: [--port, "80"]
          workingDir: /
          tty: true
          stdin: true
          terminationMessagePath: /dev/log
          terminationMessagePolicy: FallbackToLogsOnError
          ports: [{ name: http, containerPort: 8080, protocol: TCP, hostIP: 127.0.0.1, hostPort: 80 }, { name: dns, containerPort: 53, protocol: UDP }]
          env:
            - { name: A, value: "1" }
            - { name: B, valueFrom: { fieldRef: { fieldPath: status.podIP } } }
            - { name: C, valueFrom: { configMapKeyRef: { name: web, key: c, optional: true } } }
            - { name: D, valueFrom: { secretKeyRef: { name: web, key: d } } }
            - { name: E, valueFrom: { resourceFieldRef: { resource: limits.memory } } }
          envFrom: [{ prefix: X_, configMapRef: { name: web } }, { secretRef: { name: web, optional: true } }]
          resources: { requests: { cpu: 100m, memory: 64Mi, example.com/gpu: 1 }, limits: { cpu: 1, memory: 1Gi, example.com/gpu: 1 } }
          volumeMounts: [{ name: config, mountPath: /config, readOnly: true, subPath: a, mountPropagation: None }, { name: data, mountPath: /data }]
          livenessProbe: { httpGet: { path: /, port: http, scheme: HTTP, host: a.b, httpHeaders: [{ name: A, value: b }] }, initialDelaySeconds: 1, periodSeconds: 2, timeoutSeconds: 1, successThreshold: 1, failureThreshold: 3, terminationGracePeriodSeconds: 5 }
          readinessProbe: { grpc: { port: 9000, service: a } }
          startupProbe: { exec: { command: ["true"] } }
          lifecycle: { postStart: { exec: { command: [a] } }, preStop: { sleep: { seconds: 5 } } }
          securityContext: { privileged: false, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: 1000, capabilities: { add: [NET_ADMIN], drop: [ALL] }, seccompProfile: { type: RuntimeDefault }, procMount: Default, seLinuxOptions: { level: a } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: default }
spec:
  serviceName: db
  replicas: 3
  podManagementPolicy: Parallel
  revisionHistoryLimit: 2
  minReadySeconds: 0
  ordinals: { start: 1 }
  persistentVolumeClaimRetentionPolicy: { whenDeleted: Retain, whenScaled: Delete }
  updateStrategy: { type: RollingUpdate, rollingUpdate: { partition: 1 } }
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: "db:1", volumeMounts: [{ name: data, mountPath: /data }], volumeDevices: [{ name: raw, devicePath: /dev/x }] }], volumes: [{ name: raw, persistentVolumeClaim: { claimName: raw } }] }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], storageClassName: fast, volumeMode: Filesystem, resources: { requests: { storage: 1Gi } } } }]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: default }
spec:
  updateStrategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 10%, maxSurge: 0 } }
  selector: { matchLabels: { app: agent } }
  template: { metadata: { labels: { app: agent } }, spec: { hostNetwork: true, hostPID: true, containers: [{ name: agent, image: "agent:1", ports: [{ containerPort: 9100, hostPort: 9100 }] }] } }
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: web, namespace: default }
spec: { replicas: 1, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: a }] } } }
---
apiVersion: v1
kind: ReplicationController
metadata: { name: web, namespace: default }
spec: { replicas: 1, selector: { app: web }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: a }] } } }
---
apiVersion: v1
kind: Pod
metadata: { name: one, namespace: default, finalizers: [a.b/c] }
spec: { restartPolicy: Never, activeDeadlineSeconds: 10, containers: [{ name: app, image: a }], os: { name: linux }, readinessGates: [{ conditionType: a/b }] }
---
apiVersion: v1
kind: PodTemplate
metadata: { name: one, namespace: default }
template: { metadata: { labels: { a: b } }, spec: { containers: [{ name: app, image: a }] } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: once, namespace: default }
spec:
  parallelism: 2
  completions: 4
  completionMode: Indexed
  backoffLimit: 3
  activeDeadlineSeconds: 100
  ttlSecondsAfterFinished: 60
  suspend: false
  podReplacementPolicy: Failed
  podFailurePolicy: { rules: [{ action: FailJob, onExitCodes: { operator: In, values: [1, 2], containerName: app } }, { action: Ignore, onPodConditions: [{ type: DisruptionTarget, status: "True" }] }] }
  template: { spec: { restartPolicy: Never, containers: [{ name: app, image: a }] } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, namespace: default }
spec:
  schedule: "0 3 * * 1-5"
  timeZone: Europe/Berlin
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 60
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 1
  suspend: true
  jobTemplate: { metadata: { labels: { a: b } }, spec: { template: { spec: { restartPolicy: OnFailure, containers: [{ name: app, image: a }] } } } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: default }
spec:
  type: NodePort
  selector: { app: web }
  externalTrafficPolicy: Local
  internalTrafficPolicy: Cluster
  ipFamilyPolicy: SingleStack
  ipFamilies: [IPv4]
  sessionAffinity: ClientIP
  sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } }
  publishNotReadyAddresses: true
  externalIPs: [192.0.2.1]
  ports: [{ name: http, port: 80, targetPort: http, protocol: TCP, appProtocol: http }, { name: dns, port: 53, targetPort: 53, protocol: UDP }]
---
apiVersion: v1
kind: Service
metadata: { name: balanced, namespace: default }
spec: { type: LoadBalancer, loadBalancerClass: a/b, loadBalancerSourceRanges: [10.0.0.0/8], allocateLoadBalancerNodePorts: false, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: elsewhere, namespace: default }
spec: { type: ExternalName, externalName: db.example.com }
---
apiVersion: v1
kind: Service
metadata: { name: headless, namespace: default }
spec: { clusterIP: None, selector: { app: db } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: default }
spec:
  ingressClassName: nginx
  defaultBackend: { service: { name: web, port: { number: 80 } } }
  tls: [{ hosts: [shop.example, "*.shop.example"], secretName: tls }]
  rules:
    - host: shop.example
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { name: http } } } }, { pathType: ImplementationSpecific, backend: { resource: { apiGroup: a.b, kind: C, name: d } } }] }
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx }
spec: { controller: k8s.io/ingress-nginx, parameters: { apiGroup: a.b, kind: C, name: d, scope: Cluster } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: default }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress, Egress]
  ingress: [{ from: [{ podSelector: { matchLabels: { a: b } }, namespaceSelector: {} }, { ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] } }], ports: [{ port: 80, endPort: 90, protocol: TCP }, { port: http }] }]
  egress: [{ to: [{ namespaceSelector: { matchLabels: { a: b } } }] }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: web, namespace: default }
data: { a: b, c.d_e-f: g }
binaryData: { h: aGVsbG8= }
immutable: true
---
apiVersion: v1
kind: Secret
metadata: { name: web, namespace: default }
type: kubernetes.io/tls
data: { tls.crt: aGVsbG8=, tls.key: aGVsbG8= }
immutable: false
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: web, namespace: default }
automountServiceAccountToken: false
imagePullSecrets: [{ name: pull }]
secrets: [{ name: a }]
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { pod-security.kubernetes.io/enforce: restricted } }
spec: { finalizers: [kubernetes] }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: default }
spec: { accessModes: [ReadWriteOnce], storageClassName: fast, volumeMode: Filesystem, volumeName: one, resources: { requests: { storage: 1Gi }, limits: { storage: 2Gi } }, selector: { matchLabels: { a: b } }, dataSource: { apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: a } }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: one }
spec: { capacity: { storage: 1Gi }, accessModes: [ReadWriteOnce], persistentVolumeReclaimPolicy: Retain, storageClassName: fast, mountOptions: [a], volumeMode: Filesystem, nfs: { server: a, path: /b }, nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: a, operator: Exists }] }] } } }
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: fast }
provisioner: a.b/c
parameters: { a: b }
reclaimPolicy: Delete
allowVolumeExpansion: true
volumeBindingMode: WaitForFirstConsumer
mountOptions: [a]
allowedTopologies: [{ matchLabelExpressions: [{ key: a, values: [b] }] }]
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: { name: a.b }
spec: { attachRequired: true, podInfoOnMount: true, fsGroupPolicy: File, volumeLifecycleModes: [Persistent], storageCapacity: true, tokenRequests: [{ audience: a, expirationSeconds: 3600 }] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: web, namespace: default }
rules: [{ apiGroups: [""], resources: [pods, pods/log], verbs: [get, list], resourceNames: [a] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: "system:web" }
rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }, { nonResourceURLs: [/healthz], verbs: [get] }]
aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: b } }] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: web, namespace: default }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: web, namespace: default }, { kind: User, name: jane, apiGroup: rbac.authorization.k8s.io }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: web }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: Group, name: devs, apiGroup: rbac.authorization.k8s.io }]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: default }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 2
  maxReplicas: 5
  behavior: { scaleDown: { stabilizationWindowSeconds: 60, selectPolicy: Min, policies: [{ type: Percent, value: 10, periodSeconds: 60 }] } }
  metrics:
    - { type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 80 } } }
    - { type: ContainerResource, containerResource: { name: cpu, container: app, target: { type: AverageValue, averageValue: 100m } } }
    - { type: Pods, pods: { metric: { name: rps, selector: { matchLabels: { a: b } } }, target: { type: AverageValue, averageValue: "10" } } }
    - { type: Object, object: { describedObject: { apiVersion: v1, kind: Service, name: web }, metric: { name: rps }, target: { type: Value, value: 1k } } }
    - { type: External, external: { metric: { name: queue }, target: { type: AverageValue, averageValue: 5 } } }
---
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: { name: old, namespace: default }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }, minReplicas: 1, maxReplicas: 5, targetCPUUtilizationPercentage: 80 }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: default }
spec: { minAvailable: 50%, selector: { matchLabels: { app: web } }, unhealthyPodEvictionPolicy: AlwaysAllow }
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: web, namespace: default }
spec: { hard: { requests.cpu: 1, limits.memory: 1Gi, pods: "10" }, scopeSelector: { matchExpressions: [{ scopeName: PriorityClass, operator: In, values: [a] }] } }
---
apiVersion: v1
kind: LimitRange
metadata: { name: web, namespace: default }
spec: { limits: [{ type: Container, default: { cpu: 1 }, defaultRequest: { cpu: 100m }, max: { cpu: 2 }, min: { cpu: 10m }, maxLimitRequestRatio: { cpu: 10 } }] }
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: high }
value: 1000
globalDefault: false
preemptionPolicy: Never
description: text
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: { name: gvisor }
handler: runsc
overhead: { podFixed: { cpu: 10m } }
scheduling: { nodeSelector: { a: b }, tolerations: [{ operator: Exists }] }
---
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: { name: lock, namespace: default }
spec: { holderIdentity: a, leaseDurationSeconds: 15, acquireTime: 2026-01-01T00:00:00.000000Z, renewTime: "2026-01-01T00:00:00.000000Z", leaseTransitions: 1 }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: web-1, namespace: default, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
endpoints: [{ addresses: [10.0.0.1], conditions: { ready: true }, hostname: a, nodeName: n, zone: z, targetRef: { kind: Pod, name: a } }]
ports: [{ name: http, port: 80, protocol: TCP, appProtocol: http }]
---
apiVersion: v1
kind: Endpoints
metadata: { name: external, namespace: default }
subsets: [{ addresses: [{ ip: 192.0.2.5, hostname: a }], ports: [{ port: 80, name: http, protocol: TCP }] }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: check }
webhooks:
  - name: check.a.b
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: Ignore
    matchPolicy: Equivalent
    timeoutSeconds: 5
    clientConfig: { service: { namespace: default, name: web, path: /check, port: 443 }, caBundle: aGVsbG8= }
    namespaceSelector: { matchLabels: { a: b } }
    objectSelector: {}
    matchConditions: [{ name: a, expression: "true" }]
    rules: [{ apiGroups: [apps], apiVersions: [v1], resources: [deployments], operations: [CREATE, UPDATE], scope: Namespaced }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: change }
webhooks: [{ name: change.a.b, admissionReviewVersions: [v1], sideEffects: NoneOnDryRun, reinvocationPolicy: IfNeeded, clientConfig: { url: "https://a.b/c" }, rules: [{ apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"], operations: ["*"] }] }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: policy.a.b }
spec: { failurePolicy: Fail, matchConstraints: { resourceRules: [{ apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments] }] }, validations: [{ expression: "object.spec.replicas <= 5", message: too many, reason: Invalid }], variables: [{ name: a, expression: "1" }], auditAnnotations: [{ key: a, valueExpression: "'x'" }] }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: policy.a.b }
spec: { policyName: policy.a.b, validationActions: [Deny], matchResources: { namespaceSelector: { matchLabels: { a: b } } } }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: lamps.home.example }
spec:
  group: home.example
  scope: Namespaced
  names: { kind: Lamp, plural: lamps, singular: lamp, listKind: LampList, shortNames: [l], categories: [all] }
  versions:
    - name: v1
      served: true
      storage: true
      subresources: { status: {}, scale: { specReplicasPath: .spec.n, statusReplicasPath: .status.n } }
      additionalPrinterColumns: [{ name: N, type: integer, jsonPath: .spec.n, priority: 1 }]
      schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, required: [n], properties: { n: { type: integer, minimum: 1, default: 1 }, m: { type: array, items: { type: string, enum: [a, b] }, x-kubernetes-list-type: set } } } } } }
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1.metrics.example }
spec: { group: metrics.example, version: v1, groupPriorityMinimum: 100, versionPriority: 100, service: { name: web, namespace: default, port: 443 }, insecureSkipTLSVerify: true }
---
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: FlowSchema
metadata: { name: web }
spec: { priorityLevelConfiguration: { name: workload-low }, matchingPrecedence: 1000, distinguisherMethod: { type: ByUser }, rules: [{ subjects: [{ kind: ServiceAccount, serviceAccount: { name: a, namespace: b } }], resourceRules: [{ apiGroups: [""], resources: [pods], verbs: [get], namespaces: ["*"] }] }] }
---
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: PriorityLevelConfiguration
metadata: { name: web }
spec: { type: Limited, limited: { nominalConcurrencyShares: 5, lendablePercent: 10, limitResponse: { type: Queue, queuing: { queues: 16, handSize: 4, queueLengthLimit: 10 } } } }
`;
