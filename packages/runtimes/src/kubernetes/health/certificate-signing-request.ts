// A CertificateSigningRequest: somebody has to approve it, and its signer to sign it.
import { clean } from '../../clean';
import { shortName } from '../address';
import type { CertificateSigningRequest, KubeObject } from '../objects';
import { conditionOf, degraded, isTrue, type Report, ready, waiting } from './report';

/** https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/ */
export function certificateSigningRequestHealth(object: KubeObject): Report {
  const request = object as CertificateSigningRequest;
  const { certificate, conditions } = request.status ?? {};
  const refused = ['Denied', 'Failed'].map((type) => conditionOf(conditions, type)).find(isTrue);
  if (refused) {
    const message = clean([refused.type, refused.reason, refused.message].filter(Boolean).join(': '), 300);
    return degraded(message, [{ code: refused.type, class: 'terminal', message, on: shortName(request), field: 'spec' }]);
  }
  if (certificate) return ready('signed');
  return waiting(isTrue(conditionOf(conditions, 'Approved')) ? 'approved, waits to be signed' : 'waits to be approved');
}
