/** Conversations with exchanges between IKE_SA_INIT and IKE_AUTH that turn when a rule of RFC 9242 or RFC 9370 is broken, and what holds of them anyhow. */
import { expect } from 'chai';
import type { IkeConnection } from './configuration.ts';
import { Conversation, connection, fastIke } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import type { IkeSeams } from './interface.ts';
import { describeRules, fate, lying, type RuleConversation, said } from './rule-conversation.test-support.ts';

const [P256, X448, ML_KEM_768] = [19, 32, 36];

const side = (
  who: 'initiator' | 'responder',
  additionalKeyExchanges: readonly (readonly number[])[] = [[P256]],
  change: Partial<IkeConnection> = {},
): Partial<Ikev2Options> => ({
  connections: [connection(who, { proposals: [{ ...fastIke, additionalKeyExchanges }], ...change })],
});

/** A tester that exchanges other keys than were agreed on. */
const exchanging = (...methods: readonly number[]): Pick<Ikev2Options, 'seams'> => ({
  seams: { furtherMethods: () => methods },
});

/** The RESERVED bits of the first payload inside, which a receiver ignores (RFC 7296 section 2.5) and IntAuth covers. */
const marksReserved: Partial<IkeSeams> = {
  plaintext: (octets, { exchange }) => (exchange === 'IKE_INTERMEDIATE' ? octets.with(1, 0x01) : octets),
};

/** A consistent liar without the announcement. */
const saysNothing = lying('IKE_SA_INIT', (message) => ({
  ...message,
  payloads: message.payloads.filter((payload) => payload.type !== 'N' || payload.notifyType !== 16438),
}));

const conversations: readonly RuleConversation[] = [
  {
    rule: 'intermediateAgreed',
    story: 'further keys are not agreed on with a peer that knows no exchange for them',
    broken: () => true,
    play: (nut) => {
      const talk = new Conversation({ ...side('initiator'), ...saysNothing }, { ...side('responder'), ...nut });
      return said(talk.initiate(), 1).slice(0, 14);
    },
    lawful: 'R: HDR, N(NO_P',
    turned: 'R: HDR, SAr1, ',
  },
  {
    rule: 'additionalMethodsDiffer',
    story: 'one method is not taken twice',
    broken: () => true,
    play: (nut) => {
      const twice = [[P256], [P256]];
      const talk = new Conversation(side('initiator', twice), { ...side('responder', twice), ...nut });
      return said(talk.initiate(), 1).slice(0, 14);
    },
    lawful: 'R: HDR, N(NO_P',
    turned: 'R: HDR, SAr1, ',
  },
  {
    rule: 'intermediateMethod',
    story: 'there are no more exchanges than were agreed on',
    broken: (due, came) => due ?? came,
    play: (nut) => {
      const more = { ...side('initiator'), ...exchanging(P256, X448) };
      return fate(new Conversation(more, { ...side('responder'), ...nut }).initiate());
    },
    lawful: 'intermediateMethod',
    turned: 'keyExchangesComplete',
  },
  {
    rule: 'keyExchangesComplete',
    story: 'IKE_AUTH before all keys are exchanged proves nothing',
    broken: () => true,
    play: (nut) =>
      fate(new Conversation({ ...side('initiator'), ...exchanging() }, { ...side('responder'), ...nut }).initiate()),
    lawful: 'keyExchangesComplete',
    turned: 'established',
  },
  {
    rule: 'keysAfterExchange',
    story: 'IKE_AUTH is under the keys of the last exchange',
    broken: (before) => before,
    play: (nut) => fate(new Conversation(side('initiator'), { ...side('responder'), ...nut }).initiate()),
    lawful: 'established',
    turned: 'integrity',
  },
  {
    rule: 'intermediateBefore',
    story: 'AUTH covers the first of two exchanges as well as the last',
    broken: () => new Uint8Array(),
    play: (nut) => {
      const two = [[X448], [P256]];
      return fate(new Conversation(side('initiator', two), { ...side('responder', two), ...nut }).initiate());
    },
    lawful: 'established',
    turned: 'authenticationData',
  },
  {
    rule: 'intermediateInAuthentication',
    story: 'AUTH covers what was said in between',
    broken: () => new Uint8Array(),
    play: (nut) => fate(new Conversation(side('initiator'), { ...side('responder'), ...nut }).initiate()),
    lawful: 'established',
    turned: 'authenticationData',
  },
  {
    rule: 'intermediateContent',
    story: 'AUTH covers it as it came, and not as it was understood',
    broken: (_asReceived, asRead) => asRead(),
    play: (nut) =>
      fate(
        new Conversation({ ...side('initiator'), seams: marksReserved }, { ...side('responder'), ...nut }).initiate(),
      ),
    lawful: 'authenticationData',
    turned: 'established',
  },
];

describeRules('IKEv2, rules of additional key exchanges', conversations);

describe('IKEv2 with additional key exchanges', () => {
  for (const [what, methods] of [
    ['one more', [[P256]]],
    ['two more', [[X448], [P256]]],
    ['ML-KEM', [[ML_KEM_768]]],
    ['three, of a choice', [[ML_KEM_768, X448], [P256], [X448]]],
  ] as const) {
    it(`comes up, and its children agree: ${what}`, () => {
      const talk = new Conversation(side('initiator', methods), side('responder', methods)).initiate();
      expect(talk.transcript.filter((line) => line.endsWith('SK {KEi}'))).to.have.length(methods.length);
      expect(talk.established).to.equal(true);
      expect(talk.childrenAgree()).to.equal(true);
    });
  }

  it('comes up though every datagram is lost once, in fragments and whole', () => {
    for (const fragmentation of [{}, { datagramOctets: 300 }]) {
      const methods = [[ML_KEM_768], [P256]];
      const change = { fragmentation };
      const talk = new Conversation(side('initiator', methods, change), side('responder', methods, change));
      const seen = new Set<string>();
      talk.wire = ({ octets }) => {
        const isFirst = !seen.has(octets.join());
        seen.add(octets.join());
        return isFirst ? [] : [octets];
      };
      talk.initiate().pass(60_000);
      expect(talk.established).to.equal(true);
      expect(talk.childrenAgree()).to.equal(true);
    }
  });

  it('goes without where the responder has none and the initiator lets it', () => {
    const talk = new Conversation(side('initiator', [[P256, 0]]), side('responder', [])).initiate();
    expect(talk.established).to.equal(true);
  });
});
