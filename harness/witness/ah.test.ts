/**
 * AH against Scapy, both ways: what the reference seals Scapy verifies, what Scapy seals the reference opens, for every option and extension header that
 * AH treats in a way of its own. What a router does on the way is done to some of them in between.
 */
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { ahKeys, openAh, sealAh } from '../../reference/ipsec/ah.ts';
import { homeAddressHeader } from '../../reference/wire/ip/extension-headers.ts';
import { type IpPacket, ipPacket } from '../../reference/wire/ip/packet.ts';
import { hex, unhex } from '../../reference/wire/octets.ts';
import { hasScapy } from './scapy.test-support.ts';

const payload = unhex('1234567890abcdef0011');
const ipv4 = (more: object = {}): IpPacket =>
  ({
    version: 4,
    source: '192.0.2.1',
    destination: '198.51.100.2',
    protocol: 253,
    payload,
    dscp: 10,
    ecn: 1,
    dontFragment: true,
    timeToLive: 17,
    ...more,
  }) as IpPacket;
const ipv6 = (extensions: readonly object[], more: object = {}): IpPacket =>
  ({
    version: 6,
    source: '2001:db8::1',
    destination: '2001:db8:1::2',
    protocol: 253,
    payload,
    dscp: 10,
    ecn: 1,
    flowLabel: 0x12345,
    hopLimit: 17,
    extensions,
    ...more,
  }) as IpPacket;
const options = (...octets: string[]) => ({ options: unhex(octets.join('')) });
const option = (optionType: number, data: string) => ({ type: 'option', optionType, data: unhex(data) });
const hopByHop = (...all: object[]) => ({ type: 'hopByHop', options: all });
const destinationOptions = (...all: object[]) => ({ type: 'destinationOptions', options: all });
const routing = (routingType: number, segmentsLeft: number, ...addresses: string[]) => ({
  type: 'routing',
  routingType,
  segmentsLeft,
  addresses,
});

interface Sample {
  readonly what: string;
  readonly packet: IpPacket;
  /** Why Scapy does not seal it as it should. */
  readonly oneWay?: string;
}

const PROCESSES_WHAT_IS_DONE = 'Scapy processes a routing header whose segments are all done';
const PUTS_AH_BEFORE_OPTIONS = 'Scapy puts AH before destination options that follow a routing header';

const type2 = routing(2, 1, '2001:db8:1::99');
const homeAddress = homeAddressHeader('2001:db8:7::7');

const samples: readonly Sample[] = [
  { what: 'IPv4', packet: ipv4() },
  { what: 'router alert, which stays', packet: ipv4(options('94040000')) },
  { what: 'a time stamp, which changes', packet: ipv4(options('4408050000000000')) },
  { what: 'record route and no operation', packet: ipv4(options('07070400000000', '01')) },
  { what: 'an unknown option', packet: ipv4(options('9e04abcd')) },
  { what: 'security and the end of options', packet: ipv4(options('820b0000000000000000', '0000')) },
  { what: 'a loose source route at its end', packet: ipv4(options('830708c0000207', '00')) },
  { what: 'IPv6', packet: ipv6([]) },
  { what: 'hop-by-hop router alert, which stays', packet: ipv6([hopByHop(option(5, '0000'))]) },
  {
    what: 'hop-by-hop options of which one changes',
    packet: ipv6([hopByHop(option(0x1e, 'aabb'), option(0x3e, 'ccdd'))]),
  },
  {
    what: 'destination options of which one changes',
    packet: ipv6([destinationOptions(option(0x3e, 'ccddeeff')), routing(0, 0, '2001:db8:9::9')]),
    oneWay: PROCESSES_WHAT_IS_DONE,
  },
  {
    what: 'a routing header at its end',
    packet: ipv6([routing(0, 0, '2001:db8:9::9', '2001:db8:9::a')]),
    oneWay: PROCESSES_WHAT_IS_DONE,
  },
  {
    what: 'a routing header with two segments left',
    packet: ipv6([routing(0, 2, '2001:db8:9::9', '2001:db8:9::a')]),
    oneWay: PROCESSES_WHAT_IS_DONE,
  },
  { what: 'a type 2 routing header', packet: ipv6([type2]), oneWay: PROCESSES_WHAT_IS_DONE },
  { what: 'the home address option', packet: ipv6([homeAddress]) },
  { what: 'both of Mobile IPv6', packet: ipv6([type2, homeAddress]), oneWay: PUTS_AH_BEFORE_OPTIONS },
  {
    what: 'the home address option behind a hop-by-hop option that changes',
    packet: ipv6([hopByHop(option(0x3e, 'ccdd')), homeAddress]),
  },
  {
    what: 'the home address option beside one that changes and one that stays',
    packet: ipv6([{ ...homeAddress, options: [...homeAddress.options, option(0x3e, 'ccdd'), option(0x1e, 'aabb')] }]),
  },
  {
    what: 'the home address option behind other destination options',
    packet: ipv6([destinationOptions(option(0x1e, 'aabbccdd')), homeAddress]),
  },
  {
    what: 'the home address option before AH and other destination options behind it',
    packet: ipv6([homeAddress, destinationOptions(option(0x1e, 'aabbccdd'))]),
  },
  {
    what: 'every header before AH, the type 2 routing header and the home address option among them',
    packet: ipv6([
      hopByHop(option(5, '0000')),
      destinationOptions(option(0x3e, 'ccddeeff')),
      routing(0, 2, '2001:db8:9::9', '2001:db8:9::a'),
      type2,
      homeAddress,
      destinationOptions(option(0x1e, 'aabbccdd')),
    ]),
    oneWay: PUTS_AH_BEFORE_OPTIONS,
  },
];

const suites = [
  [2, 20],
  [8, 16],
  [12, 32],
  [13, 48],
  [14, 64],
] as const;

describe('AH and Scapy', function () {
  this.timeout(60_000);

  before(function () {
    if (hasScapy()) return;
    console.log('      skipped: there is no Scapy');
    this.skip();
  });

  it('Scapy verifies what the reference seals', () => {
    const orders = everySample().map(({ sample, keys, spi, sequenceNumber, high }) => {
      const sealed = sealAh(sample.packet, { spi, sequenceNumber }, keys);
      return { kind: 'verify', packet: hex(sealed), ...associationOf(keys, spi, sequenceNumber, high) };
    });
    const answers = byScapy(orders);
    const refused = everySample().flatMap(({ name }, place) =>
      answers[place]!.refused ? [`${name}: ${answers[place]!.refused}`] : [],
    );
    expect(refused).to.deep.equal([]);
    console.log(`      ${orders.length} packets`);
  });

  it('the reference opens what Scapy seals', () => {
    const wanted = everySample().filter(({ sample }) => !sample.oneWay);
    const answers = byScapy(
      wanted.map(({ sample, keys, spi, sequenceNumber, high }) => ({
        kind: 'seal',
        packet: hex(ipPacket.encode(sample.packet)),
        ...associationOf(keys, spi, sequenceNumber, high),
      })),
    );
    for (const [place, { name, sample, keys, spi, sequenceNumber, high }] of wanted.entries()) {
      const { packet, refused } = answers[place]!;
      expect(refused, name).to.equal(undefined);
      const opened = openAh(unhex(packet!), keys, { sequenceHigh: high ?? 0 })!;
      expect(opened, name).to.include({ spi, sequenceNumber: Number(sequenceNumber & 0xffff_ffffn), icvGood: true });
      expect(hex(ipPacket.encode(opened.packet)), name).to.equal(hex(ipPacket.encode(sample.packet)));
    }
    console.log(`      ${wanted.length} packets`);
  });
});

function everySample() {
  return samples.flatMap((sample) =>
    suites.flatMap(([integrity, octets]) =>
      [undefined, 7].map((high) => ({
        name: `${sample.what}, integrity ${integrity}${high === undefined ? '' : ', extended'}`,
        sample,
        spi: 0x1234,
        sequenceNumber: (BigInt(high ?? 0) << 32n) + 9n,
        high: high ?? null,
        keys: ahKeys({
          integrity: { id: integrity, key: new Uint8Array(octets).fill(integrity) },
          extendedSequenceNumbers: high !== undefined,
        }),
      })),
    ),
  );
}

function associationOf(keys: ReturnType<typeof ahKeys>, spi: number, sequenceNumber: bigint, high: number | null) {
  return {
    integrity: keys.integrity.id,
    key: hex(keys.integrityKey),
    spi,
    sequenceNumber: Number(sequenceNumber & 0xffff_ffffn),
    high,
  };
}

function byScapy(orders: readonly object[]): readonly { packet?: string; refused?: string }[] {
  const script = new URL('./ah-by-scapy.py', import.meta.url).pathname;
  const run = spawnSync('/usr/bin/python3', [script], {
    input: JSON.stringify(orders),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (run.status !== 0) throw new Error(`ah-by-scapy.py: ${run.stderr}`);
  return JSON.parse(run.stdout);
}
