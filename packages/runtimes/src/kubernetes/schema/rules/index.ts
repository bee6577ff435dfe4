// By kind, what the API server refuses beside the structure. A new rule is a line here.
import type { JsonObject } from '@konfig/core';
import { groupKind, kindOf } from '../../address';
import type { Fault } from '../fault';
import { configMap, secret } from './config';
import { customResourceDefinition } from './definition';
import { ingress } from './ingress';
import { cronJob, job } from './job';
import { networkPolicy } from './network-policy';
import { role, roleBinding } from './rbac';
import type { Rule } from './rule';
import { horizontalPodAutoscaler, podDisruptionBudget } from './scaling';
import { service } from './service';
import { persistentVolumeClaim } from './storage';
import { daemonSet, deployment, keepsPods, pod, podTemplate, replicationController, statefulSet } from './workload';

const rules: { readonly [groupKind: string]: Rule } = {
  ConfigMap: configMap,
  PersistentVolumeClaim: persistentVolumeClaim,
  Pod: pod,
  PodTemplate: podTemplate,
  ReplicationController: replicationController,
  Secret: secret,
  Service: service,
  'ClusterRole.rbac.authorization.k8s.io': role,
  'ClusterRoleBinding.rbac.authorization.k8s.io': roleBinding,
  'CronJob.batch': cronJob,
  'CustomResourceDefinition.apiextensions.k8s.io': customResourceDefinition,
  'DaemonSet.apps': daemonSet,
  'Deployment.apps': deployment,
  'HorizontalPodAutoscaler.autoscaling': horizontalPodAutoscaler,
  'Ingress.networking.k8s.io': ingress,
  'Job.batch': job,
  'NetworkPolicy.networking.k8s.io': networkPolicy,
  'PodDisruptionBudget.policy': podDisruptionBudget,
  'ReplicaSet.apps': keepsPods,
  'Role.rbac.authorization.k8s.io': role,
  'RoleBinding.rbac.authorization.k8s.io': roleBinding,
  'StatefulSet.apps': statefulSet,
};

/** What the rules of its kind have against an object. */
export function ruleFaults(object: JsonObject, type: string, minor: number): readonly Fault[] {
  return rules[groupKind(kindOf(type))]?.({ value: object, path: [] }, minor) ?? [];
}
