/** Conversations that turn when a rule of IKE_SA_INIT is broken (RFC 7296 sections 1.2, 2.6, 2.7, 2.10, 2.12 and 2.23; RFC 6989). */

import { ikeMessage } from '../wire/ike/message.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import { hex } from '../wire/octets.ts';
import { Conversation, connection, fastIke } from './conversation.test-support.ts';
import { find, notify } from './payloads.ts';
import { chosenOf, firstAcceptable } from './proposal-selection.ts';
import { changed, describeRules, fate, lying, type RuleConversation, said } from './rule-conversation.test-support.ts';

const always = { settings: { halfOpenThreshold: -1 } };

const conversations: readonly RuleConversation[] = [
  {
    rule: 'cookieRequired',
    story: 'beyond the threshold a cookie is asked for',
    broken: () => false,
    play: (nut) => said(new Conversation({}, { ...nut, ...always }).initiate(), 1).slice(0, 17),
    lawful: 'R: HDR, N(COOKIE)',
    turned: 'R: HDR, SAr1, KEr',
  },
  {
    rule: 'cookieValid',
    story: 'a cookie that was never given opens nothing',
    broken: () => true,
    play(nut) {
      const guess = changed('N', (payload) =>
        payload.notifyType === notifyTypes.COOKIE ? { ...payload, data: new Uint8Array(33) } : payload,
      );
      return new Conversation(lying('IKE_SA_INIT', guess), { ...nut, ...always }).initiate().established;
    },
    lawful: false,
    turned: true,
  },
  {
    rule: 'cookieReturned',
    story: 'the initiator comes back with the cookie',
    broken: () => undefined,
    play: (nut) => new Conversation(nut, always).initiate().established,
    lawful: true,
    turned: false,
  },
  {
    rule: 'chosenProposal',
    story: "the first acceptable in the initiator's order, not in the responder's",
    broken: (offered, acceptable, protocolId, keyExchange) =>
      firstAcceptable([...offered].reverse(), acceptable, protocolId, keyExchange),
    play(nut) {
      const aes = (keyLength: number) => ({ ...fastIke, encryption: [{ id: 20, keyLength }] });
      const talk = new Conversation(
        { connections: [connection('initiator', { proposals: [aes(256), aes(128)] })] },
        { ...nut, connections: [connection('responder', { proposals: [aes(128), aes(256)] })] },
      );
      return keyLengthOf(talk.initiate());
    },
    lawful: 256,
    turned: 128,
  },
  {
    rule: 'acceptedProposal',
    story: 'an answer that was never offered is not taken',
    broken: (_offered, answer) => chosenOf(answer),
    play(nut) {
      const stranger = changed('SA', (SA) => ({
        ...SA,
        proposals: SA.proposals.map((one) => ({
          ...one,
          transforms: one.transforms.map((transform) =>
            transform.type === 1 ? { ...transform, keyLength: 256 } : transform,
          ),
        })),
      }));
      return said(new Conversation(nut, lying('IKE_SA_INIT', stranger)).initiate(), 2).slice(0, 10);
    },
    lawful: 'silence',
    turned: 'I: HDR, SK',
  },
  {
    rule: 'keyExchangeGroup',
    story: 'a KE payload of another group than the chosen one is sent back',
    broken: () => true,
    play(nut) {
      const asks = connection('initiator', { proposals: [{ ...fastIke, keyExchangeMethods: [19, 31] }] });
      return said(new Conversation({ connections: [asks] }, nut).initiate(), 1);
    },
    lawful: 'R: HDR, N(INVALID_KE_PAYLOAD)',
    turned: 'R: HDR, N(INVALID_SYNTAX)',
  },
  {
    rule: 'suggestedGroup',
    story: 'a group that was never offered is not taken up',
    broken: () => true,
    play(nut) {
      let first = true;
      const downgrade = lying('IKE_SA_INIT', (message) => {
        const lie = first;
        first = false;
        const suggestion = notify(notifyTypes.INVALID_KE_PAYLOAD, Uint8Array.of(0, 14));
        return lie ? { ...message, payloads: [suggestion] } : message;
      });
      const talk = new Conversation(nut, downgrade).initiate();
      return talk.datagrams.flatMap(({ from, octets }) => (from === 'initiator' ? groupOf(octets) : []));
    },
    lawful: [31],
    turned: [31, 14, 31],
  },
  {
    rule: 'suggestionIsNew',
    story: 'another group is asked for twice, since the request came twice, and taken up once',
    broken: () => true,
    play(nut) {
      const twoGroups = { ...fastIke, keyExchangeMethods: [19, 31] };
      const talk = new Conversation({ ...nut, connections: [connection('initiator', { proposals: [twoGroups] })] });
      talk.wire = ({ notation, octets }) => (notation.includes('INVALID_KE_PAYLOAD') ? [octets, octets] : [octets]);
      return talk.initiate().established;
    },
    lawful: true,
    turned: false,
  },
  {
    rule: 'sharedSecret',
    story: 'a public value from which only zero follows is refused',
    broken: (_checked, unchecked) => unchecked(),
    play(nut) {
      const zero = changed('KE', (KE) => ({ ...KE, keyExchangeData: new Uint8Array(32) }));
      return said(new Conversation(lying('IKE_SA_INIT', zero), nut).initiate(), 1).slice(0, 25);
    },
    lawful: 'R: HDR, N(INVALID_SYNTAX)',
    turned: 'R: HDR, SAr1, KEr, Nr, N(',
  },
  {
    rule: 'privateValue',
    story: 'a private value is used for one exchange only',
    broken: () => new Uint8Array(32).fill(7),
    play(nut) {
      const values = ['one', 'two'].map((seed) => keyExchangeDataOf(new Conversation(nut, {}, seed).initiate()));
      return values[0] === values[1];
    },
    lawful: false,
    turned: true,
  },
  {
    rule: 'nonceLength',
    story: 'a nonce of 8 octets is refused',
    broken: () => true,
    play(nut) {
      const short = changed('Nonce', (Ni) => ({ ...Ni, data: Ni.data.subarray(0, 8) }));
      return new Conversation(lying('IKE_SA_INIT', short), nut).initiate().established;
    },
    lawful: false,
    turned: true,
  },
  {
    rule: 'nonceInKey',
    story: 'with a PRF whose key has one size, half of it is of each nonce',
    broken: (nonce) => nonce,
    play(nut) {
      const proposals = [{ ...fastIke, pseudorandomFunctions: [4] }];
      const [initiator, responder] = [connection('initiator', { proposals }), connection('responder', { proposals })];
      return fate(new Conversation({ connections: [initiator] }, { ...nut, connections: [responder] }).initiate());
    },
    lawful: 'established',
    turned: 'integrity',
  },
  {
    rule: 'addressTranslated',
    story: 'hashes that differ from the addresses seen mean a NAT',
    broken: () => false,
    play(nut) {
      const talk = new Conversation({ settings: { forceEncapsulation: true } }, nut).initiate();
      return [...talk.installed.responder.values()].map(
        (sa) => sa.protocol === 'ESP' && sa.encapsulation !== undefined,
      );
    },
    lawful: [true, true],
    turned: [false, false],
  },
  {
    rule: 'natTraversalPorts',
    story: 'after a NAT was seen, IKE_AUTH goes to port 4500',
    broken: (path) => path,
    play: (nut) =>
      new Conversation(nut, { settings: { forceEncapsulation: true } }).initiate().datagrams[2]?.path.remotePort,
    lawful: 4500,
    turned: 500,
  },
];

describeRules('IKEv2, rules of IKE_SA_INIT', conversations);

function keyLengthOf(talk: Conversation): number | undefined {
  for (const { event } of talk.events) {
    if (event.kind === 'keys' && event.record.kind === 'ikev2') return event.record.encryption.keyLength;
  }
  return undefined;
}

function groupOf(octets: Uint8Array): number[] {
  const KE = find(ikeMessage.decode(octets).value.payloads, 'KE');
  return KE ? [KE.group] : [];
}

function keyExchangeDataOf(talk: Conversation): string {
  const KE = find(ikeMessage.decode(talk.datagrams[0]!.octets).value.payloads, 'KE');
  return hex(KE?.keyExchangeData ?? new Uint8Array());
}
