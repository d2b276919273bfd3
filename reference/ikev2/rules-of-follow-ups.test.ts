/** Conversations that turn when a rule of further key exchanges at rekeying is broken (RFC 9370 section 2.2.4), and what holds of them anyhow. */
import { expect } from 'chai';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import { Conversation, connection, fastEsp, fastIke, netChild } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import {
  changed,
  describeRules,
  lying,
  type RuleConversation,
  rekeyIke,
  rekeyNet,
} from './rule-conversation.test-support.ts';

const [P256, X448, X25519, ML_KEM_768] = [19, 32, 31, 36];

const side = (
  who: 'initiator' | 'responder',
  additionalKeyExchanges: readonly (readonly number[])[] = [[P256]],
  ofIke = additionalKeyExchanges,
): Partial<Ikev2Options> => ({
  connections: [
    connection(who, {
      proposals: [{ ...fastIke, additionalKeyExchanges: ofIke }],
      children: [
        { ...netChild[who], proposals: [{ ...fastEsp, keyExchangeMethods: [X25519], additionalKeyExchanges }] },
      ],
    }),
  ],
});

/** What is said once the IKE SA stands, one after the other. */
const saidAfter = (talk: Conversation, act: () => unknown): readonly string[] => {
  const before = talk.transcript.length;
  act();
  return talk.transcript.slice(before);
};

/** Whether the two agree on the new keys of a child, or why nothing came of it. */
const rekeyedChild = (talk: Conversation): string => {
  talk.initiate().command('initiator', rekeyNet);
  return talk.childrenAgree() ? 'agreed' : (talk.refusals('responder').at(-1) ?? 'other keys');
};

/** The data of each ADDITIONAL_KEY_EXCHANGE is another one. */
const forgetsLink = lying('IKE_FOLLOWUP_KE', (message) =>
  changed('N', (N) => (N.notifyType === notifyTypes.ADDITIONAL_KEY_EXCHANGE ? { ...N, data: new Uint8Array(8) } : N))(
    message,
  ),
);

const followsUp = 'HDR, SK {KEi, N(ADDITIONAL_KEY_EXCHANGE)}';

const rekeysIke = 'HDR, SK {SA, Ni, KEi}';

const closeNet = { kind: 'close-child', connection: 'peer', child: 'net' } as const;

const followUps = (talk: Conversation): number => talk.transcript.filter((line) => line === `I: ${followsUp}`).length;

const conversations: readonly RuleConversation[] = [
  {
    rule: 'rekeyingProposals',
    story: 'an IKE SA with two exchanges of keys is rekeyed with two',
    broken: (configured) => configured.map(({ additionalKeyExchanges: _all, ...first }) => first),
    play: (nut) => {
      const talk = new Conversation(side('initiator'), { ...side('responder'), ...nut }).initiate();
      return saidAfter(talk, () => talk.command('initiator', rekeyIke))[1];
    },
    lawful: 'R: HDR, SK {SA, Nr, KEr, N(ADDITIONAL_KEY_EXCHANGE)}',
    turned: 'R: HDR, SK {N(NO_PROPOSAL_CHOSEN)}',
  },
  {
    rule: 'followUpInKeys',
    story: 'the keys of a rekeyed child are made of all secrets',
    broken: () => [],
    play: (nut) => rekeyedChild(new Conversation(side('initiator'), { ...side('responder'), ...nut })),
    lawful: 'agreed',
    turned: 'other keys',
  },
  {
    rule: 'followUpTurn',
    story: 'what was begun is brought to its end before the same is asked again',
    broken: () => 'last',
    play: (nut) => {
      const talk = new Conversation({ ...side('initiator'), ...nut }, side('responder')).initiate();
      let asked = 0;
      talk.wire = ({ notation, octets }) => {
        if (notation === rekeysIke && asked++ === 0) talk.command('initiator', rekeyIke);
        return [octets];
      };
      return saidAfter(talk, () => talk.command('initiator', rekeyIke)).filter((line) => line.startsWith('I'));
    },
    lawful: [rekeysIke, followsUp, 'HDR, SK {D}'].map((said) => `I: ${said}`),
    turned: [rekeysIke, rekeysIke, followsUp, followsUp, 'HDR, SK {D}'].map((said) => `I: ${said}`),
  },
  {
    rule: 'linkReturned',
    story: 'an initiator returns what it was given',
    broken: () => new Uint8Array(8),
    play: (nut) => {
      const talk = new Conversation({ ...side('initiator'), ...nut }, side('responder'));
      talk.initiate().command('initiator', rekeyIke);
      return talk.refusals('responder')[0] ?? talk.ikeEvents('responder').at(-2);
    },
    lawful: 'rekeyed',
    turned: 'linkKnown',
  },
  {
    rule: 'linkKnown',
    story: 'nobody goes on with an exchange that was not begun',
    broken: () => true,
    play: (nut) =>
      rekeyedChild(new Conversation({ ...side('initiator'), ...forgetsLink }, { ...side('responder'), ...nut })),
    lawful: 'linkKnown',
    turned: 'agreed',
  },
  {
    rule: 'followUpRefusedDuring',
    story:
      'an IKE SA is not replaced while a child of it is being closed, which began after the first exchange of keys',
    broken: () => false,
    play(nut) {
      const talk = new Conversation(side('initiator'), { ...side('responder'), ...nut }).initiate();
      let begun = false;
      talk.wire = ({ notation, from, octets }) => {
        if (notation === followsUp && !begun) {
          begun = true;
          talk.command('responder', closeNet);
        }
        return notation === 'HDR, SK {D}' && from === 'initiator' ? [] : [octets];
      };
      talk.command('initiator', rekeyIke);
      talk.wire = ({ octets }) => [octets];
      talk.pass(20_000);
      return [talk.ikeEvents('responder').at(-1), talk.installed.initiator.size, talk.installed.responder.size];
    },
    lawful: ['closed', 0, 0],
    turned: ['closed', 0, 2],
  },
  {
    rule: 'stateNotFound',
    story: 'who is told again and again that nothing is known of it ends the IKE SA',
    broken: (failuresBefore) => (failuresBefore < 6 ? 'beginAnew' : 'deleteIkeSa'),
    play: (nut) => {
      const talk = new Conversation({ ...side('initiator'), ...forgetsLink, ...nut }, side('responder')).initiate();
      talk.command('initiator', rekeyNet);
      return [followUps(talk), ...talk.ikeEvents('responder')];
    },
    lawful: [4, 'established', 'closed'],
    turned: [7, 'established', 'closed'],
  },
];

describeRules('IKEv2, rules of further key exchanges at rekeying', conversations);

describe('IKEv2 rekeyed with further key exchanges', () => {
  for (const [what, methods] of [
    ['one more', [[P256]]],
    ['two more, ML-KEM first', [[ML_KEM_768], [X448]]],
  ] as const) {
    for (const by of ['initiator', 'responder'] as const) {
      it(`by the ${by}, ${what}: the IKE SA and then a child`, () => {
        const talk = new Conversation(side('initiator', methods), side('responder', methods)).initiate();
        const said = saidAfter(talk, () => talk.command(by, rekeyIke).command(by, rekeyNet));
        expect(said.filter((line) => line.includes('SK {KEi, N(ADDITIONAL'))).to.have.length(2 * methods.length);
        for (const each of ['initiator', 'responder'] as const) {
          expect(talk.ikeEvents(each)).to.deep.equal(['established', 'rekeyed', 'closed']);
          expect(talk.installed[each].size).to.equal(2);
        }
        expect(talk.childrenAgree()).to.equal(true);
      });
    }
  }

  it('goes without where the other side has none and this one lets it', () => {
    const talk = new Conversation(side('initiator', [[P256, 0]]), side('responder', [])).initiate();
    talk.command('initiator', rekeyIke).command('initiator', rekeyNet);
    expect(talk.transcript.filter((line) => line.includes('ADDITIONAL'))).to.deep.equal([]);
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('one method twice in the proposal of a child is no choice', () => {
    const twice = (who: 'initiator' | 'responder') => side(who, [[P256], [P256]], []);
    const talk = new Conversation(twice('initiator'), twice('responder')).initiate();
    talk.command('initiator', rekeyNet);
    expect(talk.transcript.at(-1)).to.equal('R: HDR, SK {N(NO_PROPOSAL_CHOSEN)}');
    expect(talk.refusals('responder')).to.deep.equal(['additionalMethodsDiffer']);
  });

  it('both at the same time leave one IKE SA and one child', () => {
    for (const command of [rekeyIke, rekeyNet]) {
      const talk = new Conversation(side('initiator'), side('responder')).initiate();
      talk.commands(command, command).pass(20_000);
      expect(talk.childrenAgree()).to.equal(true);
      for (const each of ['initiator', 'responder'] as const) {
        expect(talk.machines[each].summaries()).to.have.length(1);
        expect(talk.installed[each].size).to.equal(2);
      }
    }
  });

  it('comes about though every datagram is lost once', () => {
    const talk = new Conversation(side('initiator'), side('responder'));
    const seen = new Set<string>();
    talk.wire = ({ octets }) => {
      const isFirst = !seen.has(octets.join());
      seen.add(octets.join());
      return isFirst ? [] : [octets];
    };
    talk.initiate().pass(60_000);
    talk.command('initiator', rekeyIke).pass(60_000);
    talk.command('initiator', rekeyNet).pass(60_000);
    expect(talk.ikeEvents('responder')).to.deep.equal(['established', 'rekeyed', 'closed']);
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('a value of another method ends it, and nothing is made', () => {
    const other = lying(
      'IKE_FOLLOWUP_KE',
      changed('KE', (KE) => ({ ...KE, group: X448 })),
    );
    const talk = new Conversation({ ...side('initiator'), ...other }, side('responder')).initiate();
    talk.command('initiator', rekeyNet);
    expect(talk.refusals('responder')).to.deep.equal(['keyExchangeGroup']);
  });
});
