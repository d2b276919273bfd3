/** Children under AH (RFC 7296 sections 1.4.1, 2.8, 2.17, 3.3 and 3.11): what names the protocol in messages, and what the keys are. */
import { expect } from 'chai';
import type { IkeMessage } from '../wire/ike/message.ts';
import type { Payload, PayloadOf } from '../wire/ike/payload-chain.ts';
import { hex } from '../wire/octets.ts';
import type { ChildConfiguration } from './configuration.ts';
import { Conversation, connection, fastEsp, netChild } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import { rekeyNet, said } from './rule-conversation.test-support.ts';

const AH = 2;
const ESP = 3;
const sha256: ChildConfiguration['proposals'][number] = { encryption: [], integrity: [12] };

const net = (side: 'initiator' | 'responder', proposals = [sha256]): ChildConfiguration => ({
  ...netChild[side],
  protocol: 'AH',
  proposals,
});
const having = (side: 'initiator' | 'responder', ...children: ChildConfiguration[]): Partial<Ikev2Options> => ({
  connections: [connection(side, { children })],
});

/** Two that talk about AH, and every message of theirs. */
function underAh(proposals = [sha256]): { readonly talk: Conversation; readonly messages: IkeMessage[] } {
  const messages: IkeMessage[] = [];
  const seams = {
    message: (message: IkeMessage) => {
      messages.push(message);
      return message;
    },
  };
  const talk = new Conversation(
    { ...having('initiator', net('initiator', proposals)), seams },
    { ...having('responder', net('responder', proposals)), seams },
  );
  return { talk: talk.initiate(), messages };
}

const last = <Type extends Payload['type']>(messages: IkeMessage[], type: Type): PayloadOf<Type> =>
  messages
    .flatMap(({ payloads }) => payloads)
    .filter((payload): payload is PayloadOf<Type> => payload.type === type)
    .at(-1)!;

describe('children under AH', () => {
  it('are offered with integrity and extended sequence numbers, and no encryption (section 3.3.3)', () => {
    const { messages, talk } = underAh();
    const offers = messages.flatMap(({ payloads }) => payloads.filter((one) => one.type === 'SA')).slice(2);
    for (const { proposals } of offers as PayloadOf<'SA'>[]) {
      expect(proposals.map(({ protocolId }) => protocolId)).to.deep.equal([AH]);
      expect(proposals[0]!.transforms.map(({ type, id }) => `${type}:${id}`)).to.deep.equal(['3:12', '5:0']);
    }
    expect(talk.childEvents('initiator')).to.deep.equal(['net established']);
  });

  it('are keyed from KEYMAT without anything for a cipher (section 2.17), GMAC with its salt (RFC 4543 section 5.4)', () => {
    for (const [id, octets] of [
      [2, 20],
      [5, 16],
      [9, 20],
      [11, 36],
      [14, 64],
    ] as const) {
      const { talk } = underAh([{ encryption: [], integrity: [id] }]);
      expect(talk.childrenAgree(), `${id}`).to.equal(true);
      const sas = [...talk.installed.responder.values()];
      expect(sas.map((sa) => sa.protocol === 'AH' && sa.integrity.key.length)).to.deep.equal([octets, octets]);
      expect(new Set(sas.map((sa) => hex(sa.integrity!.key)))).to.have.property('size', 2);
    }
  });

  it('tell their keys as those of AH', () => {
    const { talk } = underAh();
    const kinds = talk.events.flatMap(({ event }) => (event.kind === 'keys' ? [event.record.kind] : []));
    expect(kinds.filter((kind) => kind !== 'ikev2')).to.deep.equal(['ah', 'ah', 'ah', 'ah']);
  });

  it('are rekeyed and deleted by the protocol and the SPI (sections 2.8 and 3.11)', () => {
    const { talk, messages } = underAh([{ ...sha256, extendedSequenceNumbers: [true] }]);
    talk.command('initiator', rekeyNet);
    const rekeying = messages
      .flatMap(({ payloads }) => payloads)
      .find((one) => one.type === 'N' && one.spi.length === 4);
    expect(rekeying).to.include({ protocolId: AH });
    expect(last(messages, 'D').protocolId).to.equal(AH);
    expect(talk.childrenAgree()).to.equal(true);
    talk.command('initiator', { kind: 'close-child', connection: 'peer', child: 'net' });
    expect([...talk.installed.initiator, ...talk.installed.responder]).to.deep.equal([]);
    expect(talk.transcript.at(-1)).to.equal('R: HDR, SK {D}');
  });

  it('are not deleted by the same SPI of ESP', () => {
    const other = (message: IkeMessage): IkeMessage => ({
      ...message,
      payloads: message.payloads.map((one) =>
        one.type === 'D' && one.protocolId === AH ? { ...one, protocolId: ESP } : one,
      ),
    });
    const talk = new Conversation(
      { ...having('initiator', net('initiator')), seams: { message: other } },
      having('responder', net('responder')),
    ).initiate();
    talk.command('initiator', { kind: 'close-child', connection: 'peer', child: 'net' });
    expect(talk.installed.responder.size).to.equal(2);
    expect(talk.refusals('responder')).to.deep.equal(['deletedChild']);
  });

  it('are not what somebody wants that offers ESP, nor the other way about', () => {
    const plain = (side: 'initiator' | 'responder') => having(side, { ...netChild[side], proposals: [fastEsp] });
    const refused = 'R: HDR, SK {IDr, AUTH, N(NO_PROPOSAL_CHOSEN)}';
    expect(said(new Conversation(plain('initiator'), having('responder', net('responder'))).initiate(), 3)).to.equal(
      refused,
    );
    expect(said(new Conversation(having('initiator', net('initiator')), plain('responder')).initiate(), 3)).to.equal(
      refused,
    );
  });

  it('take no answer with a cipher in it, and no offer of one', () => {
    const withCipher = (message: IkeMessage): IkeMessage => ({
      ...message,
      payloads: message.payloads.map((one) =>
        one.type === 'SA'
          ? {
              ...one,
              proposals: one.proposals.map((proposal) =>
                proposal.protocolId === AH
                  ? { ...proposal, transforms: [{ type: 1, id: 12, keyLength: 128 }, ...proposal.transforms] }
                  : proposal,
              ),
            }
          : one,
      ),
    });
    const [mine, theirs] = [having('initiator', net('initiator')), having('responder', net('responder'))];
    const offering = new Conversation({ ...mine, seams: { message: withCipher } }, theirs).initiate();
    expect(said(offering, 3)).to.equal('R: HDR, SK {IDr, AUTH, N(NO_PROPOSAL_CHOSEN)}');
    const answering = new Conversation(mine, { ...theirs, seams: { message: withCipher } }).initiate();
    expect(answering.refusals('initiator')).to.deep.equal(['acceptedProposal']);
  });

  it('stand beside children under ESP of the same SA, each with its own protocol', () => {
    const both = (side: 'initiator' | 'responder') =>
      having(side, net(side), { ...netChild[side], name: 'second', proposals: [fastEsp] });
    const talk = new Conversation(both('initiator'), both('responder')).initiate().initiate('second');
    expect([...talk.installed.initiator.values()].map(({ protocol }) => protocol)).to.deep.equal([
      'AH',
      'AH',
      'ESP',
      'ESP',
    ]);
    talk.command('responder', { kind: 'close-child', connection: 'peer', child: 'net' });
    expect([...talk.installed.initiator.values()].map(({ protocol }) => protocol)).to.deep.equal(['ESP', 'ESP']);
  });
});
