/** What a node says against a packet, and what an account makes of it: whose words they are is told by octets, not by when they come. */
import { expect } from 'chai';
import { nodeRules } from '../../reference/host/host.ts';
import type { Transcript } from '../capture/transcript.ts';
import { inner, nutAddresses } from '../lab/topologies.ts';
import { followsToAnyAddress } from '../peers/mutants/mobility.ts';
import { correspondent, mobile, roaming, roamingNode } from '../vocabulary/mobile-intent.ts';
import { behindHeaders, echoPacket, fromCareOfAddress, routingHeaderTo, udpPacket } from '../vocabulary/packets.ts';
import { sinkPort } from '../vocabulary/places.ts';
import { Account } from './account.ts';
import { changed, played, withFlipped } from './played.test-support.ts';

const { homeAddress, otherHomeAddress, careOfAddress } = mobile;
const clear = { from: careOfAddress, to: nutAddresses.ipv6 } as const;

const datagram = (sourcePort: number, from: string, destinationPort = sinkPort): Uint8Array =>
  udpPacket({ from, to: nutAddresses.ipv6, sourcePort, destinationPort, payload: Uint8Array.of(1, 2, 3) });

describe('what is said against a packet', () => {
  let transcript: Transcript;
  let account: Account;
  before(async () => {
    const bindings = [{ homeAddress, careOfAddress }];
    transcript = await played(correspondent({ bindings }, []), async ({ tn, nut }) => {
      await tn.pingInClear('before', clear);
      await tn.packet('unbound', fromCareOfAddress(datagram(4001, otherHomeAddress), careOfAddress));
      await tn.packet('closed', fromCareOfAddress(datagram(4002, homeAddress, 9), careOfAddress));
      await tn.packet('bound', fromCareOfAddress(datagram(4003, homeAddress), careOfAddress));
      await tn.pingInClear('after', clear);
      await nut.reports('report');
    });
    account = new Account(transcript);
  });

  it('is a Binding Error to where the packet came from, with its fields', () => {
    const said = account.objection('unbound');
    expect(said).to.deep.include({ kind: 'bindingError', status: 1, homeAddress: otherHomeAddress });
    expect(said).to.deep.include({ source: nutAddresses.ipv6, destination: careOfAddress });
    expect(said?.shown.says).to.match(/Binding Error, status 1/);
    expect(said?.shown.evidence[0]?.kind).to.equal('frame');
  });

  it('is not what was said against a packet with an option, if this one has none', () => {
    expect(account.objection('before')).to.equal(undefined);
  });

  it('is nothing where a node keeps silent until it answered later', () => {
    expect(account.unobjected('before', 'after')?.evidence[0]).to.include({ kind: 'silence' });
    expect(account.unobjected('unbound', 'after'), 'it was told').to.equal(undefined);
    expect(account.unobjected('after', 'before'), 'life before the packet proves nothing').to.equal(undefined);
    expect(account.unobjected('never', 'after')).to.equal(undefined);
    expect(account.unobjected('bound', 'never')).to.equal(undefined);
    expect(account.objection('never')).to.equal(undefined);
  });

  it('is nothing once an octet of it was altered', () => {
    const frame = account.objection('unbound')!.found.frame.entry;
    for (const offset of [14 + 40 + 6, 14 + 40 + 12, -1]) {
      const altered = new Account(withFlipped(transcript, frame, offset));
      expect(altered.objection('unbound'), `octet ${offset}`).to.equal(undefined);
    }
  });

  it('is no objection to a packet that was never sent', () => {
    const frame = account.probe('unbound')!.frame.entry;
    const unsent = changed(transcript, (entry) => (entry === frame ? undefined : entry));
    expect(new Account(unsent).objection('unbound')).to.equal(undefined);
  });

  it('tells of a delivery where it came from, as the sink saw it', () => {
    expect(account.delivered('bound', 'report', homeAddress)).not.to.equal(undefined);
    expect(account.delivered('bound', 'report', careOfAddress)).to.equal(undefined);
  });
});

describe('what is said of a routing header', () => {
  const routed = (to: string, routingType: number): Uint8Array => {
    const echo = echoPacket({
      from: roaming.correspondent,
      to,
      identifier: 7,
      sequence: routingType,
      payload: new Uint8Array(4),
    });
    return behindHeaders(echo, [{ ...routingHeaderTo(to), routingType }], { to: roaming.careOfAddress });
  };

  it('is a Parameter Problem with its pointer, whenever it comes; and what is sent on is found', async () => {
    const account = new Account(
      await played(roamingNode([]), async ({ tn }) => {
        await tn.packet('type 0', routed(roaming.homeAddress, 0));
        await tn.packet('type 2', routed(roaming.homeAddress, 2), { awaited: true });
        await tn.pingInClear('life', { to: roaming.careOfAddress });
      }),
    );
    expect(account.objection('type 0')).to.deep.include({ kind: 'icmp', type: 4, code: 0, pointer: 42 });
    expect(account.objection('type 2')).to.equal(undefined);
    expect(account.answered('type 2')).not.to.equal(undefined);
    expect(account.passedOn('type 2'), 'it stays').to.equal(undefined);
    expect(account.passedOn('never')).to.equal(undefined);
  });

  it('finds a packet that a node sends on', async () => {
    const rules = followsToAnyAddress.apply(nodeRules);
    const transcript = await played(
      roamingNode([]),
      async ({ tn }) => {
        await tn.pingInClear('path', { from: mobile.otherCareOfAddress, to: roaming.careOfAddress });
        await tn.packet('foreign', routed(inner.outsider.ipv6, 2));
        await tn.pingInClear('life', { to: roaming.careOfAddress });
      },
      { rules },
    );
    expect(new Account(transcript).passedOn('foreign')?.packet.packet.destination).to.equal(inner.outsider.ipv6);
  });
});
