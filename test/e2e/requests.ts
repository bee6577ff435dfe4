// Requests in few words, for tests that send the same to several servers.
import type { HttpRequest } from '../scenarios/http';

export const post = (path: string, body: unknown): HttpRequest => ({ method: 'POST', path, body });
export const get = (path: string, accept?: string): HttpRequest => ({ method: 'GET', path, ...(accept ? { accept } : {}) });
export const put = (path: string, body: unknown): HttpRequest => ({ method: 'PUT', path, body });
export const remove = (path: string, body?: unknown): HttpRequest => ({ method: 'DELETE', path, ...(body ? { body } : {}) });
export const merge = (path: string, body: unknown): HttpRequest => ({
  method: 'PATCH',
  path,
  body,
  contentType: 'application/merge-patch+json',
});
export const strategic = (path: string, body: unknown): HttpRequest => ({
  method: 'PATCH',
  path,
  body,
  contentType: 'application/strategic-merge-patch+json',
});
export const jsonPatch = (path: string, body: unknown): HttpRequest => ({
  method: 'PATCH',
  path,
  body,
  contentType: 'application/json-patch+json',
});
export const apply = (path: string, body: unknown, query = 'fieldManager=konfig'): HttpRequest => ({
  method: 'PATCH',
  path: `${path}?${query}`,
  body,
  contentType: 'application/apply-patch+yaml',
});
