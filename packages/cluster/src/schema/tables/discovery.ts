import type { SchemaTable } from '../notation';

/** The fields of discovery.k8s.io/v1. `../notation.ts` explains how to read a line. */
export const discoveryTable: SchemaTable = {
  EndpointSlice: `
    apiVersion string, kind string, +metadata ObjectMeta, +addressType string, +endpoints [Endpoint], +ports [EndpointPort]`,
  Endpoint: `
    +addresses [string] set, +conditions EndpointConditions, hostname *string, targetRef *ObjectReference,
    deprecatedTopology {string}, nodeName *string, zone *string, hints *EndpointHints`,
  EndpointPort: `atomic; name *string = "", protocol *string = TCP, port *int, appProtocol *string`,
  EndpointConditions: `ready *bool, serving *bool, terminating *bool`,
  EndpointHints: `forZones [ForZone], forNodes [ForNode]`,
  ForZone: `+name string`,
  ForNode: `+name string`,
};
