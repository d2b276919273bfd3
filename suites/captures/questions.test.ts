/** Each outcome of each question on captures, from a conversation in which it came to that. */
import { expect } from 'chai';
import { childMutants, espMutants, identityMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { catalogue } from '../requirements/catalogue.ts';
import { documents } from '../requirements/documents.ts';
import { casesOfNut, outcomesOf, played } from './kills.test-support.ts';
import { captureQuestions } from './questions.ts';

/** Of several conversations the outcomes are all named, in alphabetical order. */
type Row = readonly [id: string, asked: string | undefined, outcomes: string, of: string, mutant?: NodeMutant];

const ignoring = identityMutants.ignoresIdentityInCertificate;
const binding = identityMutants.bindsAddressIdentityToTransport;
const bindingCertificates = identityMutants.bindsCertificateToTransport;

const rows: readonly Row[] = [
  ['MCDANIEL-SEQ', 'first', 'as-specified', 'MCDANIEL-SEQ/steps-aes-gcm-transport-manual'],
  ['MCDANIEL-SEQ', 'first', 'as-specified', 'MCDANIEL-SEQ/steps-ah-sha256-tunnel-ikev2'],
  ['MCDANIEL-SEQ', 'first', 'other-start', 'MCDANIEL-SEQ/first-aes-gcm-transport-manual', espMutants.neverCounts],
  ['MCDANIEL-SEQ', 'first', 'inconclusive', 'MCDANIEL-SEQ/first-aes-gcm-transport-manual', espMutants.countsByTwo],
  ['MCDANIEL-SEQ', 'steps', 'as-specified', 'MCDANIEL-SEQ/steps-aes-cbc-sha256-tunnel-ikev2'],
  ['MCDANIEL-SEQ', 'steps', 'repeated', 'MCDANIEL-SEQ/steps-aes-cbc-sha256-transport-manual', espMutants.neverCounts],
  ['MCDANIEL-SEQ', 'steps', 'repeated', 'MCDANIEL-SEQ/steps-ah-sha256-transport-manual', espMutants.neverCounts],
  ['MCDANIEL-SEQ', 'steps', 'inconclusive', 'MCDANIEL-SEQ/steps-aes-gcm-transport-manual', espMutants.countsByTwo],
  ['MCDANIEL-SEQ', 'steps', 'as-specified, came-round', 'MCDANIEL-SEQ/end-without-window-manual'],
  ['MCDANIEL-CONF', 'iv', 'fresh', 'MCDANIEL-CONF/iv-aes-cbc-sha256-manual'],
  ['MCDANIEL-CONF', 'iv', 'fresh', 'MCDANIEL-CONF/iv-aes-gcm-ikev2'],
  ['MCDANIEL-CONF', 'iv', 'repeated', 'MCDANIEL-CONF/iv-aes-gcm-manual', espMutants.repeatsIv],
  ['MCDANIEL-CONF', 'iv', 'repeated', 'MCDANIEL-CONF/iv-aes-cbc-sha256-ikev2', espMutants.repeatsIv],
  ['MCDANIEL-CONF', 'iv', 'counted', 'MCDANIEL-CONF/iv-aes-cbc-sha256-manual', espMutants.countsIv],
  ['MCDANIEL-CONF', 'padding', 'default', 'MCDANIEL-CONF/padding-aes-gcm-manual'],
  ['MCDANIEL-CONF', 'padding', 'otherwise', 'MCDANIEL-CONF/padding-aes-gcm-manual', espMutants.padsWithZeros],
  ['BELLOVIN-3.1d', undefined, 'with-integrity', 'BELLOVIN-3.1d/alone'],
  ['BELLOVIN-3.1d', undefined, 'with-integrity, without', 'BELLOVIN-3.1d/alone', childMutants.takesWhatIsOffered],
  ['DUPONT-G1', undefined, 'certified, refused', 'DUPONT-G1/a-other-fqdn-responder'],
  ['DUPONT-G1', undefined, 'certified, refused', 'DUPONT-G1/d-ipv6-address-initiator'],
  ['DUPONT-G1', undefined, 'certified, established', 'DUPONT-G1/a-other-fqdn-responder', ignoring],
  ['DUPONT-G1', undefined, 'certified, established', 'DUPONT-G1/c-other-dn-initiator', ignoring],
  ['DUPONT-H', undefined, 'established, in-use', 'DUPONT-H/h1-certificate-ipv4-responder'],
  ['DUPONT-H', undefined, 'established, in-use', 'DUPONT-H/h2-shared-key-ipv6-initiator'],
  ['DUPONT-H', undefined, 'in-use, refused', 'DUPONT-H/h2-shared-key-ipv4-responder', binding],
  ['DUPONT-H', undefined, 'in-use, refused', 'DUPONT-H/h1-certificate-ipv6-initiator', binding],
  ['DUPONT-I', undefined, 'established, named', 'DUPONT-I/i1-elsewhere-responder'],
  ['DUPONT-I', undefined, 'named, refused', 'DUPONT-I/i1-elsewhere-initiator', bindingCertificates],
];

describe('the questions on captures', function () {
  this.timeout(60_000);

  for (const [id, asked, outcomes, of, mutant] of rows)
    it(`${id}${asked === undefined ? '' : ` ${asked}`} comes to ${outcomes}: ${of}${mutant ? `, ${mutant.name}` : ''}`, async () => {
      const cases = casesOfNut(await played(of, mutant));
      expect(outcomesOf(cases, id, asked).join(', ')).to.equal(outcomes);
    });

  it('have each of their outcomes shown', () => {
    const shown = new Set(
      rows.flatMap(([id, asked, outcomes]) => outcomes.split(', ').map((outcome) => [id, asked, outcome].join(' '))),
    );
    const declared = captureQuestions.flatMap(({ id, asked, outcomes }) =>
      outcomes.map((outcome) => [id, asked, outcome].join(' ')),
    );
    expect(declared.filter((each) => !shown.has(each))).to.deep.equal([]);
  });

  it('are of entries of the catalogue, and the document of the entry reads each', async () => {
    const known = new Set(documents.map(({ id }) => id));
    const cases = await Promise.all([...new Set(rows.map(([, , , of]) => of))].map((of) => played(of)));
    for (const { id, readings } of cases.flatMap(casesOfNut)) {
      const entry = catalogue.find((each) => each.id === id);
      expect(
        readings.map(({ document }) => document),
        id,
      ).to.include(entry?.document);
      for (const { document, section } of readings) {
        expect(known, id).to.include(document);
        expect(section, id).not.to.equal('');
      }
    }
  });
});
