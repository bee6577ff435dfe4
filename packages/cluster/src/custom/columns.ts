import type { Column } from '../kinds/kind';
import type { PrinterColumn } from './definition';
import { compilePath } from './json-path';

const age: PrinterColumn = {
  name: 'Age',
  type: 'date',
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
  jsonPath: '.metadata.creationTimestamp',
};

const name: Column = {
  name: 'Name',
  format: 'name',
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
  cell: (object) => object.metadata.name,
};

/** What `kubectl get` shows of a custom resource: its name, and the columns of its definition. */
export function customColumns(columns: readonly PrinterColumn[] | undefined, printAge: (time: string, now: number) => string): Column[] {
  return [name, ...(columns ?? [age]).map((column) => makeColumn(column, printAge))];
}

function makeColumn(column: PrinterColumn, printAge: (time: string, now: number) => string): Column {
  const read = compilePath(column.jsonPath);
  return {
    name: column.name,
    type: column.type,
    description: column.description || `Custom resource definition column (in JSONPath format): ${column.jsonPath}`,
    ...(column.format && { format: column.format }),
    ...(column.priority && { priority: column.priority }),
    cell: (object, now) => {
      const value = read?.(object)[0];
      if (value === undefined || value === null) return null;
      return column.type === 'date' ? printDate(value, now, printAge) : printCell(column.type, value);
    },
  };
}

function printDate(value: unknown, now: number, printAge: (time: string, now: number) => string): string | null {
  if (typeof value !== 'string') return null;
  return Number.isNaN(Date.parse(value)) ? '<invalid>' : printAge(value, now);
}

// A value of another type than its column shows nothing; text shows anything.
function printCell(type: string, value: unknown): string | number | boolean | null {
  if (type === 'string') return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (type === 'boolean') return typeof value === 'boolean' ? value : null;
  if (typeof value !== 'number') return null;
  return type === 'integer' ? Math.trunc(value) : value;
}
