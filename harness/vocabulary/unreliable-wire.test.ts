/** A wire that is cut loses everything; one that is lossy loses messages of IKE, the same ones for the same seed, and of no exchange more than two. */
import { expect } from 'chai';
import type { IkeMessage } from '../../reference/wire/ike/message.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import type { OpenedFrame } from '../judge/opened-frame.ts';
import { UnreliableWire } from './unreliable-wire.ts';

const notIke = { packets: [], buffers: [], esp: [] } as unknown as OpenedFrame;

function message(messageId: number, response = false): OpenedFrame {
  const header = {
    initiatorSPI: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    responderSPI: new Uint8Array(8),
    exchangeType: exchangeTypes.INFORMATIONAL,
    flags: { initiator: !response, response, version: false },
    messageId,
  };
  return { ...notIke, ike: { message: { header, payloads: [] } as unknown as IkeMessage } } as OpenedFrame;
}

function lossy(percent: number, seed = 7): UnreliableWire {
  const wire = new UnreliableWire(seed);
  wire.condition = { kind: 'lossy', percent };
  return wire;
}

/** Of a thousand exchanges whether the request of each is lost. */
const fates = (wire: UnreliableWire, sender = 'nut'): readonly boolean[] =>
  Array.from({ length: 1_000 }, (_, id) => wire.loses(sender, () => message(id)));

const lostIn = (all: readonly boolean[]): number => all.filter(Boolean).length;

describe('an unreliable wire', () => {
  it('loses nothing while it is whole, and does not look', () => {
    const wire = new UnreliableWire(7);
    const looks = (): never => expect.fail('it looked');
    expect(wire.loses('nut', looks)).to.equal(false);
    wire.condition = { kind: 'cut' };
    expect(wire.loses('nut', looks)).to.equal(true);
    wire.condition = { kind: 'whole' };
    expect(wire.loses('nut', looks)).to.equal(false);
  });

  it('loses what is not IKE only when it is cut', () => {
    const wire = lossy(100);
    expect(wire.loses('nut', () => notIke)).to.equal(false);
    expect(wire.loses('nut', () => undefined)).to.equal(false);
  });

  for (const [percent, least, most] of [
    [0, 0, 0],
    [1, 1, 30],
    [10, 60, 140],
    [30, 240, 360],
    [100, 1_000, 1_000],
  ] as const) {
    it(`loses about ${percent} of 100`, () => {
      expect(lostIn(fates(lossy(percent)))).to.be.within(least, most);
    });
  }

  it('loses the same of one sender whatever another one sends, and other ones for another seed', () => {
    const alone = fates(lossy(30));
    const wire = lossy(30);
    const among = Array.from({ length: 1_000 }, (_, id) => {
      wire.loses('peer', () => message(id, true));
      return wire.loses('nut', () => message(5_000 + id));
    });
    expect(among).to.deep.equal(alone);
    expect(fates(lossy(30, 8))).not.to.deep.equal(alone);
  });

  it('loses two messages of an exchange at most, of either side, and each side counts its own exchanges', () => {
    const wire = lossy(100);
    const asks = () => wire.loses('nut', () => message(3));
    const answers = () => wire.loses('peer', () => message(3, true));
    expect([asks(), answers(), asks(), answers()]).to.deep.equal([true, true, false, false]);
    const own = { ...message(3).ike!.message.header, flags: { initiator: false, response: false, version: false } };
    const asked = { ...notIke, ike: { message: { header: own } } } as unknown as OpenedFrame;
    expect(wire.loses('peer', () => asked)).to.equal(true);
  });
});
