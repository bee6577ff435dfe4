// A state that a run has left in its folder, and that is nothing that Konfig can read.
import { join } from 'node:path';
import { type Problem, type ResourceId, shortId } from '@konfig/core';
import { erroredState } from './folder';
import { readState } from './state';

/** Undefined: Konfig can read it. */
export function whyUnread(text: string): 'encrypted' | 'damaged' | undefined {
  try {
    readState(text);
    return undefined;
  } catch {
    return /"encrypted_data"\s*:/.test(text) ? 'encrypted' : 'damaged';
  }
}

/** A run has left a state that is nowhere else, and that Konfig cannot read. */
export function unreadLeft(id: ResourceId, folder: string, why: 'encrypted' | 'damaged'): Problem {
  const open = `cd ${folder} && mkdir open && cp ${erroredState} open/terraform.tfstate && (cd open && tofu state pull > plain) && mv open/plain ${erroredState}`;
  return {
    code: 'RECORD_CORRUPT',
    message: `The last run of ${shortId(id)} has left a state that is nowhere else, and Konfig cannot read it: ${join(folder, erroredState)} is ${why === 'encrypted' ? 'encrypted by OpenTofu' : 'damaged'}.`,
    hint:
      why === 'encrypted'
        ? `Nothing is lost: with the TF_ENCRYPTION of that run in the environment, ${open}. Then run this again.`
        : 'Keep a copy of that file, and look what of that run is in the world: konfig import takes it over. Once the file is moved away, the state before it counts.',
    at: id,
  };
}
