// A CronJob has nothing to wait for: its Jobs come when their time does.
import type { CronJob, KubeObject } from '../objects';
import { type Report, ready, suspended } from './report';

export function cronJobHealth(object: KubeObject): Report {
  const { spec = {} } = object as CronJob;
  return spec.suspend ? suspended('suspended') : ready(spec.schedule ? `runs at ${spec.schedule}` : 'is there');
}
