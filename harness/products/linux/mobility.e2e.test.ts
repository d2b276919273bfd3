/** Two Linux kernels told of mobility by hand, a mobile node away from home and its correspondent: headers, SAs of the home address, and what is refused. */
import { expect } from 'chai';
import type { ManualSa, NodeConfiguration, ProtectAction, SpdEntry } from '../../lab/node.ts';
import { guestProductNamed } from '../catalogue.ts';
import { type GuestPair, guestPair, skipWithoutGuests, until } from '../guest-pair.test-support.ts';
import type { QuestionedNode } from '../honesty.ts';

type Told = NonNullable<NodeConfiguration['mobility']>['correspondentNode'];

describe('mobility by hand on real kernels', function () {
  this.timeout(120_000);
  let pair: GuestPair;
  let mobile: QuestionedNode;
  let correspondent: QuestionedNode;
  let boots = 0;

  before(async function () {
    await skipWithoutGuests(this);
    pair = await guestPair('linux');
    const { create } = guestProductNamed('linux')!;
    const counted = (boot: GuestPair['left']) => () => {
      boots++;
      return boot();
    };
    [mobile, correspondent] = await Promise.all([create(counted(pair.left)), create(counted(pair.right))]);
  });

  after(async () => {
    await Promise.all([mobile?.stop(), correspondent?.stop()]);
    await pair?.close();
  });

  const configured = (told: Told, protocol?: 'ESP' | 'AH') =>
    Promise.all([mobile.configure(away(protocol)), correspondent.configure(node(told, protocol))]);

  const delivered = async (to: QuestionedNode) => {
    await until(async () => (await to.state()).delivered.length > 0);
    return (await to.state()).delivered.map(({ source, destination }) => `${source} ${destination}`);
  };

  for (const protocol of ['ESP', 'AH', undefined] as const) {
    it(`carries ${protocol ?? 'nothing'} behind a home address option, and back behind a routing header`, async () => {
      await configured(binding, protocol);
      const before = pair.frames.length;
      await mobile.perform(datagram(homeAddress, nodeAddress));
      expect(await delivered(correspondent)).to.deep.equal([`${homeAddress} ${nodeAddress}`]);
      await correspondent.perform(datagram(nodeAddress, homeAddress));
      expect(await delivered(mobile)).to.deep.equal([`${nodeAddress} ${homeAddress}`]);
      const headers = pair.frames.slice(before).map(headersOf);
      expect(headers)
        .to.include(`60 ${numberOf(protocol)}`)
        .and.to.include(`43 ${numberOf(protocol)}`);
      expect((await correspondent.state()).bindings).to.deep.equal([
        { homeAddress, careOfAddress, homeRegistration: false },
      ]);
      const { bindings, spd } = await mobile.state();
      expect(bindings).to.deep.equal([]);
      expect(spd.filter(({ action }) => action === 'PROTECT').length).to.equal(protocol ? 2 : 0);
    });
  }

  for (const protocol of ['ESP', 'AH'] as const) {
    it(`lets ${protocol} alone verify the option, and answers to the home address`, async () => {
      await configured({ verifiesByIpsec: true }, protocol);
      const before = pair.frames.length;
      await mobile.perform(datagram(homeAddress, nodeAddress));
      expect(await delivered(correspondent)).to.deep.equal([`${homeAddress} ${nodeAddress}`]);
      await correspondent.perform(datagram(nodeAddress, homeAddress));
      expect(await delivered(mobile)).to.deep.equal([`${nodeAddress} ${homeAddress}`]);
      const headers = pair.frames.slice(before).map(headersOf);
      expect(headers.filter((each) => each.startsWith('43'))).to.deep.equal([]);
      expect((await correspondent.state()).bindings).to.deep.equal([]);
    });
  }

  it('refuses an option that nothing vouches for', async () => {
    await configured({}, 'ESP');
    await mobile.perform(datagram(homeAddress, nodeAddress));
    await until(async () => ((await correspondent.state()).counters.XfrmInNoStates ?? 0) > 0);
    expect((await correspondent.state()).delivered).to.deep.equal([]);
    await configured({ verifiesByIpsec: true });
    await mobile.perform(datagram(homeAddress, nodeAddress));
    await until(async () => ((await correspondent.state()).counters.XfrmInNoPols ?? 0) > 0);
    expect((await correspondent.state()).delivered).to.deep.equal([]);
  });

  it('leaves nothing of it behind', async () => {
    await configured(binding, 'ESP');
    const { mobility: _away, ...atRest } = away();
    await Promise.all([mobile.configure(atRest), correspondent.configure(node())]);
    const [{ sad, spd, bindings }] = await Promise.all([correspondent.state(), mobile.state()]);
    expect({ sad, spd, bindings }).to.deep.equal({ sad: [], spd: [], bindings: undefined });
    expect(boots, 'guests that were booted').to.equal(2);
  });
});

const [nodeAddress, careOfAddress, homeAddress] = ['2001:db8::2', '2001:db8::1', '2001:db8:1::1'];

const binding = { bindings: [{ homeAddress, careOfAddress }] };

const common: Pick<NodeConfiguration, 'forwarding' | 'sinks' | 'ike'> = {
  forwarding: false,
  sinks: [{ protocol: 'udp', port: 7777 }],
  ike: [],
};

function away(protocol?: 'ESP' | 'AH'): NodeConfiguration {
  const byHand = { careOfAddress, correspondents: [nodeAddress] };
  return {
    ...common,
    name: 'mobile',
    interfaces: [{ name: 'eth0', link: 'link', addresses: [`${careOfAddress}/64`] }],
    innerAddresses: [`${homeAddress}/64`],
    routes: [],
    spd: protocol ? [entry(homeAddress, nodeAddress, protocol)] : [],
    manual: protocol ? sas(protocol, ['out', 'in']) : [],
    mobility: { mobileNode: { interface: 'eth0', homeAddress: `${homeAddress}/64`, byHand } },
  };
}

function node(told?: Told, protocol?: 'ESP' | 'AH'): NodeConfiguration {
  return {
    ...common,
    name: 'correspondent',
    interfaces: [{ name: 'eth0', link: 'link', addresses: [`${nodeAddress}/64`] }],
    innerAddresses: [],
    routes: [{ destination: '2001:db8:1::/64', via: careOfAddress, interface: 'eth0' }],
    spd: protocol ? [entry(nodeAddress, homeAddress, protocol)] : [],
    manual: protocol ? sas(protocol, ['in', 'out']) : [],
    ...(told && { mobility: { correspondentNode: told } }),
  };
}

function entry(local: string, remote: string, protocol: ProtectAction['protocol']): SpdEntry {
  const action = { kind: 'PROTECT', protocol, mode: 'transport', securityAssociations: ['there', 'back'] } as const;
  return { name: 'pair', direction: 'both', selector: { local: `${local}/128`, remote: `${remote}/128` }, action };
}

function sas(protocol: 'ESP' | 'AH', [there, back]: readonly ['in' | 'out', 'in' | 'out']): ManualSa[] {
  const one = {
    mode: 'transport',
    integrity: { id: 12, key: '17'.repeat(32) },
    replayWindow: 64,
    extendedSequenceNumbers: false,
  } as const;
  const kind =
    protocol === 'AH' ? ({ protocol } as const) : { encryption: { id: 12, keyLength: 128, key: '42'.repeat(16) } };
  return [
    { ...one, ...kind, name: 'there', direction: there, spi: 0x1001, source: homeAddress, destination: nodeAddress },
    { ...one, ...kind, name: 'back', direction: back, spi: 0x1002, source: nodeAddress, destination: homeAddress },
  ];
}

const datagram = (from: string, to: string) =>
  ({ kind: 'udp', from, to, sourcePort: 1234, destinationPort: 7777, payload: Uint8Array.of(1, 2, 3) }) as const;

/** The first two headers after that of IPv6, by number. */
const headersOf = (frame: Uint8Array): string =>
  frame[12] === 0x86 && frame[13] === 0xdd ? `${frame[20]} ${frame[54]}` : '';

const numberOf = (protocol?: 'ESP' | 'AH'): number => (protocol === 'ESP' ? 50 : protocol === 'AH' ? 51 : 17);
