import { completions } from './completions';
import { Schema, type SchemaTable } from './notation';
import { admissionregistrationTable } from './tables/admissionregistration';
import { apiextensionsTable } from './tables/apiextensions';
import { appsTable } from './tables/apps';
import { authorizationTable } from './tables/authorization';
import { autoscalingTable } from './tables/autoscaling';
import { batchTable } from './tables/batch';
import { coordinationTable } from './tables/coordination';
import { coreTable } from './tables/core';
import { discoveryTable } from './tables/discovery';
import { metaTable } from './tables/meta';
import { networkingTable } from './tables/networking';
import { policyTable } from './tables/policy';
import { rbacTable } from './tables/rbac';
import { scaleTable } from './tables/scale';
import { schedulingTable } from './tables/scheduling';
import { storageTable } from './tables/storage';

const meta = new Schema(metaTable, [], completions);
const core = new Schema(coreTable, [meta], completions);

function onCore(table: SchemaTable): Schema {
  return new Schema(table, [core, meta], completions);
}

/** The schema of each API group; a struct is looked up in its own group, then in core, then in meta. */
export const schemas = {
  core,
  admissionregistration: onCore(admissionregistrationTable),
  apiextensions: onCore(apiextensionsTable),
  apps: onCore(appsTable),
  authorization: onCore(authorizationTable),
  autoscaling: onCore(autoscalingTable),
  batch: onCore(batchTable),
  coordination: onCore(coordinationTable),
  discovery: onCore(discoveryTable),
  networking: onCore(networkingTable),
  policy: onCore(policyTable),
  rbac: onCore(rbacTable),
  scale: onCore(scaleTable),
  scheduling: onCore(schedulingTable),
  storage: onCore(storageTable),
};
