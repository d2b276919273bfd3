/** For tests: a host on a bare cable that wants its peer's packets under an SA, and how the peer puts any packet there, whatever its headers are. */
import { ahKeys, sealAh } from '../ipsec/ah.ts';
import { espKeys, espTrailer, sealEspPayload } from '../ipsec/esp.ts';
import { extensionProtocols } from '../wire/ip/extension-headers.ts';
import { encodeExtensions, type Ipv6Packet } from '../wire/ip/ipv6.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { concat, unhex } from '../wire/octets.ts';
import { own6, peer6 } from './cable.test-support.ts';
import type { NodeConfiguration } from './configuration.ts';

export interface Carrier {
  readonly protocol: 'ESP' | 'AH';
  readonly mode: 'transport' | 'tunnel';
}

export const carriers: readonly Carrier[] = (['ESP', 'AH'] as const).flatMap((protocol) =>
  (['transport', 'tunnel'] as const).map((mode) => ({ protocol, mode })),
);

/** What a host is told that takes its peer's packets in this way alone. */
export function protectedBy({ protocol, mode }: Carrier): Pick<NodeConfiguration, 'spd' | 'manual'> {
  const common = {
    name: 'from-peer',
    direction: 'in',
    spi: SPI,
    source: peer6,
    destination: own6,
    mode,
    integrity: { ...integrity, key: KEY },
    replayWindow: 0,
    extendedSequenceNumbers: false,
  } as const;
  const sa = protocol === 'AH' ? { ...common, protocol } : { ...common, encryption: { id: NULL, key: '' } };
  const action = { kind: 'PROTECT', protocol, mode, securityAssociations: [sa.name] } as const;
  const selector = { local: '::/0', remote: '::/0' };
  return { manual: [sa], spd: [{ name: 'protect', direction: 'in', selector, action }] };
}

/** In transport mode all its headers stand behind AH or ESP. */
export function carried(packet: Ipv6Packet, { protocol, mode }: Carrier): Ipv6Packet {
  const inner = mode === 'transport' ? opaque(packet) : { payload: ipPacket.encode(packet), protocol: protocols.IPv6 };
  const outer = { ...packet, source: peer6, destination: own6, extensions: [], ...inner };
  const numbers = { spi: SPI, sequenceNumber: 1n };
  const keyed = { integrity: { ...integrity, key: unhex(KEY) }, extendedSequenceNumbers: false };
  if (protocol === 'AH') return ipPacket.decode(sealAh(outer, numbers, ahKeys(keyed))).value as Ipv6Packet;
  const padding = Uint8Array.from({ length: -(inner.payload.length + 2) & 3 }, (_, place) => place + 1);
  const plaintext = concat(inner.payload, espTrailer(padding, inner.protocol));
  const keys = espKeys({ ...keyed, encryption: { id: NULL, key: new Uint8Array(0) } });
  const payload = sealEspPayload({ ...numbers, iv: new Uint8Array(0), plaintext }, keys);
  return { ...outer, protocol: protocols.ESP, payload };
}

/** Its chain of headers as octets. */
function opaque({ extensions, protocol, payload }: Ipv6Packet): Pick<Ipv6Packet, 'protocol' | 'payload'> {
  const [first] = extensions;
  return {
    protocol: first ? extensionProtocols[first.type] : protocol,
    payload: concat(encodeExtensions(extensions, protocol), payload),
  };
}

const SPI = 0x1001;
const NULL = 11;
const integrity = { id: 12 };
const KEY = '11'.repeat(32);
