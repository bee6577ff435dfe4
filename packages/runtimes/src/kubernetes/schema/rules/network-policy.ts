// What the API server refuses in a NetworkPolicy.
import { type Entry, entriesAt, list, objectAt } from '../../field';
import { type Fault, quoted } from '../fault';
import { isGiven, portRefFaults, textFaults } from '../limits';
import { isNetwork } from '../syntax';
import type { Rule } from './rule';
import { selectorFaults } from './selector';

export const networkPolicy: Rule = (object) =>
  objectAt(object, 'spec').flatMap((spec) => [
    ...objectAt(spec, 'podSelector').flatMap(selectorFaults),
    ...[
      ['ingress', 'from'],
      ['egress', 'to'],
    ].flatMap(([direction = '', peers = '']) =>
      entriesAt(spec, direction).flatMap((rule) => [
        ...entriesAt(rule, 'ports').flatMap(portFaults),
        ...entriesAt(rule, peers).flatMap(peerFaults),
      ]),
    ),
    ...list(spec.value.policyTypes).flatMap((type, i) =>
      type === 'Ingress' || type === 'Egress' || typeof type !== 'string'
        ? []
        : [{ path: [...spec.path, 'policyTypes', i], message: `${quoted(type)} is neither Ingress nor Egress.` }],
    ),
  ]);

function portFaults(entry: Entry): readonly Fault[] {
  const { port, endPort } = entry.value;
  if (endPort === undefined || endPort === null) return portRefFaults(entry, 'port');
  const here = [...entry.path, 'endPort'];
  if (typeof port !== 'number')
    return typeof port === 'object' && port !== null ? [] : [{ path: here, message: 'endPort needs a port that is a number.' }];
  if (typeof endPort === 'number' && endPort < port) return [{ path: here, message: `endPort is ${endPort}, less than port (${port}).` }];
  return portRefFaults(entry, 'port');
}

function peerFaults(peer: Entry): readonly Fault[] {
  const { ipBlock, podSelector, namespaceSelector } = peer.value;
  const isBoth = isGiven(ipBlock) && (isGiven(podSelector) || isGiven(namespaceSelector));
  const isNone = !isGiven(ipBlock) && !isGiven(podSelector) && !isGiven(namespaceSelector);
  return [
    ...(isBoth
      ? [
          {
            path: [...peer.path, 'ipBlock'],
            message: 'ipBlock stands beside a selector, but must be alone.',
            hint: 'Make it an entry of its own.',
          },
        ]
      : []),
    ...(isNone ? [{ path: peer.path, message: 'The peer has none of podSelector, namespaceSelector, ipBlock.' }] : []),
    ...['podSelector', 'namespaceSelector'].flatMap((field) => objectAt(peer, field).flatMap(selectorFaults)),
    ...objectAt(peer, 'ipBlock').flatMap((block) => textFaults(block, 'cidr', { isOk: isNetwork, words: 'network such as 10.0.0.0/8' })),
  ];
}
