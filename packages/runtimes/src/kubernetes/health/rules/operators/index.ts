// Rules for kinds of operators that are widely used, where their words are not enough. Each follows from the operator's documentation; where the generic rule
// is right, there is none: so it is with cert-manager, KEDA, Knative, external-secrets and Strimzi.
import type { HealthRule } from '../rule';
import { argoCd } from './argo-cd';
import { argoRollouts } from './argo-rollouts';
import { cloudNativePg } from './cloud-native-pg';
import { clusterApi } from './cluster-api';
import { crossplane } from './crossplane';
import { flink } from './flink';
import { flux } from './flux';
import { gatewayApi } from './gateway-api';
import { gitopsPromoter } from './gitops-promoter';
import { istio } from './istio';
import { karpenter } from './karpenter';
import { openFaas } from './open-faas';
import { openKruise } from './open-kruise';
import { prometheus } from './prometheus';

export const operatorRules: readonly HealthRule[] = [
  argoCd,
  argoRollouts,
  cloudNativePg,
  clusterApi,
  crossplane,
  flink,
  flux,
  gatewayApi,
  gitopsPromoter,
  istio,
  karpenter,
  openFaas,
  openKruise,
  prometheus,
].flat();
