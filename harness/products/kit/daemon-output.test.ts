import { expect } from 'chai';
import { ConsoleChannel } from '../../runtime/console.ts';
import { DaemonOutput } from './daemon-output.ts';

describe('what a daemon prints', () => {
  it('is waited for by words of a line, whenever they come', async () => {
    const { output, agent } = printing();
    output.begins();
    agent('*output pluto starting');
    const said = output.says('listening', 60_000);
    agent('*output whack listening');
    expect(await isSettled(said)).to.equal(false);
    agent('*output pluto now%20listening');
    await said;
    await output.says('listening', 60_000);
  });

  it('is waited for no longer when it has ended', async () => {
    const { output, agent } = printing();
    const said = output.says('listening', 60_000);
    agent('*exited whack 0');
    expect(await isSettled(said)).to.equal(false);
    agent('*exited pluto 1');
    await said;
    await output.says('listening', 60_000);
    output.begins();
    expect(await isSettled(output.says('listening', 20))).to.equal(false);
  });

  it('is its log, with what it had printed when it was asked, and no more of it than is kept', async () => {
    const { output, agent } = printing();
    agent('*output pluto one');
    agent('*output pluto two');
    expect(await output.text()).to.equal('one\ntwo\n');
    output.begins();
    expect(await output.text()).to.equal('');
    for (let line = 0; line < 5; line++) agent(`*output pluto ${'x'.repeat(1 << 20)}`);
    expect((await output.text()).split('\n').slice(4)).to.deep.equal(['1 lines more, beyond 4194304 characters', '']);
  });
});

/** An agent that answers every request with nothing. */
function printing() {
  const console = new ConsoleChannel((line) => {
    const [number] = line.slice(1).split(' ');
    queueMicrotask(() => agent(`=${number}`));
  });
  const agent = (line: string): void => console.receive(new TextEncoder().encode(`${line}\n`));
  return { output: new DaemonOutput(console, 'pluto'), agent };
}

const isSettled = (said: Promise<void>): Promise<boolean> =>
  Promise.race([said.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);
