export {
  type Authentication,
  type Live,
  type Made,
  type ResourceType,
  resourceType,
  type ServiceOptions,
  type There,
  type Wish,
} from './definition';
export type { Finding, Health } from './health';
export type { Json, JsonObject } from './json';
export { type Pool, postgresStore, type Queries } from './postgres-store';
export { type FieldError, Refusal, type RefusalCode, type RefusalOptions } from './problem';
export type { JsonSchema } from './schema';
export { type Listening, type Service, service } from './service';
export { type Change, type Listing, memoryStore, type Remembered, type Store, type StoredResource } from './store';
