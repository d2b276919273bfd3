/** What becomes of IKE SAs when a binding moves one of their ends (RFC 6275 10.3.1 and 11.7.3, RFC 4877 7.4). */
import { expect } from 'chai';
import { addresses, Conversation, connection, netChild } from './conversation.test-support.ts';
import type { EndMoved } from './interface.ts';

const newPlace = '198.51.100.2';
const { initiator: oldPlace, responder: homeAgent } = addresses;

const ownEnd = (fate: EndMoved['fate']): EndMoved => ({
  kind: 'end-moved',
  of: { peer: homeAgent },
  to: newPlace,
  fate,
});

/** With two children, from wherever it is. */
function mobileNode(): Conversation {
  const children = (side: 'initiator' | 'responder') => [netChild[side], { ...netChild[side], name: 'more' }];
  return new Conversation(
    {
      connections: [connection('initiator', { localAddresses: [], children: children('initiator') })],
      addressTowards: () => (talk.datagrams.length < 5 ? oldPlace : newPlace),
    },
    {
      connections: [connection('responder', { remoteAddresses: [oldPlace, 'any'], children: children('responder') })],
    },
  );
}
let talk: Conversation;

describe('an IKE SA with an end that has moved', () => {
  beforeEach(() => {
    talk = mobileNode();
    talk.initiate().initiate('more');
  });

  it('begins where the node speaks to its peer from, if the connection does not say', () => {
    expect(talk.datagrams[0]!.path.localAddress).to.equal(oldPlace);
    expect(talk.established).to.equal(true);
  });

  it('says what comes next from there, if it follows', () => {
    talk.input('initiator', ownEnd('follows')).command('initiator', { kind: 'liveness', connection: 'peer' });
    expect(talk.datagrams.at(-2)!.path.localAddress).to.equal(newPlace);
    expect(talk.datagrams.at(-1)!.from).to.equal('responder');
  });

  it('is deaf where it is discarded, and its children live on', () => {
    const before = talk.datagrams.length;
    talk.input('initiator', ownEnd('discarded'));
    talk.command('initiator', { kind: 'liveness', connection: 'peer' });
    expect(talk.datagrams.length).to.equal(before);
    talk.command('responder', { kind: 'liveness', connection: 'peer' });
    const [asked, told, ...rest] = talk.transcript.slice(before);
    expect([asked, rest]).to.deep.equal(['R: HDR, SK {}', []]);
    expect(told).to.match(/^I: .*N\(INVALID_IKE_SPI\)/);
    expect(talk.installed.initiator.size).to.equal(4);
    expect(talk.machines.initiator.summaries()).to.deep.equal([]);
  });

  it('is replaced with all its children where it is renewed', () => {
    const before = new Set(talk.installed.initiator.keys());
    const length = talk.datagrams.length;
    talk.input('initiator', ownEnd('renewed'));
    const since = talk.datagrams.slice(length);
    expect(since[0]!.notation).to.equal(
      'HDR, SAi1, KEi, Ni, N(NAT_DETECTION_SOURCE_IP), N(NAT_DETECTION_DESTINATION_IP), N(SIGNATURE_HASH_ALGORITHMS)',
    );
    expect(since.every(({ path }) => Object.values(path).includes(newPlace))).to.equal(true);
    expect(talk.installed.initiator.size).to.equal(4);
    expect([...talk.installed.initiator.keys()].filter((name) => before.has(name))).to.deep.equal([]);
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('is left as it is where the end was there already, or is another one', () => {
    talk.input('initiator', { ...ownEnd('discarded'), to: oldPlace });
    talk.input('initiator', { ...ownEnd('discarded'), of: { peer: '192.0.2.77' } });
    expect(talk.established).to.equal(true);
  });

  it('loses a child whose lifetime is over without a word', () => {
    talk.input('initiator', ownEnd('discarded'));
    const length = talk.datagrams.length;
    talk.input('initiator', { kind: 'expired', spi: [...talk.installed.initiator.values()][0]!.spi });
    expect([talk.installed.initiator.size, talk.datagrams.length]).to.deep.equal([2, length]);
  });
});
