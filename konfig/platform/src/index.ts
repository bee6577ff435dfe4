export { Cache, type CacheProps } from './cache';
export { type GrpcProps, type HttpProps, Microservice, type MicroserviceProps } from './microservice';
export { RegistryEntry, type RegistryEntryProps } from './registry-entry';
export { acmeUser, lockedDown } from './security';
