import { schemas } from '../schema/schemas';
import type { JsonObject } from '../schema/type';
import { type ApiRequest, asObject, readBody } from './request';

/** What a client may ask about itself; here everybody is the administrator. Nothing for a path that is no such question. */
export function answerReview(request: ApiRequest): JsonObject | undefined {
  switch (request.path) {
    case '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews':
      return review(request, 'SelfSubjectAccessReview', { allowed: true });
    case '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews':
      return review(request, 'SelfSubjectRulesReview', everything);
    case '/apis/authentication.k8s.io/v1/selfsubjectreviews':
      return {
        kind: 'SelfSubjectReview',
        apiVersion: 'authentication.k8s.io/v1',
        metadata: {},
        status: { userInfo: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] } },
      };
    default:
      return undefined;
  }
}

const everything = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
};

function review(request: ApiRequest, kind: 'SelfSubjectAccessReview' | 'SelfSubjectRulesReview', status: object): JsonObject {
  const body = asObject(readBody(request, schemas.authorization.type(kind)));
  return { ...body, kind, apiVersion: 'authorization.k8s.io/v1', status };
}
