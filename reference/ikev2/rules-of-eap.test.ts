/** Conversations with EAP in IKE_AUTH that turn when a rule of RFC 7296 section 2.16, RFC 3748, RFC 5998 or RFC 2759 is broken, and what holds of them anyhow. */
import { expect } from 'chai';
import type { CertificateRecipe } from '../certificates/recipe.ts';
import type { EapPayload } from '../wire/ike/configuration.ts';
import { eapCodes, eapTypes } from '../wire/ike/registry.ts';
import { fromText } from '../wire/octets.ts';
import type {
  EapAccounts,
  EapPasswordCredential,
  EapPasswordMethod,
  IkeConnection,
  RemoteIdentity,
} from './configuration.ts';
import { Conversation, connection } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import { BLANK_AUTH } from './own-authentication.ts';
import {
  changed,
  describeRules,
  fate,
  lying,
  type RuleConversation,
  without,
} from './rule-conversation.test-support.ts';

const authority: CertificateRecipe = { subject: 'CN=Authority', key: 'ecdsaAuthority', authority: {} };
const certificate: CertificateRecipe = {
  subject: 'CN=r.example',
  key: 'p256Two',
  issuer: authority,
  altNames: [{ dNSName: 'r.example' }],
};

const anybodyByName: RemoteIdentity = { identity: 'any', authentication: 'signature', trustAnchors: [authority] };

function client(change: Partial<EapPasswordCredential> = {}, rest: Partial<IkeConnection> = {}): Partial<Ikev2Options> {
  const authentication = {
    kind: 'eap',
    method: 'EAP-MSCHAP-V2',
    name: 'carol',
    password: 'Ar3etTnp',
    ...change,
  } as const;
  const identity = { type: 'ID_FQDN', value: 'carol' } as const;
  return {
    connections: [connection('initiator', { local: { identity, authentication }, remote: anybodyByName, ...rest })],
  };
}

function server(
  change: Partial<EapAccounts> = {},
  rest: Partial<IkeConnection> = {},
  identity: RemoteIdentity['identity'] = 'any',
): Partial<Ikev2Options> {
  const passwords = [
    { name: 'carol', password: 'Ar3etTnp' },
    { name: 'dave', password: 'W7R0g3do' },
  ];
  const eap: EapAccounts = { method: 'EAP-MSCHAP-V2', passwords, ...change };
  return {
    connections: [
      connection('responder', {
        local: {
          identity: { type: 'ID_FQDN', value: 'r.example' },
          authentication: { kind: 'certificate', chain: [certificate], key: 'p256Two' },
        },
        remote: { identity, authentication: 'eap', trustAnchors: [], eap },
        ...rest,
      }),
    ],
  };
}

const tampered = (change: (packet: EapPayload) => EapPayload) => lying('IKE_AUTH', changed('EAP', change));
const inResponses = (change: (packet: EapPayload) => EapPayload) =>
  tampered((packet) => (packet.code === eapCodes.Response ? change(packet) : packet));
const inRequests = (change: (packet: EapPayload) => EapPayload) =>
  tampered((packet) => (packet.code === eapCodes.Request ? change(packet) : packet));
const md5 = { method: 'MD5-Challenge' } as const;
const wantingEapAlone = { remote: { identity: 'any', authentication: 'eap', trustAnchors: [authority] } } as const;

/** Both sides, the node under test with the rules given. */
function talk(initiator: Partial<Ikev2Options>, responder: Partial<Ikev2Options>): Conversation {
  return new Conversation(initiator, responder).initiate();
}

const conversations: readonly RuleConversation[] = [
  {
    rule: 'responderProvenFirst',
    story: 'nobody is answered who has not proven itself',
    broken: () => true,
    play: (nut) =>
      fate(
        talk({ ...client(), ...nut }, { ...server(), ...lying('IKE_AUTH', onlyFirst(without('AUTH'))) }),
        'initiator',
      ),
    lawful: 'responderProvenFirst',
    turned: 'established',
  },
  {
    rule: 'responderProvenFirst',
    story: 'who wants EAP alone takes whoever signs, if it is good',
    broken: (proof, eapAlone) => (proof === 'signature') !== eapAlone,
    play: (nut) => fate(talk({ ...client({}, wantingEapAlone), ...nut }, server()), 'initiator'),
    lawful: 'established',
    turned: 'responderProvenFirst',
  },
  {
    rule: 'signatureOmitted',
    story: 'who can sign does so where the method proves nothing',
    broken: (asked) => asked,
    play: (nut) => fate(talk(client(md5, wantingEapAlone), { ...server(md5), ...nut }), 'initiator'),
    lawful: 'established',
    turned: 'eapMethodStandsAlone',
  },
  {
    rule: 'eapMethodStandsAlone',
    story: 'a password that may be guessed is no proof of a responder',
    broken: () => true,
    play: (nut) => {
      const unsigned = { ...server(), ...lying('IKE_AUTH', onlyFirst(without('AUTH'))) };
      return fate(talk({ ...client({}, wantingEapAlone), ...nut }, unsigned), 'initiator');
    },
    lawful: 'eapMethodStandsAlone',
    turned: 'established',
  },
  {
    rule: 'eapIdentifier',
    story: 'a response to another request is none',
    broken: () => true,
    play: (nut) => {
      const lie = inResponses((packet) => ({ ...packet, identifier: (packet.identifier + 7) & 0xff }));
      return fate(talk({ ...client(), ...lie }, { ...server(), ...nut }));
    },
    lawful: 'eapIdentifier',
    turned: 'established',
  },
  {
    rule: 'eapLength',
    story: 'a packet is all there',
    broken: () => 'whole',
    play: (nut) => {
      const lie = inResponses((packet) => ({ ...packet, length: 1000 }));
      return fate(talk({ ...client(), ...lie }, { ...server(), ...nut }));
    },
    lawful: 'eapLength',
    turned: 'established',
  },
  {
    rule: 'eapRequestRepeated',
    story: 'what is asked under another identifier is asked anew',
    broken: () => true,
    play: (nut) => fate(talk({ ...client(), ...nut }, server())),
    lawful: 'established',
    turned: 'eapIdentifier',
  },
  {
    rule: 'eapMethodAcceptable',
    story: 'a peer that was told one method answers no other',
    broken: () => true,
    play: (nut) => fate(talk({ ...client(), ...nut }, server(md5))),
    lawful: 'eapResponseType',
    turned: 'established',
  },
  {
    rule: 'eapSuccessAccepted',
    story: 'Success before anything was asked is none',
    broken: () => true,
    play: (nut) => {
      const early = inRequests(({ identifier }) => ({
        type: 'EAP',
        code: eapCodes.Success,
        identifier,
        data: new Uint8Array(),
      }));
      return fate(talk({ ...client(), ...nut }, { ...server(), ...early }), 'initiator');
    },
    lawful: 'eapSuccessAccepted',
    turned: '',
  },
  {
    rule: 'eapResponseCode',
    story: 'a request answers no request',
    broken: () => true,
    play: (nut) => {
      const lie = inResponses((packet) => ({ ...packet, code: eapCodes.Request }));
      return fate(talk({ ...client(), ...lie }, { ...server(), ...nut }));
    },
    lawful: 'eapResponseCode',
    turned: 'established',
  },
  {
    rule: 'eapIsOver',
    story: 'AUTH in the place of an answer proves nothing',
    broken: (hasSucceeded, hasAuthentication) => hasSucceeded || hasAuthentication,
    play: (nut) => {
      const hasty = lying('IKE_AUTH', (message) => ({
        ...message,
        payloads: message.payloads.map((payload) => (payload.type === 'EAP' ? BLANK_AUTH : payload)),
      }));
      return talk({ ...client(md5), ...hasty }, { ...server(md5), ...nut }).ikeEvents('responder')[0];
    },
    lawful: 'failed',
    turned: 'established',
  },
  {
    rule: 'eapResponseType',
    story: 'a response of another type is none',
    broken: () => true,
    play: (nut) => {
      const lie = inResponses((packet) => ({ ...packet, eapType: eapTypes['Generic Token Card'] }));
      return fate(talk({ ...client(), ...lie }, { ...server(), ...nut }));
    },
    lawful: 'eapResponseType',
    turned: 'established',
  },
  {
    rule: 'eapResponseProves',
    story: 'a wrong password opens nothing',
    broken: () => true,
    play: (nut) => fate(talk({ ...client({ ...md5, password: 'guessed' }) }, { ...server(md5), ...nut })),
    lawful: 'eapResponseProves',
    turned: 'established',
  },
  {
    rule: 'authenticatorProves',
    story: 'a server that does not know the password is none',
    broken: () => true,
    play: (nut) => {
      const lie = inRequests((packet) => {
        const data = packet.data.slice();
        if (data[0] === 3) data[7] = data[7]! ^ 1;
        return { ...packet, data };
      });
      return fate(talk({ ...client(), ...nut }, { ...server(), ...lie }), 'initiator');
    },
    lawful: 'authenticatorProves',
    turned: 'established',
  },
  {
    rule: 'eapKey',
    story: 'AUTH is made with the key of EAP, if there is one',
    broken: (_MSK, SK_p) => SK_p,
    play: (nut) => fate(talk(client(), { ...server(), ...nut })),
    lawful: 'established',
    turned: 'authenticationData',
  },
  {
    rule: 'identityOfPolicy',
    story: 'who says carol and proves dave is dave',
    broken: (claimed) => claimed,
    play: (nut) => {
      const isDave = client({ name: 'dave', password: 'W7R0g3do' });
      return fate(talk(isDave, { ...server({ asksIdentity: true }, {}, { type: 'ID_FQDN', value: 'carol' }), ...nut }));
    },
    lawful: 'identityMatchesPad',
    turned: 'established',
  },
  {
    rule: 'eapFailureEnds',
    story: 'Failure is the end',
    broken: () => false,
    play: (nut) => {
      const said = talk({ ...client({ ...md5, password: 'guessed' }), ...nut }, server(md5));
      return said.refusals('initiator');
    },
    lawful: ['eapFailureEnds'],
    // It asks on, of an IKE SA that is gone.
    turned: ['unprotectedMessageIgnored'],
  },
];

/** Only in the message that says who the responder is. */
function onlyFirst(change: ReturnType<typeof without>): ReturnType<typeof without> {
  return (message) => (message.payloads.some(({ type }) => type === 'IDr') ? change(message) : message);
}

describeRules('rules of EAP', conversations);

describe('EAP in IKE_AUTH', () => {
  for (const method of ['MD5-Challenge', 'EAP-MSCHAP-V2'] as const satisfies readonly EapPasswordMethod[]) {
    it(`${method} authenticates both ways, with and without a question for the name`, () => {
      for (const asksIdentity of [undefined, true] as const) {
        const said = talk(client({ method }), server({ method, ...(asksIdentity && { asksIdentity }) }));
        expect(said.established).to.equal(true);
        expect(said.childrenAgree()).to.equal(true);
      }
    });
  }

  it('says what RFC 7296 2.16 says, in its order', () => {
    expect(talk(client(md5), server(md5)).transcript.slice(2)).to.deep.equal([
      'I: HDR, SK {IDi, CERTREQ, N(INITIAL_CONTACT), SAi2, TSi, TSr}',
      'R: HDR, SK {IDr, CERT, AUTH, EAP}',
      'I: HDR, SK {EAP}',
      'R: HDR, SK {EAP}',
      'I: HDR, SK {AUTH}',
      'R: HDR, SK {AUTH, SAr2, TSi, TSr}',
    ]);
  });

  it('answers Notification, and passes over padding', () => {
    const padded = tampered((packet) => ({
      ...packet,
      length: packet.data.length + (packet.eapType === undefined ? 4 : 5),
      data: new Uint8Array([...packet.data, 0, 0, 0]),
    }));
    expect(fate(talk({ ...client(), ...padded }, server()))).to.equal('established');
  });

  it('knows a peer by the name that EAP has proven', () => {
    const isDave = client({ name: 'dave', password: 'W7R0g3do' });
    const [known] = talk(isDave, server({ asksIdentity: true })).machines.responder.summaries();
    expect(known?.remoteIdentity).to.equal('dave');
  });

  it('refuses a name without a password, and whoever signs where EAP is wanted', () => {
    expect(fate(talk(client({ name: 'mallory' }), server()))).to.equal('eapResponseProves');
    expect(fate(talk({}, server()))).to.equal('authenticationMethod');
    expect(fate(talk(client(), {}))).to.equal('requiredPayloads');
  });

  it('verifies the signature of a responder that was to do with EAP alone, and asks for none by a password', () => {
    const forged = changed('AUTH', (auth) => ({ ...auth, method: 9, data: new Uint8Array(64).fill(7) }));
    const forger = { ...server(), ...lying('IKE_AUTH', onlyFirst(forged)) };
    expect(fate(talk(client({}, wantingEapAlone), forger), 'initiator')).to.equal('authenticationData');
    const [unsigned] = server(md5).connections!;
    const authentication = { kind: 'eap', ...md5, name: 'r', password: 'r' } as const;
    const alone = { connections: [{ ...unsigned!, local: { ...unsigned!.local, authentication } }] };
    expect(fate(talk(client(md5, wantingEapAlone), alone))).to.equal('eapMethodStandsAlone');
  });

  it('never ends in anything but an end, whatever stands in EAP', () => {
    for (let octet = 0; octet < 64; octet += 1) {
      const broken = inResponses((packet) => ({ ...packet, data: fromText('x').slice(0, octet % 3 ? 1 : 0) }));
      expect(fate(talk({ ...client(), ...broken }, server()))).to.equal('eapResponseProves');
    }
  });
});
