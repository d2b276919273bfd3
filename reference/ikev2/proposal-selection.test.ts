/** Offers, choices and answers (RFC 7296 sections 2.7 and 3.3). */
import { expect } from 'chai';
import type { Proposal } from '../wire/ike/proposal.ts';
import type { ProposalConfiguration } from './configuration.ts';
import { answerOf, chosenFrom, firstAcceptable, offeredProposals } from './proposal-selection.ts';

const IKE = 1;
const ESP = 3;
const spi = Uint8Array.of(1, 2, 3, 4);
const cbc = { encryption: [{ id: 12, keyLength: 128 }], integrity: [12] };
const gcm = { encryption: [{ id: 20, keyLength: 256 }], integrity: [] };

function offer(...configured: ProposalConfiguration[]): Proposal[] {
  return offeredProposals(configured, ESP, spi, 'offered');
}

describe('proposals', () => {
  it('separate AEAD from other ciphers', () => {
    const both = { encryption: [...gcm.encryption, ...cbc.encryption], integrity: [12] };
    expect(offer(both).map(({ transforms }) => transforms.map(({ type, id }) => `${type}:${id}`))).to.deep.equal([
      ['1:20', '5:0'],
      ['1:12', '3:12', '5:0'],
    ]);
  });

  it("are chosen in the initiator's order", () => {
    expect(firstAcceptable(offer(cbc, gcm), [gcm, cbc], ESP, 'offered')?.number).to.equal(1);
    expect(firstAcceptable(offer(cbc, gcm), [gcm], ESP, 'offered')?.number).to.equal(2);
  });

  it('must be acceptable in every type', () => {
    const none = undefined;
    expect(firstAcceptable(offer(cbc), [{ ...cbc, integrity: [14] }], ESP, 'offered')).to.equal(none);
    expect(
      firstAcceptable(offer(cbc), [{ ...cbc, encryption: [{ id: 12, keyLength: 256 }] }], ESP, 'offered'),
    ).to.equal(none);
    expect(firstAcceptable(offer(cbc), [{ ...cbc, extendedSequenceNumbers: [true] }], ESP, 'offered')).to.equal(none);
    expect(firstAcceptable(offer(cbc), [{ ...cbc, keyExchangeMethods: [31] }], ESP, 'offered')).to.equal(none);
    expect(firstAcceptable(offer({ ...cbc, keyExchangeMethods: [31] }), [cbc], ESP, 'offered')).to.equal(none);
    expect(firstAcceptable(offer({ ...cbc, keyExchangeMethods: [31] }), [cbc], ESP, 'none')).not.to.equal(none);
    expect(firstAcceptable(offer(cbc), [cbc], IKE, 'offered')).to.equal(none);
  });

  it('with a transform type nobody knows are not chosen', () => {
    const [first] = offer(cbc);
    const strange = { ...first!, transforms: [...first!.transforms, { type: 99, id: 1 }] };
    expect(firstAcceptable([strange], [cbc], ESP, 'offered')).to.equal(undefined);
  });

  it('with an attribute nobody knows use another transform', () => {
    const [first] = offer(cbc);
    const strange = { type: 1, id: 12, keyLength: 128, attributes: [{ type: 99, value: 1 }] };
    const odd = { ...first!, transforms: first!.transforms.map((one) => (one.type === 1 ? strange : one)) };
    expect(firstAcceptable([odd], [cbc], ESP, 'offered')).to.equal(undefined);
  });

  it('choose extended sequence numbers by preference of the initiator', () => {
    const prefers = (esn: boolean[]) => offer({ ...gcm, extendedSequenceNumbers: esn });
    const accepts = [{ ...gcm, extendedSequenceNumbers: [false, true] }];
    expect(firstAcceptable(prefers([true, false]), accepts, ESP, 'offered')?.extendedSequenceNumbers).to.equal(true);
    expect(firstAcceptable(prefers([false, true]), accepts, ESP, 'offered')?.extendedSequenceNumbers).to.equal(false);
  });

  it('leave AES-GMAC to whom it is for: as an integrity algorithm to AH, as a cipher to ESP (RFC 4543 sections 5.1 and 5.3)', () => {
    const [AH, none] = [2, undefined];
    const authenticator = { encryption: [], integrity: [9] };
    const cipher = { encryption: [{ id: 21, keyLength: 128 }], integrity: [], pseudorandomFunctions: [5] };
    const chosen = (configured: ProposalConfiguration, protocolId: number) =>
      firstAcceptable(offeredProposals([configured], protocolId, spi, 'none'), [configured], protocolId, 'none');
    expect(chosen(authenticator, AH)).not.to.equal(none);
    expect(chosen({ ...cbc, integrity: [9] }, ESP)).to.equal(none);
    expect(chosen(cipher, ESP)).not.to.equal(none);
    expect(chosen(cipher, IKE)).to.equal(none);
  });

  it('come back as they were chosen', () => {
    const offered = offer({ ...cbc, keyExchangeMethods: [19, 31] }, gcm);
    const chosen = firstAcceptable(offered, [{ ...cbc, keyExchangeMethods: [31] }], ESP, 'offered')!;
    expect(chosen.group).to.equal(31);
    expect(chosenFrom(offered, answerOf(chosen, spi))).to.deep.equal(chosen);
  });

  it('are refused as answers that change, add or drop a transform', () => {
    const offered = offer(cbc, gcm);
    const answer = answerOf(firstAcceptable(offered, [cbc], ESP, 'offered')!, spi);
    const with_ = (change: (transforms: Proposal['transforms']) => Proposal['transforms']) =>
      chosenFrom(offered, { ...answer, transforms: change(answer.transforms) });
    expect(with_((transforms) => transforms)).not.to.equal(undefined);
    expect(with_((transforms) => transforms.filter(({ type }) => type !== 3))).to.equal(undefined);
    expect(with_((transforms) => [...transforms, { type: 3, id: 12 }])).to.equal(undefined);
    expect(with_((transforms) => transforms.map((one) => (one.type === 3 ? { ...one, id: 14 } : one)))).to.equal(
      undefined,
    );
    expect(chosenFrom(offered, { ...answer, number: 2 })).to.equal(undefined);
    expect(chosenFrom(offered, { ...answer, number: 7 })).to.equal(undefined);
  });
});
