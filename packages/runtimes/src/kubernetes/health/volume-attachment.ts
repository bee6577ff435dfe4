// A VolumeAttachment: attached to its node, by whoever drives its storage.
import { clean } from '../../clean';
import { shortName } from '../address';
import type { KubeObject, VolumeAttachment } from '../objects';
import { degraded, type Report, ready, waiting } from './report';

export function volumeAttachmentHealth(object: KubeObject): Report {
  const attachment = object as VolumeAttachment;
  const { attached, attachError } = attachment.status ?? {};
  if (attached === true) return ready('attached');
  if (!attachError) return waiting('is being attached');
  const message = clean(attachError.message ?? 'cannot be attached', 300);
  return degraded(message, [
    { code: 'AttachError', class: 'likely', grace: 120, message, on: shortName(attachment), field: 'spec.source' },
  ]);
}
