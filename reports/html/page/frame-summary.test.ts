import { expect } from 'chai';
import type { Dissection } from '../../../reference/wire/dissection.ts';
import { dissectFrame } from '../../../reference/wire/frame.ts';
import { dissectPayloads } from '../../../reference/wire/ike/payload-chain.ts';
import { sampleModel } from '../../sample-run.test-support.ts';
import { frameSummary } from './frame-summary.ts';

describe('the line that stands for a frame', () => {
  const frames = sampleModel()
    .runs.flatMap((run) => ('transcript' in run ? run.transcript.entries : []))
    .filter((entry) => entry.kind === 'frame');

  it('names protocols, SPIs, sequence numbers and payloads', () => {
    const lines = frames.map(({ octets }) => frameSummary(dissectFrame(octets), []).says);
    expect(lines[2]).to.equal('ESP 0x00001001 #1');
    expect(lines[6]).to.equal('IKE_SA_INIT request 0: SA, KE, Nonce, N(NAT_DETECTION_SOURCE_IP)');
    expect(lines[9]).to.equal('IKE_AUTH response 1: SK');
  });

  it('writes an empty SK as RFC 7296 does', () => {
    expect(frameSummary(dissectFrame(frames[9]!.octets), [dissectPayloads(0, new Uint8Array())]).says).to.equal(
      'IKE_AUTH response 1: SK {}',
    );
  });

  it('says between which addresses, and calls address resolution noise', () => {
    const [arp, , esp] = frames.map(({ octets }) => frameSummary(dissectFrame(octets), []));
    expect(arp).to.include({ isNoise: true, between: '' });
    expect(esp).to.include({ isNoise: false, between: '192.0.2.1 → 192.0.2.2' });
  });

  it('has one for whatever is left of a frame', () => {
    for (const { octets } of frames) {
      for (let length = 0; length < octets.length; length++) {
        const dissection: Dissection = dissectFrame(octets.subarray(0, length));
        expect(frameSummary(dissection, []).says).to.be.a('string').and.not.to.equal('');
      }
    }
  });
});
