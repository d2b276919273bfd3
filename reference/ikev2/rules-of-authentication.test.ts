/** Conversations that turn when a rule of identities and their proof is broken (RFC 7296 sections 2.4, 2.15, 2.21.2, 3.5 and 3.6; RFC 4301 4.4.3; RFC 4945 3.1). */
import type { AltName, CertificateRecipe, RevocationListRecipe } from '../certificates/recipe.ts';
import { encodeHashAlgorithms } from '../transforms/digital-signature.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import { equal, fromText, hex } from '../wire/octets.ts';
import type { Identity, IkeConnection } from './configuration.ts';
import { Conversation, connection } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import { changed, describeRules, fate, lying, type RuleConversation, said } from './rule-conversation.test-support.ts';

const authority: CertificateRecipe = { subject: 'CN=Authority', key: 'ecdsaAuthority', authority: {} };
const foreign: CertificateRecipe = { subject: 'CN=Authority', key: 'foreignAuthority', authority: {} };
const initiatorName: Identity = { type: 'ID_FQDN', value: 'i.example' };
const anotherName: Identity = { type: 'ID_FQDN', value: 'b.example' };

function certificate(altNames: readonly AltName[], key = 'p256One', issuer = authority): CertificateRecipe {
  return { subject: 'CN=i.example', key, issuer, ...(altNames.length > 0 && { altNames }) };
}

/** The tester, with the certificates given; the last key named signs. */
function certified(
  chain: readonly CertificateRecipe[],
  key = 'p256One',
  identity = initiatorName,
  revocationLists: readonly RevocationListRecipe[] = [],
): Partial<Ikev2Options> {
  const authentication = { kind: 'certificate', chain, revocationLists, key } as const;
  return { connections: [connection('initiator', { local: { identity, authentication } })] };
}

/** The node under test as responder: wants signatures under the authority, whoever it is. */
const wantsSignatures: Partial<Ikev2Options> = {
  connections: [
    connection('responder', { remote: { identity: 'any', authentication: 'signature', trustAnchors: [authority] } }),
  ],
};

const signer = certificate([{ dNSName: 'i.example' }]);
const revokesSigner: RevocationListRecipe = { issuer: authority, revoked: [signer] };
const wantsSignaturesOfNoneRevoked = remote({
  identity: 'any',
  authentication: 'signature',
  trustAnchors: [authority],
  revocationLists: [revokesSigner],
});

function keyed(key: string, identity: Identity = initiatorName): Partial<Ikev2Options> {
  const authentication = { kind: 'shared-key', key: hex(fromText(key)) } as const;
  return { connections: [connection('initiator', { local: { identity, authentication } })] };
}

function remote(change: Partial<IkeConnection['remote']>): Partial<Ikev2Options> {
  const ordinary = connection('responder');
  return { connections: [{ ...ordinary, remote: { ...ordinary.remote, ...change } }] };
}

/** The ordinary shared key, by another name. */
function claiming(identity: Identity): Partial<Ikev2Options> {
  const { local } = connection('initiator');
  return { connections: [connection('initiator', { local: { ...local, identity } })] };
}

const conversations: readonly RuleConversation[] = [
  {
    rule: 'padEntry',
    story: 'of two entries that fit, the first holds',
    broken: (connections, _peer, matches) => connections.findLast(matches),
    play(nut) {
      const [first, second] = ['first', 'second'].map((name) => connection('responder', { name }));
      const talk = new Conversation({}, { ...nut, connections: [first!, second!] }).initiate();
      return talk.machines.responder.summaries().map((one) => one.connection);
    },
    lawful: ['first'],
    turned: ['second'],
  },
  {
    rule: 'connectionsAsked',
    story: 'an initiator says by IDr whom it wants of the two that are there',
    broken: (connections) => connections,
    play(nut) {
      const { local } = connection('responder');
      const first = connection('responder', { name: 'first', local: { ...local, identity: anotherName } });
      const second = connection('responder', { name: 'second' });
      const talk = new Conversation({}, { ...nut, connections: [first, second] }).initiate();
      return talk.machines.responder.summaries().map((one) => one.connection);
    },
    lawful: ['second'],
    // Who is answered as another goes away.
    turned: [],
  },
  {
    rule: 'identityMatchesPad',
    story: 'a group key does not make everybody the peer that was named',
    broken: () => true,
    play: (nut) => fate(new Conversation(claiming(anotherName), nut).initiate()),
    lawful: 'padEntry',
    turned: 'established',
  },
  {
    rule: 'pathMatchesConnection',
    story: 'nobody is expected at another address',
    broken: () => true,
    play: (nut) =>
      fate(
        new Conversation(
          {},
          { ...nut, connections: [connection('responder', { remoteAddresses: ['192.0.2.99'] })] },
        ).initiate(),
      ),
    lawful: 'pathMatchesConnection',
    turned: 'established',
  },
  {
    rule: 'sharedKeyOfIdentity',
    story: 'the key of one identity does not prove another',
    broken: (keys) => keys[0]?.key,
    play(nut) {
      const sharedKeys = [{ identity: initiatorName, key: hex(fromText('the key of i')) }];
      const responder = { ...nut, ...remote({ identity: 'any', sharedKeys }) };
      return talkAs(keyed('the key of i', anotherName), responder);
    },
    lawful: 'AUTHENTICATION_FAILED by sharedKeyOfIdentity',
    turned: 'authenticated',
  },
  {
    rule: 'authenticationMethod',
    story: 'where signatures are wanted a shared key does not do',
    broken: () => true,
    play: (nut) => talkAs({}, { ...nut, ...remote({ authentication: 'signature' }) }),
    lawful: 'AUTHENTICATION_FAILED by authenticationMethod',
    turned: 'authenticated',
  },
  {
    rule: 'certificateThatSigns',
    story: 'the first certificate is the one that counts, whatever follows',
    broken: (certificates) => certificates.at(-1),
    play(nut) {
      const other = certificate([{ dNSName: 'b.example' }], 'p256Two');
      const signer = certificate([{ dNSName: 'i.example' }], 'p256One');
      return talkAs(certified([other, signer]), { ...nut, ...wantsSignatures });
    },
    lawful: 'AUTHENTICATION_FAILED by authenticationData',
    turned: 'authenticated',
  },
  {
    rule: 'identityMatchesCertificate',
    story: 'a good signature does not prove a name that is not in the certificate',
    broken: () => true,
    play: (nut) =>
      talkAs(certified([certificate([{ dNSName: 'i.example' }])], 'p256One', anotherName), {
        ...nut,
        ...wantsSignatures,
      }),
    lawful: 'AUTHENTICATION_FAILED by identityMatchesCertificate',
    turned: 'authenticated',
  },
  {
    rule: 'identityMatchesCertificate',
    story: 'the common name of the subject is no name of a host',
    broken: ({ data }, { subject }) =>
      subject.some((relative) => relative[0]?.value === new TextDecoder().decode(data)),
    play: (nut) => talkAs(certified([certificate([])]), { ...nut, ...wantsSignatures }),
    lawful: 'AUTHENTICATION_FAILED by identityMatchesCertificate',
    turned: 'authenticated',
  },
  {
    rule: 'authenticationData',
    story: 'a wrong shared key is refused',
    broken: () => true,
    play: (nut) => talkAs(keyed('another key'), nut),
    lawful: 'AUTHENTICATION_FAILED by authenticationData',
    turned: 'authenticated',
  },
  {
    rule: 'signatureHash',
    story: 'a signature over a hash that was not announced is refused',
    broken: () => true,
    play(nut) {
      const authentication = {
        kind: 'certificate',
        chain: [certificate([{ dNSName: 'r.example' }])],
        key: 'p256One',
      } as const;
      const local = { identity: { type: 'ID_FQDN', value: 'r.example' }, authentication } as const;
      const wants = { identity: 'any', authentication: 'signature', trustAnchors: [authority] } as const;
      const only512 = changed('N', (payload) =>
        payload.notifyType === notifyTypes.SIGNATURE_HASH_ALGORITHMS
          ? { ...payload, data: encodeHashAlgorithms([4]) }
          : payload,
      );
      const initiator = {
        ...nut,
        ...lying('IKE_SA_INIT', only512),
        settings: { signatureHashAlgorithms: [2] },
        connections: [connection('initiator', { remote: wants })],
      };
      return fate(
        new Conversation(initiator, { connections: [connection('responder', { local })] }).initiate(),
        'initiator',
      );
    },
    lawful: 'signatureHash',
    turned: 'established',
  },
  {
    rule: 'certificationPath',
    story: 'a certificate of another authority of the same name is refused',
    broken: () => true,
    play: (nut) =>
      talkAs(certified([certificate([{ dNSName: 'i.example' }], 'p256One', foreign)]), { ...nut, ...wantsSignatures }),
    lawful: 'AUTHENTICATION_FAILED by certificationPath',
    turned: 'authenticated',
  },
  {
    rule: 'revocationListsThatCount',
    story: 'what the peer’s own list says of its certificate is heard',
    broken: (atHand) => atHand,
    play: (nut) =>
      talkAs(certified([signer], 'p256One', initiatorName, [revokesSigner]), { ...nut, ...wantsSignatures }),
    lawful: 'AUTHENTICATION_FAILED by certificationPath',
    turned: 'authenticated',
  },
  {
    rule: 'revocationListsThatCount',
    story: 'a list at hand is heard, whatever the peer sends',
    broken: (_atHand, sent) => sent,
    play: (nut) => talkAs(certified([signer]), { ...nut, ...wantsSignaturesOfNoneRevoked }),
    lawful: 'AUTHENTICATION_FAILED by certificationPath',
    turned: 'authenticated',
  },
  {
    rule: 'addressIdentityIsTransportAddress',
    story: 'an address as identity need not be the address of the messages',
    broken: (identityAddress, transportAddress) => identityAddress === transportAddress,
    play: (nut) =>
      talkAs(claiming({ type: 'ID_IPV4_ADDR', value: '10.2.0.1' }), { ...nut, ...remote({ identity: 'any' }) }),
    lawful: 'authenticated',
    turned: 'AUTHENTICATION_FAILED by addressIdentityIsTransportAddress',
  },
  {
    rule: 'certificateAddressesIncludeTransportAddress',
    story: 'addresses in a certificate do not bind its holder to them',
    broken: (known, transportAddress) => known.includes(transportAddress),
    play(nut) {
      const names = [{ dNSName: 'i.example' }, { iPAddress: '10.2.0.1' }];
      return talkAs(certified([certificate(names)]), { ...nut, ...wantsSignatures });
    },
    lawful: 'authenticated',
    turned: 'AUTHENTICATION_FAILED by certificateAddressesIncludeTransportAddress',
  },
  {
    rule: 'certificateWithoutAddresses',
    story: 'a certificate without addresses does',
    broken: () => false,
    play: (nut) => talkAs(certified([certificate([{ dNSName: 'i.example' }])]), { ...nut, ...wantsSignatures }),
    lawful: 'authenticated',
    turned: 'AUTHENTICATION_FAILED by certificateWithoutAddresses',
  },
  {
    rule: 'responderIdentity',
    story: 'the responder may spell its name in another way than it was asked for',
    broken: (asked, answered) => asked === undefined || equal(asked.data, answered.data),
    play(nut) {
      const { local } = connection('responder');
      const shouting = connection('responder', {
        local: { ...local, identity: { type: 'ID_FQDN', value: 'R.EXAMPLE' } },
      });
      return fate(new Conversation(nut, { connections: [shouting] }).initiate(), 'initiator');
    },
    lawful: 'established',
    turned: 'responderIdentity',
  },
  {
    rule: 'failedAuthenticationAnswer',
    story: 'a refused initiator learns AUTHENTICATION_FAILED and no more',
    broken: () => 'NO_PROPOSAL_CHOSEN',
    play: (nut) => said(new Conversation(keyed('another key'), nut).initiate(), 3),
    lawful: 'R: HDR, SK {N(AUTHENTICATION_FAILED)}',
    turned: 'R: HDR, SK {N(NO_PROPOSAL_CHOSEN)}',
  },
  {
    rule: 'ikeSaAfterFailedAuthentication',
    story: 'nothing is left after failed authentication',
    broken: () => 'kept',
    play: (nut) => new Conversation(keyed('another key'), nut).initiate().machines.responder.summaries().length,
    lawful: 0,
    turned: 1,
  },
  {
    rule: 'initialContactEnds',
    story: 'a peer that comes back without memory finds nothing of before',
    broken: () => false,
    play: (nut) => new Conversation({}, nut).initiate().restart().initiate().machines.responder.summaries().length,
    lawful: 1,
    turned: 2,
  },
  {
    rule: 'ikeSaAfterRefusedChild',
    story: 'the IKE SA outlives a child that was refused',
    broken: () => 'deleted',
    play(nut) {
      const [net] = connection('initiator').children;
      const elsewhere = connection('initiator', { children: [{ ...net!, local: [{ addresses: '10.9.0.0/24' }] }] });
      return new Conversation({ connections: [elsewhere] }, nut).initiate().machines.responder.summaries().length;
    },
    lawful: 1,
    turned: 0,
  },
];

describeRules('IKEv2, rules of authentication', conversations);

/** What the responder makes of the initiator's claim; its own proof is not at issue. */
function talkAs(initiator: Partial<Ikev2Options>, responder: Partial<Ikev2Options>): string {
  const talk = new Conversation(initiator, responder).initiate();
  if (talk.ikeEvents('responder')[0] === 'established') return 'authenticated';
  const [notification] = /[A-Z_]{10,}/.exec(said(talk, 3)) ?? ['silence'];
  return `${notification} by ${talk.refusals('responder').join(', ')}`;
}
