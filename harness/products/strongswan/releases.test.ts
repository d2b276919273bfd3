/** What each release of Debian can do of RFC 9370, as the planner is told before anything runs. */
import { expect } from 'chai';
import type { NodeConfiguration } from '../../lab/node.ts';
import { negotiated } from '../../vocabulary/ike-intent.ts';
import { ikeProposal } from '../../vocabulary/transforms.ts';
import { proposalKeyword } from './proposals.ts';
import { unsupportedInRelease } from './releases.ts';

const exchanging = (...methods: number[]): NodeConfiguration => {
  const { nut } = negotiated().parties;
  const proposals = [{ ...ikeProposal, additionalKeyExchanges: methods.map((method) => [method]) }];
  return { ...nut!, ike: nut!.ike.map((connection) => ({ ...connection, proposals })) };
};

describe('releases of strongSwan', () => {
  it('exchange further keys from 6.0 on, and ML-KEM where Debian builds it', () => {
    const can = (configuration: NodeConfiguration) =>
      ([undefined, 'trixie', 'sid'] as const).map(
        (release) => unsupportedInRelease(configuration, release) === undefined,
      );
    expect(can(negotiated().parties.nut!)).to.deep.equal([true, true, true]);
    expect(can(exchanging(19))).to.deep.equal([false, true, true]);
    expect(can(exchanging(19, 36))).to.deep.equal([false, false, true]);
  });

  it('are told further exchanges by number', () => {
    const [proposal] = exchanging(36, 19).ike[0]!.proposals;
    expect(proposalKeyword(proposal!)).to.equal('aes128-sha256-prfsha256-x25519-ke1_mlkem768-ke2_ecp256');
  });
});
