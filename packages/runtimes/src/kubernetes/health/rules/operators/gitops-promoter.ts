import type { HealthCase, HealthRule } from '../rule';

const from = 'https://gitops-promoter.readthedocs.io/en/latest/crd-specs/';

/** A commit that is named nowhere is not yet where it should be, either. */
const isOnItsWay = (of: string) =>
  `${of}.?active.?dry.?sha.orValue('') == '' || ${of}.active.dry.sha != ${of}.?proposed.?dry.?sha.orValue('')`;
const proposed = (of: string) => `${of}.?proposed.?note.?drySha.orValue(${of}.?proposed.?dry.?sha.orValue(''))`;

const whenReady = (holds: string, message: string): HealthCase => ({
  when: `generic == 'ready' && (${holds})`,
  health: 'progressing',
  message,
});

// Ready says only that their controller has looked; what is wished for is there when each branch is at the commit that is proposed for it.
export const gitopsPromoter: readonly HealthRule[] = [
  {
    kind: 'PromotionStrategy.promoter.argoproj.io',
    from,
    cases: [
      whenReady("condition('Ready') == ''", 'is not looked at yet'),
      whenReady(`status.?environments.orValue([]).exists(e, ${isOnItsWay('e')})`, 'a commit is on its way to an environment'),
      whenReady(
        `status.?environments.orValue([]).exists(e, ${proposed('e')} != ${proposed('status.environments[0]')})`,
        'a commit is not proposed to all environments yet',
      ),
    ],
  },
  {
    kind: 'ChangeTransferPolicy.promoter.argoproj.io',
    from,
    cases: [whenReady("condition('Ready') == ''", 'is not looked at yet'), whenReady(isOnItsWay('status'), 'a commit is on its way')],
  },
];
