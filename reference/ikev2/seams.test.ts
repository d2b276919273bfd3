/** Where a tester misbehaves: a lie before AUTH is consistent, a change after sealing is a forgery, and what was done is told with the datagram. */
import { expect } from 'chai';
import type { CertificateRecipe } from '../certificates/recipe.ts';
import { fromText } from '../wire/octets.ts';
import { Conversation, connection, seededEnv } from './conversation.test-support.ts';
import { Ikev2 } from './ikev2.ts';
import type { IkeSeams } from './interface.ts';
import { changed, lying } from './rule-conversation.test-support.ts';

const authority: CertificateRecipe = { subject: 'CN=Authority', key: 'ecdsaAuthority', authority: {} };
const certificate: CertificateRecipe = {
  subject: 'CN=i',
  key: 'p256One',
  issuer: authority,
  altNames: [{ dNSName: 'i.example' }],
};
const tester = [
  connection('initiator', {
    local: {
      identity: { type: 'ID_FQDN', value: 'i.example' },
      authentication: { kind: 'certificate', chain: [certificate], key: 'p256One' },
    },
  }),
];
const nut = [
  connection('responder', { remote: { identity: 'any', authentication: 'signature', trustAnchors: [authority] } }),
];

describe('seams', () => {
  it('AUTH covers the identity that the message carries, whoever put it there', () => {
    const other = changed('IDi', (IDi) => ({ ...IDi, data: fromText('b.example') }));
    const talk = new Conversation(
      { connections: tester, ...lying('IKE_AUTH', other) },
      { connections: nut },
    ).initiate();
    expect(talk.refusals('responder')).to.deep.equal(['identityMatchesCertificate']);
  });

  it('an AUTH that the tester supplies is sent as it is', () => {
    const forged = changed('AUTH', (AUTH) => ({ ...AUTH, method: 14, data: new Uint8Array(70) }));
    const talk = new Conversation(
      { connections: tester, ...lying('IKE_AUTH', forged) },
      { connections: nut },
    ).initiate();
    expect(talk.refusals('responder')).to.deep.equal(['authenticationData']);
  });

  it('keys follow from the nonce that was sent', () => {
    const nonce = changed('Nonce', (Ni) => ({ ...Ni, data: new Uint8Array(32).fill(9) }));
    const lies = lying('IKE_SA_INIT', nonce);
    expect(new Conversation(lies).initiate().childrenAgree()).to.equal(true);
    expect(new Conversation({}, lies).initiate().childrenAgree()).to.equal(true);
  });

  it('a datagram that was not heard is not answered', () => {
    const deaf: Partial<IkeSeams> = { hears: (_octets, { exchange }) => exchange !== 'IKE_AUTH' };
    expect(new Conversation({}, { seams: deaf }).initiate().transcript).to.have.length(3);
  });

  it('what a tamper did goes with the datagram, again too when it is sent again', () => {
    const note = { name: 'flippedBit(3)', complaint: 'Malformed Packet' };
    const machine = new Ikev2({
      connections: [connection('initiator')],
      env: seededEnv('tampers'),
      seams: {
        datagram: (octets, context) => {
          context.note(note);
          return octets.with(0, octets[0]! ^ 8);
        },
      },
    });
    const command = { kind: 'initiate', connection: 'peer', child: 'net' } as const;
    const sent = [...machine.step(0, { kind: 'command', command }), ...machine.step(500, { kind: 'timeout' })];
    const tampers = sent.flatMap((effect) => (effect.kind === 'send' ? [effect.tampers] : []));
    expect(tampers).to.deep.equal([[note], [note]]);
  });
});
