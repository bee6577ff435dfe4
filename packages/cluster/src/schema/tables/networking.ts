import type { SchemaTable } from '../notation';

/** The fields of networking.k8s.io/v1. `../notation.ts` explains how to read a line. */
export const networkingTable: SchemaTable = {
  Ingress: `apiVersion string, kind string, +metadata ObjectMeta, +spec IngressSpec, +status IngressStatus`,
  IngressClass: `apiVersion string, kind string, +metadata ObjectMeta, +spec IngressClassSpec`,
  NetworkPolicy: `apiVersion string, kind string, +metadata ObjectMeta, +spec NetworkPolicySpec`,
  IngressSpec: `ingressClassName *string, defaultBackend *IngressBackend, tls [IngressTLS], rules [IngressRule]`,
  IngressStatus: `+loadBalancer IngressLoadBalancerStatus`,
  IngressClassSpec: `controller string, parameters *IngressClassParametersReference`,
  NetworkPolicySpec: `
    +podSelector LabelSelector, ingress [NetworkPolicyIngressRule], egress [NetworkPolicyEgressRule], policyTypes [string]`,
  IngressBackend: `service *IngressServiceBackend, resource *TypedLocalObjectReference`,
  IngressTLS: `hosts [string], secretName string`,
  IngressRule: `host string, http *HTTPIngressRuleValue`,
  IngressLoadBalancerStatus: `ingress [IngressLoadBalancerIngress]`,
  IngressClassParametersReference: `apiGroup *string, +kind string, +name string, +scope *string, namespace *string`,
  NetworkPolicyIngressRule: `ports [NetworkPolicyPort], from [NetworkPolicyPeer]`,
  NetworkPolicyEgressRule: `ports [NetworkPolicyPort], to [NetworkPolicyPeer]`,
  IngressServiceBackend: `+name string, +port ServiceBackendPort`,
  HTTPIngressRuleValue: `+paths [HTTPIngressPath]`,
  IngressLoadBalancerIngress: `ip string, hostname string, ports [IngressPortStatus]`,
  NetworkPolicyPort: `protocol *string = TCP, port *intOrString, endPort *int`,
  NetworkPolicyPeer: `podSelector *LabelSelector, namespaceSelector *LabelSelector, ipBlock *IPBlock`,
  ServiceBackendPort: `atomic; name string, number int`,
  HTTPIngressPath: `path string, +pathType *string, +backend IngressBackend`,
  IngressPortStatus: `+port int, +protocol string, error *string`,
  IPBlock: `+cidr string, except [string]`,
};
