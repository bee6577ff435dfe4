// Which process holds a lock, and whether it has surely ended: a lock never outlives a dead process.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ProcessIdentity } from '@konfig/core';

/** This process, as others can find it. */
export function ownProcess(): ProcessIdentity {
  const born = bornOf(process.pid);
  return { machine: machine(), pid: process.pid, ...(born === undefined ? {} : { born }) };
}

/** Has this process surely ended? True only when it ran on this machine and is there no more; of other machines nothing can be known from here. */
export function hasEnded(other: ProcessIdentity): boolean {
  if (other.machine !== machine()) return false;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  // A pid may be used again.
  return other.born !== undefined && bornOf(other.pid) !== other.born;
}

/** True only when it runs on this machine now: the very process, not another one that has its pid by now. */
export function isRunning(other: ProcessIdentity): boolean {
  return other.machine === machine() && !hasEnded(other);
}

/**
 * Two machines may have one host name, and two containers on one machine see different processes: on Linux the boot and the pid
 * namespace tell them apart (proc(5), pid_namespaces(7)).
 */
export function machine(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Field 22 of /proc/PID/stat (proc(5)), counted behind the name, which may hold spaces. Undefined off Linux. */
function bornOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
