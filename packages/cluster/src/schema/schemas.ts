import { completions } from './completions';
import { Schema, type SchemaTable } from './notation';
import { admissionregistrationTable } from './tables/admissionregistration';
import { apiextensionsTable } from './tables/apiextensions';
import { appsTable } from './tables/apps';
import { authorizationTable } from './tables/authorization';
import { autoscalingTable } from './tables/autoscaling';
import { autoscalingV1Table } from './tables/autoscaling-v1';
import { batchTable } from './tables/batch';
import { coordinationTable } from './tables/coordination';
import { coreTable } from './tables/core';
import { discoveryTable } from './tables/discovery';
import { metaTable } from './tables/meta';
import { networkingTable } from './tables/networking';
import { policyTable } from './tables/policy';
import { rbacTable } from './tables/rbac';
import { schedulingTable } from './tables/scheduling';
import { storageTable } from './tables/storage';

const meta = new Schema(metaTable, [], completions, 'io.k8s.apimachinery.pkg.apis.meta.v1');
const core = new Schema(coreTable, [meta], completions, 'io.k8s.api.core.v1');

function onCore(table: SchemaTable, home: string): Schema {
  return new Schema(table, [core, meta], completions, home);
}

/** The schema of each API group; a struct is looked up in its own group, then in core, then in meta. */
export const schemas = {
  core,
  admissionregistration: onCore(admissionregistrationTable, 'io.k8s.api.admissionregistration.v1'),
  apiextensions: onCore(apiextensionsTable, 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1'),
  apps: onCore(appsTable, 'io.k8s.api.apps.v1'),
  authorization: onCore(authorizationTable, 'io.k8s.api.authorization.v1'),
  autoscaling: onCore(autoscalingTable, 'io.k8s.api.autoscaling.v2'),
  // Its structs have the names of those in v2, and none of their defaults.
  autoscalingV1: new Schema(autoscalingV1Table, [core, meta], {}, 'io.k8s.api.autoscaling.v1'),
  batch: onCore(batchTable, 'io.k8s.api.batch.v1'),
  coordination: onCore(coordinationTable, 'io.k8s.api.coordination.v1'),
  discovery: onCore(discoveryTable, 'io.k8s.api.discovery.v1'),
  networking: onCore(networkingTable, 'io.k8s.api.networking.v1'),
  policy: onCore(policyTable, 'io.k8s.api.policy.v1'),
  rbac: onCore(rbacTable, 'io.k8s.api.rbac.v1'),
  scheduling: onCore(schedulingTable, 'io.k8s.api.scheduling.v1'),
  storage: onCore(storageTable, 'io.k8s.api.storage.v1'),
};
