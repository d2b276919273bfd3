/** What an account finds of a home agent on its link, in a transcript that two references and a third party played: questions, answers, and silence. */
import { expect } from 'chai';
import type { Transcript } from '../capture/transcript.ts';
import { execute } from '../run/execution.ts';
import { runOf } from '../run/plan.ts';
import { memorySite } from '../run/site.ts';
import { home, homeAgentIntent, onHomeLink } from '../vocabulary/home-agent-intent.ts';
import { scenario } from '../vocabulary/scenario.ts';
import { Account } from './account.ts';
import { changed, framesOf, withFlipped } from './played.test-support.ts';

const registration = (sequenceNumber: number, lifetime: number) =>
  ({
    careOfAddress: home.careOfAddress,
    message: { kind: 'bindingUpdate', homeRegistration: true, sequenceNumber, lifetime, options: [] },
  }) as const;

const atHome = scenario({
  name: 'neighbors',
  title: 'Played for a test',
  cast: onHomeLink,
  dimensions: {},
  given: () => homeAgentIntent(),
  async play({ tn, neighbor }) {
    await neighbor.solicits('before', { target: home.address, from: home.neighbor });
    const registering = tn.sends('registers', registration(1, 15));
    await neighbor.claims('claims another', home.strangeAddress, { whenTested: home.address });
    await registering;
    await neighbor.solicits('asks', { target: home.address, from: home.neighbor });
    await neighbor.solicits('tests', { target: home.address, from: '::' });
    await neighbor.pingInClear('through the tunnel', { to: home.address, passedOnBy: 'nut' });
    await tn.sends('ends', registration(2, 0));
    await neighbor.solicits('after', { target: home.address, from: home.neighbor });
    await neighbor.pingInClear('alive', { to: home.agent });
  },
  questions: {},
});

describe('an account of neighbors', () => {
  let transcript: Transcript;
  let account: Account;
  before(async () => {
    ({ transcript } = await execute(runOf('test', atHome, {}), memorySite(), 'test'));
    account = new Account(transcript);
  });

  it('finds the answer to whoever asked, and to all nodes where nobody did by name', () => {
    expect(account.neighbors.answer('asks')).to.include({
      destination: home.neighbor,
      solicited: true,
      override: false,
      router: false,
    });
    expect(account.neighbors.answer('tests')).to.include({ destination: 'ff02::1', solicited: false });
    expect(account.neighbors.answer('asks')?.linkLayerAddress).to.equal(
      account.neighbors.answer('asks')?.found.frame.sourceMac,
    );
    expect(account.neighbors.answered('asks')?.evidence).to.have.lengthOf(1);
  });

  it('tells a test of an address from a question for it', () => {
    expect(account.neighbors.tested(home.address, { after: 'registers' })?.source).to.equal('::');
    expect(account.neighbors.tested(home.address, { after: 'asks' })).to.equal(undefined);
    expect(account.neighbors.solicited(home.address, { by: 'neighbor', after: 'asks' })?.source).to.equal(
      home.neighbor,
    );
    expect(account.neighbors.tested(home.address, { by: 'neighbor', after: 'asks' })).not.to.equal(undefined);
  });

  it('finds what was advertised unasked, between moments', () => {
    const unasked = { where: ({ solicited }: { solicited: boolean }) => !solicited };
    const said = account.neighbors.advertised(home.address, { after: 'registers', before: 'asks', ...unasked });
    expect(said).to.include({ source: home.agent, destination: 'ff02::1', override: true });
    expect(account.neighbors.advertised(home.address, { before: 'registers' })).to.equal(undefined);
  });

  it('proves silence by a later answer', () => {
    const life = account.answer('alive');
    expect(account.neighbors.silent('after', life)?.evidence[0]).to.include({ kind: 'silence' });
    expect(account.neighbors.silent('asks', life)).to.equal(undefined);
    expect(account.neighbors.silent('after', undefined)).to.equal(undefined);
    expect(account.neighbors.silent('never', life)).to.equal(undefined);
  });

  it('finds what a home agent passed on, and its answer, before a moment where one is named', () => {
    expect(account.passedOn('through the tunnel')?.frame.packets[0]?.packet.destination).to.equal(home.careOfAddress);
    expect(account.passedOn('through the tunnel', { what: 'answer' })?.packet.packet.destination).to.equal(
      home.neighbor,
    );
    expect(account.passedOn('through the tunnel', { before: 'through the tunnel' })).to.equal(undefined);
    expect(account.passedOn('never')).to.equal(undefined);
  });

  it('believes no answer whose checksum is wrong', () => {
    expect(account.neighbors.answer('asks')).not.to.equal(undefined);
    // The other one asks again later, by itself.
    const altered = framesOf(transcript, 'nut').reduce((sofar, frame) => withFlipped(sofar, frame, -1), transcript);
    expect(new Account(altered).neighbors.answer('asks')).to.equal(undefined);
  });

  it('finds nothing in a log without frames', () => {
    const bare = new Account(changed(transcript, (entry) => (entry.kind === 'frame' ? undefined : entry)));
    expect(bare.neighbors.answer('asks')).to.equal(undefined);
    expect(bare.neighbors.silent('after', bare.answer('alive'))).to.equal(undefined);
  });
});
