export { type Cluster, type ClusterOptions, startCluster } from './cluster';
export type { DisconnectFault, Fault, RequestFault } from './simulation/fault';
