/** Offers of traffic selectors narrowed to a policy (RFC 7296 section 2.9). */
import { expect } from 'chai';
import { selectorText, trafficSelectors } from '../ipsec/traffic-selector.ts';
import type { TrafficSelectorConfiguration } from './configuration.ts';
import { netChild } from './conversation.test-support.ts';
import { fromWire, narrowedSelectors, offeredSelectors, toWire, withinOffer } from './narrowing.ts';

function selectors(local: readonly TrafficSelectorConfiguration[], remote: readonly TrafficSelectorConfiguration[]) {
  return { local: local.flatMap(trafficSelectors), remote: remote.flatMap(trafficSelectors) };
}

const any = [{ addresses: '0.0.0.0/0' }, { addresses: '::/0' }];
const net = [{ addresses: '10.1.0.0/24' }];

describe('narrowing', () => {
  const cases: readonly [
    string,
    TrafficSelectorConfiguration[],
    TrafficSelectorConfiguration[],
    string[] | undefined,
  ][] = [
    ['the same stays', net, net, ['10.1.0.0-10.1.0.255']],
    ['wider is cut', any, net, ['10.1.0.0-10.1.0.255']],
    ['narrower stays', [{ addresses: '10.1.0.7' }], net, ['10.1.0.7']],
    ['beside is nothing', [{ addresses: '10.9.0.0/24' }], net, undefined],
    ['another family is nothing', [{ addresses: '::/0' }], net, undefined],
    ['overlap is cut', [{ addresses: ['10.0.255.0', '10.1.0.9'] }], net, ['10.1.0.0-10.1.0.9']],
    ['protocols meet', net, [{ addresses: '10.1.0.0/24', protocol: 17 }], ['10.1.0.0-10.1.0.255 protocol 17']],
    [
      'ports meet',
      [{ addresses: '10.1.0.1', protocol: 17, ports: [1, 99] }],
      [{ addresses: '10.1.0.0/24', protocol: 17, ports: [50, 200] }],
      ['10.1.0.1 protocol 17 ports 50-99'],
    ],
    ['what lies within another is not said twice', [{ addresses: '10.1.0.7' }, ...net], net, ['10.1.0.0-10.1.0.255']],
    ['said twice is said once', [...net, ...net], net, ['10.1.0.0-10.1.0.255']],
  ];
  for (const [story, offered, permitted, granted] of cases) {
    it(story, () => {
      const result = narrowedSelectors(selectors(offered, any), selectors(permitted, any));
      expect(result?.local.map(selectorText)).to.deep.equal(granted);
      if (result) expect(withinOffer(selectors(offered, any), result)).to.equal(true);
    });
  }

  it('knows an answer that is wider than the offer, or empty', () => {
    expect(withinOffer(selectors(net, any), selectors(any, any))).to.equal(false);
    expect(withinOffer(selectors(net, any), selectors([], any))).to.equal(false);
  });

  it('puts the packet that asked first', () => {
    const packet = { source: '10.2.0.7', destination: '10.1.0.9', protocol: 6, sourcePort: 1024, destinationPort: 80 };
    expect(offeredSelectors(netChild.initiator, packet).local.map(selectorText)).to.deep.equal([
      '10.2.0.7 protocol 6 ports 1024-1024',
      '10.2.0.0-10.2.0.255',
    ]);
  });

  it('survives the payload', () => {
    const all = [...any, { addresses: '2001:db8::7', protocol: 58, icmp: { type: 128 } }].flatMap(trafficSelectors);
    expect(fromWire(toWire(all))).to.deep.equal(all);
  });
});
