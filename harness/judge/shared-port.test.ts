/**
 * What comes on the ports of IKE is told apart by its first four octets on port 4500, and by nothing else (RFC 3948 2): not by how it looks. In the field a capture's ESP was shown as IKE. The
 * judge and the decoder of frames read the same.
 */
import { expect } from 'chai';
import { espTrailer } from '../../reference/ipsec/esp.ts';
import { decodeFrame } from '../../reference/wire/frame.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { concat, hex, u32, unhex } from '../../reference/wire/octets.ts';
import type { FrameEntry, Transcript } from '../capture/transcript.ts';
import { negotiated, saying } from '../vocabulary/ike-intent.ts';
import { encoded, udpPacket } from '../vocabulary/packets.ts';
import { nutAddresses, places } from '../vocabulary/places.ts';
import { Account } from './account.ts';
import { OpenedLog } from './opened-log.ts';
import { framesOf, played } from './played.test-support.ts';

const ends = { from: places.home.ipv4, to: nutAddresses.ipv4 };
const marker = u32(0);

describe('what comes on the ports of IKE', () => {
  let honest: Transcript;
  let liveness: Uint8Array;
  let cookie: Uint8Array;

  before(async () => {
    const intent = saying(negotiated({ mode: 'tunnel' }), { tn: { encapsulation: 'forced' } });
    honest = await played(intent, async ({ tn }) => {
      await tn.initiates('agree');
      await tn.asksForLife('life');
    });
    const log = new OpenedLog(honest);
    const messages = framesOf(honest, 'tn').flatMap((frame) => log.frame(frame)!.ike ?? []);
    const request = messages.find(({ message }) => message.header.exchangeType === exchangeTypes.INFORMATIONAL)!;
    liveness = request.octets;
    cookie = request.message.header.initiatorSPI;
  });

  /** What a datagram beside the others is to both readers, and which IKE SAs there are then. */
  function read(payload: Uint8Array, ports: readonly [from: number, to: number] = [4500, 4500]) {
    const [sourcePort, destinationPort] = ports;
    return readPacket(udpPacket({ ...ends, sourcePort, destinationPort, payload }));
  }

  function readPacket(packet: Uint8Array) {
    const last = framesOf(honest).at(-1)!;
    const octets = concat(last.octets.subarray(0, 12), unhex('0800'), packet);
    const frame: FrameEntry = { ...last, place: last.place + 1, number: last.number + 1, from: 'tn', octets };
    const transcript = { ...honest, entries: [...honest.entries, frame] };
    const { esp, ike } = new OpenedLog(transcript).frame(frame)!;
    const { ike: conversations } = new Account(transcript).conversations;
    return {
      judge: [...esp.map(({ spi, state }) => `ESP ${hex(u32(spi))} ${state}`), ...(ike ? [`IKE ${ike.state}`] : [])],
      layer: decodeFrame(octets).layers.at(-1)!.layer,
      exchanges: conversations.ikeSas().map(({ exchanges }) => exchanges.length),
    };
  }

  it('is IKE behind the marker on port 4500, whichever port a NAT gave the other end', () => {
    for (const ports of [
      [4500, 4500],
      [4500, 500],
      [500, 4500],
      [61000, 4500],
      [4500, 61000],
    ] as const)
      expect(read(concat(marker, liveness), ports), ports.join(' to ')).to.deep.equal({
        judge: ['IKE opened'],
        layer: 'ike',
        exchanges: [3],
      });
  });

  it('is ESP where an SPI is what a cookie begins with, and whatever stands behind it looks like', () => {
    const head = cookie.subarray(0, 4);
    const looksLikeIke = concat(head, liveness.subarray(4));
    for (const payload of [concat(head, u32(1), new Uint8Array(40)), looksLikeIke])
      expect(read(payload)).to.deep.equal({ judge: [`ESP ${hex(head)} no-key`], layer: 'esp', exchanges: [3] });
  });

  it('is ESP without the marker, though it is a message that could be opened', () => {
    const { judge, layer, exchanges } = read(liveness);
    expect([judge, layer]).to.deep.equal([[`ESP ${hex(cookie.subarray(0, 4))} no-key`], 'esp']);
    expect(exchanges).to.deep.equal([3]);
  });

  it('is no message of the IKE SA behind a marker on port 500', () => {
    const { judge, exchanges } = read(concat(marker, liveness), [500, 500]);
    expect(judge).not.to.include('IKE opened');
    expect(exchanges[0]).to.equal(3);
  });

  it('is nothing where it is a keepalive, on either port', () => {
    for (const port of [4500, 500]) {
      const { judge, exchanges } = read(Uint8Array.of(0xff), [port, port]);
      expect([judge, exchanges]).to.deep.equal([[], [3]]);
    }
    expect(read(Uint8Array.of(0xff)).layer).to.equal('udpEncapsulation');
  });

  it('is never ESP in UDP with SPI 0, which in IP it is', () => {
    const sealed = concat(u32(0), u32(1), new Uint8Array(16), espTrailer(new Uint8Array(14), 4), new Uint8Array(16));
    expect(read(sealed).judge.filter((each) => each.startsWith('ESP') || each.includes('opened'))).to.deep.equal([]);
    const inIp = readPacket(encoded(ends, { protocol: 50, payload: sealed }));
    expect([inIp.judge, inIp.layer]).to.deep.equal([['ESP 00000000 no-key'], 'esp']);
  });
});
