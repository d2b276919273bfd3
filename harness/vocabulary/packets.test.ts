/** Packets that a mobile node sends, made by hand: what is changed is what was said, and the upper layer is what it was at home. */
import { expect } from 'chai';
import { ahKeys, openAh } from '../../reference/ipsec/ah.ts';
import { checksumIsRight } from '../../reference/wire/echo.ts';
import { homeAddressHeader } from '../../reference/wire/ip/extension-headers.ts';
import type { Ipv6Packet } from '../../reference/wire/ip/ipv6.ts';
import { ipPacket } from '../../reference/wire/ip/packet.ts';
import { concat, unhex } from '../../reference/wire/octets.ts';
import type { ManualAh } from '../lab/node.ts';
import { homeAddressPair, mobile } from './mobile-intent.ts';
import {
  behindHeaders,
  fromCareOfAddress,
  hiddenBehindEsp,
  routingHeaderIn,
  routingHeaderTo,
  udpPacket,
  underAh,
} from './packets.ts';
import { manualSas } from './pairs.ts';
import { nutAddresses } from './places.ts';
import { ahSuites } from './transforms.ts';

const { homeAddress, careOfAddress } = mobile;
const ends = { from: homeAddress, to: nutAddresses.ipv6 };
const atHome = udpPacket({ ...ends, sourcePort: 1, destinationPort: 2, payload: Uint8Array.of(7) });
const away = fromCareOfAddress(atHome, careOfAddress);
const decoded = (octets: Uint8Array): Ipv6Packet => ipPacket.decode(octets).value as Ipv6Packet;

describe('packets of a mobile node', () => {
  it('leave the care-of address with a checksum that is of the home address', () => {
    const { source, extensions } = decoded(away);
    expect([source, extensions.map(({ type }) => type)]).to.deep.equal([careOfAddress, ['destinationOptions']]);
    expect(checksumIsRight(decoded(away))).to.equal(true);
  });

  it('stand behind the headers that are given, and keep their upper layer', () => {
    const routed = decoded(behindHeaders(atHome, [routingHeaderTo(nutAddresses.ipv6)], { to: careOfAddress }));
    expect(routed.destination).to.equal(careOfAddress);
    expect(routingHeaderIn(routed)?.addresses).to.deep.equal([nutAddresses.ipv6]);
    expect(routed.payload).to.deep.equal(decoded(atHome).payload);
    expect(checksumIsRight(routed)).to.equal(true);
  });

  it('hide a header behind ESP, which its trailer announces', () => {
    const trailer = [1, 2, 2, 17];
    const hidden = hiddenBehindEsp([homeAddressHeader(homeAddress)]).apply(Uint8Array.of(9, 9, ...trailer));
    expect(hidden.at(-1), 'destination options').to.equal(60);
    expect(hidden[0], 'and then what it was').to.equal(17);
    expect(hidden.subarray(24, -1)).to.deep.equal(Uint8Array.of(9, 9, ...trailer.slice(0, -1)));
  });
});

describe('AH by hand', () => {
  const sa = manualSas(homeAddressPair('pair', { suite: ahSuites['ah-sha256'] }))[0] as ManualAh;
  const keys = ahKeys({
    integrity: { id: sa.integrity.id, key: unhex(sa.integrity.key) },
    extendedSequenceNumbers: false,
  });

  it('has the ICV of the packet at home, or of the addresses on the wire', () => {
    const sealed = underAh(away, { sa, sequenceNumber: 5n });
    expect(openAh(sealed, keys)).to.include({ spi: sa.spi, sequenceNumber: 5, icvGood: true });
    expect(ipPacket.encode(openAh(sealed, keys)!.packet)).to.deep.equal(away);
    expect(openAh(underAh(away, { sa, sequenceNumber: 5n, asOnTheWire: true }), keys)?.icvGood).to.equal(false);
  });

  it('stands before the headers that it hides', () => {
    const bare = behindHeaders(atHome, [], { from: careOfAddress });
    const sealed = underAh(bare, { sa, sequenceNumber: 5n, hidden: [homeAddressHeader(homeAddress)] });
    expect(decoded(sealed).extensions.map(({ type }) => type)).to.deep.equal(['authentication', 'destinationOptions']);
    expect(openAh(sealed, keys)?.icvGood).to.equal(true);
    expect(concat(decoded(sealed).payload)).to.deep.equal(concat(decoded(atHome).payload));
  });
});
