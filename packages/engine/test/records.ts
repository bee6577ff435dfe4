// Records and releases to save, as small as can be.
import { defaultSettings, type Plan, planVersion, type Release, recordVersion, type StackRecord, specVersion } from '@konfig/core';

export const stack = 'shop/prod';

export function recordAt(lastRelease: number, names: readonly string[] = []): StackRecord {
  return {
    version: recordVersion,
    stack,
    lastRelease,
    hashKey: '00'.repeat(32),
    inventory: names.map((name) => ({ id: `main:Thing/${name}`, target: 'main', runtime: 'memory', type: 'Thing', dependsOn: [] })),
  };
}

export function releaseAt(number: number, phase: Release['phase'] = 'succeeded'): Release {
  return {
    version: recordVersion,
    stack,
    number,
    kind: 'apply',
    phase,
    by: 'anna@laptop',
    startedAt: '2026-01-01T00:00:00.000Z',
    specDigest: 'd1',
    spec: {
      version: specVersion,
      project: 'shop',
      stack: 'prod',
      workspace: 'prod',
      targets: {},
      records: { store: 'files' },
      settings: defaultSettings,
      resources: [
        { id: 'main:Thing/web', target: 'main', runtime: 'memory', type: 'Thing', attributes: { text: 'ü '.repeat(number) }, path: 'web' },
      ],
    },
    plan: planAt(number),
    sources: { 'main:Thing/web': { made: { file: 'app.ts', line: 7 } } },
    steps: [{ id: 'main:Thing/web', action: 'create', state: phase === 'applying' ? 'pending' : 'done' }],
    problems: [],
  };
}

/** Creates `web`. */
function planAt(number: number): Plan {
  return {
    version: planVersion,
    kind: 'apply',
    stack,
    specDigest: 'd1',
    baseRelease: number - 1,
    targets: {},
    options: {},
    steps: [
      {
        id: 'main:Thing/web',
        target: 'main',
        runtime: 'memory',
        type: 'Thing',
        action: 'create',
        reason: 'not there yet',
        waitsFor: [],
        changes: [],
        immutable: [],
        checked: 'server',
        notes: [],
      },
    ],
    notes: [],
  };
}

export function holderOf(who: string) {
  return { run: `run-of-${who}`, who, since: '2026-01-01T00:00:00.000Z' };
}
