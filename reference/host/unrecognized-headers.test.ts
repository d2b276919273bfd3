/** What a node says, by code and pointer, about headers that it does not know (RFC 8200 sections 4, 4.2 and 4.4, RFC 4443 section 3.4). */
import { expect } from 'chai';
import { icmpv6Message } from '../wire/icmpv6.ts';
import type { ExtensionHeader } from '../wire/ip/extension-headers.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { Cable, echoRequest, own6, peer6 } from './cable.test-support.ts';

const padding: ExtensionHeader = {
  type: 'destinationOptions',
  options: [{ type: 'padN', data: new Uint8Array(4) }],
};
const unknown = (optionType: number): ExtensionHeader => ({
  type: 'destinationOptions',
  options: [{ type: 'option', optionType, data: new Uint8Array(4) }],
});
const routing = (routingType: number, segmentsLeft: number): ExtensionHeader => ({
  type: 'routing',
  routingType,
  segmentsLeft,
  addresses: [peer6],
});

interface Row {
  readonly what: string;
  readonly headers?: readonly ExtensionHeader[];
  readonly protocol?: number;
  /** Code and pointer of the Parameter Problem; `reply`: the echo is answered; `silence`. */
  readonly said: readonly [code: number, pointer: number] | 'reply' | 'silence';
}

const table: readonly Row[] = [
  { what: 'an upper layer', protocol: protocols.SCTP, said: [1, 6] },
  { what: 'an upper layer behind options', headers: [padding], protocol: protocols.SCTP, said: [1, 40] },
  { what: 'one behind two headers', headers: [padding, padding], protocol: protocols.SCTP, said: [1, 48] },
  { what: 'a Mobility Header', protocol: protocols['Mobility Header'], said: [1, 6] },
  { what: 'no next header', protocol: protocols['IPv6-NoNxt'], said: 'silence' },
  { what: 'an option that may be skipped', headers: [unknown(0x1e)], said: 'reply' },
  { what: 'an option that discards', headers: [unknown(0x5e)], said: 'silence' },
  { what: 'an option that is reported', headers: [unknown(0x9e)], said: [2, 42] },
  { what: 'an option that is reported unless to a group', headers: [padding, unknown(0xde)], said: [2, 50] },
  { what: 'a home address option', headers: [unknown(0xc9)], said: [2, 42] },
  { what: 'a routing header with segments left', headers: [routing(7, 1)], said: [0, 42] },
  { what: 'a routing header of type 2', headers: [padding, routing(2, 1)], said: [0, 50] },
  { what: 'a routing header without segments left', headers: [routing(7, 0)], said: 'reply' },
];

describe('headers that a node without Mobile IPv6 does not know', () => {
  for (const { what, headers: extensions = [], protocol, said } of table) {
    it(`${what}: ${typeof said === 'string' ? said : `code ${said[0]}, pointer ${said[1]}`}`, () => {
      const packet = { ...echoRequest(peer6, own6), extensions, ...(protocol && { protocol }) } as IpPacket;
      const [answer, ...more] = new Cable().answers(packet).map(({ payload }) => icmpv6Message.decode(payload).value);
      expect(more).to.deep.equal([]);
      if (said === 'silence') expect(answer).to.equal(undefined);
      else if (said === 'reply') expect(answer?.kind).to.equal('echo');
      else expect(answer).to.include({ kind: 'parameterProblem', code: said[0], pointer: said[1] });
    });
  }
});
