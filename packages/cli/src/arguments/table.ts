// Every command there is, in the order in which help lists them.
import { apply } from './apply';
import { cluster } from './cluster';
import type { Command } from './command';
import { completion } from './completion';
import { destroy } from './destroy';
import { diff } from './diff';
import { doctor } from './doctor';
import { drift } from './drift';
import { explain } from './explain';
import { graph } from './graph';
import { history } from './history';
import { importPart } from './import';
import { init } from './init';
import { logs } from './logs';
import { preview } from './preview';
import { rollback } from './rollback';
import { service } from './service';
import { settings } from './settings';
import { show } from './show';
import { status } from './status';
import { synth } from './synth';
import { unlock } from './unlock';
import { validate } from './validate';
import { verify } from './verify';

export const commands: readonly Command[] = [
  init,
  synth,
  validate,
  verify,
  preview,
  apply,
  importPart,
  status,
  logs,
  drift,
  history,
  show,
  rollback,
  destroy,
  unlock,
  diff,
  graph,
  explain,
  settings,
  service,
  cluster,
  doctor,
  completion,
];
