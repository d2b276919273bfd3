import { expect } from 'chai';
import { HarnessFault } from '../lab/harness-fault.ts';
import { ensureImage } from './image.ts';
import { run } from './program.ts';

describe('images', () => {
  it('that nobody described are a fault, which names the file that would', async () => {
    const fault = await ensureImage('no-such-product', '/nonexistent').catch((reason: unknown) => reason);
    expect(fault).to.be.instanceOf(HarnessFault).with.property('code', 'no-such-image');
    expect((fault as HarnessFault).message).to.contain('docker/no-such-product/image.json');
  });
});

describe('a program run to its end', () => {
  it('gives its status and the lines of both its outputs', async () => {
    const { status, lines } = await run('sh', ['-c', 'echo one; echo two >&2; exit 3']);
    expect(status).to.equal(3);
    expect(lines).to.have.members(['one', 'two']);
  });

  it('is a fault where there is no such program', async () => {
    const fault = await run('/nonexistent/program', []).catch((reason: unknown) => reason);
    expect(fault).to.be.instanceOf(HarnessFault).with.property('code', 'missing-tool');
  });
});
