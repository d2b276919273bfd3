import { expect } from 'chai';
import { groupWanted, isClosing, isInitiated, outcomeOf } from './attempts.ts';

const loaded = (spi: string, one: string, other: string) =>
  `spi=${spi}: ikev2_childsa_enable: loaded SPIs: ${one}, ${other} (enc aes-128 auth hmac-sha2-512)\n`;
const deleted = (spi: string, child: string) => `spi=${spi}: ikev2_childsa_delete: deleted CHILD SA spi ${child}\n`;
const established = (spi: string, policy: string) =>
  `${loaded(spi, '0xc1', '0xc2')}spi=${spi}: established peer 192.0.2.2:500[FQDN/tn.example] local 192.0.2.1:500[FQDN/nut.example] policy '${policy}' as initiator (enc aes-128)\n`;
const closed = (spi: string, policy: string) =>
  `spi=${spi}: sa_state: ESTABLISHED -> CLOSED from 192.0.2.2:500 to 192.0.2.1:500 policy '${policy}'\n`;
const freed = (spi: string) => `spi=${spi}: sa_free: reset control message\n`;

describe('what iked logs of its attempts', () => {
  it('tells an IKE SA that there is from one that is being closed, and from one that is gone', () => {
    const one = established('0xa1', 'peer');
    const closing = one + closed('0xa1', 'peer');
    const gone = closing + freed('0xa1');
    expect([one, closing, gone].map((log) => isInitiated(log, 'peer'))).to.deep.equal([true, false, false]);
    expect([one, closing, gone].map((log) => isClosing(log, 'peer'))).to.deep.equal([false, true, false]);
    expect(isInitiated(gone + established('0xa2', 'peer'), 'peer')).to.equal(true);
  });

  it('keeps policies and IKE SAs apart', () => {
    const both = established('0xa1', 'peer') + established('0xa2', 'peer/1') + closed('0xa2', 'peer/1');
    expect(['peer', 'peer/1'].map((policy) => isInitiated(both, policy))).to.deep.equal([true, false]);
    expect(['peer', 'peer/1'].map((policy) => isClosing(both, policy))).to.deep.equal([false, true]);
    expect(isInitiated(both + freed('0xa3'), 'peer')).to.equal(true);
  });

  it('begins anew by a policy whose child is gone, and not by one whose child was replaced', () => {
    const gone = established('0xa1', 'peer') + deleted('0xa1', '0xc1') + deleted('0xa1', '0xc2');
    expect(isInitiated(gone, 'peer')).to.equal(false);
    expect(isInitiated(gone + loaded('0xa1', '0xc3', '0xc4'), 'peer')).to.equal(true);
    expect(isInitiated(gone + loaded('0xa2', '0xc3', '0xc4'), 'peer')).to.equal(false);
  });

  it('takes the end of an IKE SA for a failure only where it was not there before', () => {
    const before = established('0xa1', 'peer');
    expect(outcomeOf(freed('0xa1'), before)).to.equal(undefined);
    expect(outcomeOf(freed('0xa2'), before)?.done).to.equal(false);
    expect(outcomeOf(established('0xa2', 'peer'), before)?.done).to.equal(true);
  });

  it('takes the wish for another group for no failure', () => {
    const again = 'spi=0xa1: sa_free: reinitiating with new DH group\n';
    expect(outcomeOf(again, '')).to.equal(undefined);
    expect([again, freed('0xa1')].map(groupWanted)).to.deep.equal(['another group', undefined]);
  });
});
