/** Lengths that lead beyond what holds them, and first pieces that end before their upper layer does (RFC 8200 sections 4 and 4.5). */
import { expect } from 'chai';
import type { ExtensionHeader } from '../wire/ip/extension-headers.ts';
import { type Ipv6Packet, ipv6Packet } from '../wire/ip/ipv6.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { echoRequest, own6, peer6 } from './cable.test-support.ts';
import { holdsAllHeaders, misleadingLength, withHeadersUnread } from './header-octets.ts';

const options: ExtensionHeader = {
  type: 'destinationOptions',
  options: [{ type: 'padN', data: new Uint8Array(2) }, { type: 'pad1' }, { type: 'pad1' }],
};
const routing: ExtensionHeader = { type: 'routing', routingType: 2, segmentsLeft: 0, addresses: [own6] };
const request = echoRequest(peer6, own6) as Ipv6Packet;

describe('lengths that mislead', () => {
  const chain = ipv6Packet.encode({ ...request, extensions: [options, routing] });
  for (const { what, at, to, said } of [
    { what: 'none', at: 41, to: 0, said: undefined },
    { what: 'Hdr Ext Len of options', at: 41, to: 100, said: 41 },
    { what: 'Hdr Ext Len of a routing header', at: 49, to: 200, said: 49 },
    { what: 'Opt Data Len', at: 43, to: 5, said: 43 },
    { what: 'a Payload Length that leaves nothing of a header', at: 5, to: 8, said: 4 },
    { what: 'a Payload Length beyond what came', at: 5, to: 255, said: undefined },
    { what: 'a type without a length at the end', at: 47, to: 1, said: 47 },
  ]) {
    it(`${what}: ${said}`, () => expect(misleadingLength(chain.with(at, to))).to.equal(said));
  }

  it('are sought in what then reads as a packet without headers', () => {
    const unread = withHeadersUnread(chain)!;
    expect(ipv6Packet.encode(unread)).to.deep.equal(chain);
    expect(withHeadersUnread(chain.subarray(0, 39))).to.equal(undefined);
  });
});

describe('a first piece holds all headers', () => {
  for (const { of, protocol, octets, holds } of [
    { of: 'TCP', protocol: protocols.TCP, octets: new Uint8Array(16), holds: false },
    { of: 'TCP', protocol: protocols.TCP, octets: new Uint8Array(24), holds: true },
    { of: 'ESP', protocol: protocols.ESP, octets: new Uint8Array(8), holds: true },
    { of: 'an unknown layer', protocol: protocols.SCTP, octets: new Uint8Array(8), holds: true },
    { of: 'options', protocol: protocols['IPv6-Opts'], octets: Uint8Array.of(17, 0, 1, 4, 0, 0, 0, 0), holds: false },
    { of: 'AH', protocol: protocols.AH, octets: Uint8Array.of(59, 4, ...new Array(22).fill(0)), holds: true },
    { of: 'AH', protocol: protocols.AH, octets: Uint8Array.of(59, 5, ...new Array(22).fill(0)), holds: false },
  ]) {
    it(`${octets.length} octets of ${of}: ${holds}`, () => {
      expect(holdsAllHeaders({ ...request, protocol, payload: octets })).to.equal(holds);
    });
  }
});
