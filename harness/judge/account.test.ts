/** What an account finds in transcripts that two references played, and what it no longer finds once an octet of them was altered. */
import { expect } from 'chai';
import type { FrameEntry, Transcript } from '../capture/transcript.ts';
import { inner, nutAddresses, places } from '../lab/topologies.ts';
import { flippedAt } from '../peers/tampers.ts';
import { certificateOf, foreignAuthority, signedWith } from '../vocabulary/credentials.ts';
import { negotiated, tnName } from '../vocabulary/ike-intent.ts';
import { keyedGateways, keyedHosts } from '../vocabulary/keying.ts';
import { transportPair, tunnelPair } from '../vocabulary/pairs.ts';
import { Account } from './account.ts';
import { changed, framesOf, played, withFlipped } from './played.test-support.ts';

const hosts = () => keyedHosts('manual', 'ipv4', [transportPair('pair', 'ipv4')]);
const gateways = () =>
  keyedGateways('manual', { inner: 'ipv4', outer: 'ipv4' }, [tunnelPair('pair', { inner: 'ipv4', outer: 'ipv6' })]);

describe('an account of probes', () => {
  let transcript: Transcript;
  let account: Account;
  before(async () => {
    transcript = await played(hosts(), async ({ tn, nut }) => {
      await tn.echo('before');
      await tn.esp('forged', { afterSealing: flippedAt(-1), awaited: false });
      await tn.udp('datagram');
      await tn.syn('connection');
      await tn.echo('after');
      await nut.reports('report');
      await nut.udp('from nut');
      await nut.echo('nut alive');
      await tn.echo('end');
    });
    account = new Account(transcript);
  });

  it('finds each probe and its answer with the frame as evidence', () => {
    expect(account.sent('before')?.evidence[0]).to.deep.include({ kind: 'frame', says: 'the probe' });
    expect(account.answered('before')?.evidence[0]).to.nested.include({ 'octets.buffer': 'esp 0x00001002' });
    expect(account.answered('connection')).not.to.equal(undefined);
    expect(account.answered('datagram')).to.equal(undefined);
    expect(account.sentUnder('before', 'esp')).not.to.equal(undefined);
    expect(account.sentUnder('before', 'clear')).to.equal(undefined);
    expect(account.answer('after')?.packet.packet.source).to.equal(nutAddresses.ipv4);
  });

  it('names the end of a program, and the frame that reached it last', () => {
    expect(account.ended()).to.equal(undefined);
    const place = transcript.entries.findIndex((entry) => entry.kind === 'mark' && entry.name === 'after');
    const end = { kind: 'ended', place, time: 0, node: 'nut', says: 'charon ended: signal 11' } as const;
    const withEnd = (node: string) => transcript.entries.toSpliced(place, 0, { ...end, node });
    const last = transcript.entries.findLast(
      (entry, at) => at < place && entry.kind === 'frame' && entry.from === 'tn',
    ) as FrameEntry;
    const found = new Account({ ...transcript, entries: withEnd('nut') }).ended()!;
    expect(found.says).to.equal(`charon ended: signal 11, after frame ${last.number}`);
    expect(found.evidence.map(({ kind }) => kind)).to.deep.equal(['frame', 'ended']);
    expect(new Account({ ...transcript, entries: withEnd('tn') }).ended()).to.equal(undefined);
  });

  it('knows no moment that was never named', () => {
    for (const show of [
      () => account.sent('never'),
      () => account.answered('never'),
      () => account.silent('never', 'after'),
      () => account.silent('forged', 'never'),
      () => account.undelivered('never', 'after'),
      () => account.unsent('never', 'after'),
      () => account.neverSent('x', 'never', 'after'),
      () => account.ike.heard('HDR', { after: 'never' }),
      () => account.ike.settled('never'),
      () => account.counted(/./, 'never', 'report'),
      () => account.reported('never', 'sad', '', () => true),
    ])
      expect(show()).to.equal(undefined);
    expect(account.packets('nut', 'never')).to.deep.equal([]);
  });

  it('finds what a sink reports, and where the stimulus was', () => {
    expect(account.delivered('datagram')?.evidence.map(({ kind }) => kind)).to.deep.equal(['state', 'frame']);
    expect(account.delivered('datagram', 'report')).not.to.equal(undefined);
    const probe = account.probe('datagram')!.frame.entry;
    expect(new Account(withFlipped(transcript, probe, -1)).delivered('datagram'), 'not on the wire').to.equal(
      undefined,
    );
    expect(account.delivered('datagram', 'no such report')).to.equal(undefined);
  });

  it('proves silence by life asked for later', () => {
    const silence = account.silent('forged', 'after');
    expect(silence?.evidence[0]?.kind).to.equal('silence');
    expect(account.silent('before', 'after'), 'it was answered').to.equal(undefined);
    expect(account.silent('forged', 'before'), 'life before the stimulus proves nothing').to.equal(undefined);
    expect(account.silent('forged', 'datagram'), 'an unanswered probe is no life').to.equal(undefined);
  });

  it('proves no silence where the stimulus is not on the wire', () => {
    const forged = framesOf(transcript, 'tn').find(({ tampers }) => tampers.length > 0)!;
    const without = changed(transcript, (entry) => (entry === forged ? undefined : entry));
    expect(new Account(without).silent('forged', 'after')).to.equal(undefined);
  });

  it('takes no life for proof that was asked for before the stimulus and answered after it', () => {
    const [answer] = new Account(transcript).answered('before')!.evidence;
    const late = framesOf(transcript).find(({ number }) => answer?.kind === 'frame' && number === answer.frame)!;
    const entries = [...transcript.entries.filter((entry) => entry !== late), late];
    const delayed = { ...transcript, entries: entries.map((entry, place) => ({ ...entry, place })) };
    const renumbered = changed(delayed, (entry) =>
      entry.kind === 'frame' && entry.octets === late.octets ? { ...entry, number: 10_000 } : entry,
    );
    expect(new Account(renumbered).answered('before'), 'late, but answered').not.to.equal(undefined);
    expect(new Account(renumbered).silent('forged', 'before')).to.equal(undefined);
  });

  it('tells what never reached a sink only by something later that did', () => {
    const unheard = changed(transcript, (entry) =>
      entry.kind === 'state'
        ? {
            ...entry,
            state: { ...entry.state, delivered: entry.state.delivered.filter((each) => each.protocol === 'tcp') },
          }
        : entry,
    );
    expect(account.undelivered('datagram', 'connection', 'report')).to.equal(undefined);
    expect(new Account(unheard).undelivered('datagram', 'connection', 'report')).not.to.equal(undefined);
    expect(new Account(unheard).undelivered('datagram', 'before', 'report')).to.equal(undefined);
  });

  it('tells what was never sent', () => {
    const muted = changed(transcript, (entry) =>
      entry.kind === 'frame' && entry.number === new Account(transcript).probe('from nut')?.frame.entry.number
        ? undefined
        : entry,
    );
    expect(account.unsent('from nut', 'nut alive')).to.equal(undefined);
    expect(new Account(muted).unsent('from nut', 'nut alive')?.evidence[0]?.kind).to.equal('silence');
    expect(new Account(muted).unsent('from nut', 'after'), 'life before the command').to.equal(undefined);
    expect(account.neverSent('the datagram', 'from nut', 'nut alive')).not.to.equal(undefined);
    expect(account.neverSent('the datagram', 'from nut', 'after')).to.equal(undefined);
  });

  it('finds what was sent in clear where it should not have been', async () => {
    const clear = new Account(await played(hosts(), async ({ tn }) => tn.pingInClear('leak')));
    expect(clear.sentUnder('leak', 'clear')).not.to.equal(undefined);
    expect(clear.neverSent('it', 'leak', 'leak')).to.equal(undefined);
  });
});

describe('an altered frame', () => {
  for (const [name, given] of Object.entries({ transport: hosts, tunnel: gateways })) {
    it(`answers nothing, whichever octet of the ESP packet was altered (${name})`, async () => {
      const transcript = await played(given(), async ({ tn }) => tn.echo('stimulus'));
      const found = new Account(transcript).answer('stimulus')!;
      const length = found.packet.esp!.carrier.payload.length;
      for (let offset = -length; offset < 0; offset++) {
        const altered = withFlipped(transcript, found.frame.entry, offset);
        expect(new Account(altered).answered('stimulus'), `octet ${offset}`).to.equal(undefined);
      }
    });
  }

  it('answers nothing, whichever octet of an IPv4 packet with an echo reply was altered', async () => {
    const transcript = await played(keyedHosts('manual', 'ipv4', []), async ({ tn }) => tn.echo('stimulus'));
    const { frame, packet } = new Account(transcript).answer('stimulus')!;
    for (let { start } = packet.range; start < packet.range.end; start++) {
      for (const mask of [0x01, 0x80, 0xff]) {
        const altered = withFlipped(transcript, frame.entry, start, mask);
        expect(new Account(altered).answered('stimulus'), `octet ${start}`).to.equal(undefined);
      }
    }
  });

  it('answers nothing, whichever octet of an ICMPv6 echo reply or its addresses was altered', async () => {
    const transcript = await played(keyedHosts('manual', 'ipv6', []), async ({ tn }) => tn.echo('stimulus'));
    const { frame, packet } = new Account(transcript).answer('stimulus')!;
    for (let start = packet.range.start + 8; start < packet.range.end; start++) {
      const altered = withFlipped(transcript, frame.entry, start);
      expect(new Account(altered).answered('stimulus'), `octet ${start}`).to.equal(undefined);
    }
  });
});

const stranger = signedWith(
  certificateOf({ commonName: tnName, altNames: [{ dNSName: tnName }], issuer: foreignAuthority }),
);

describe('an account of IKE', () => {
  let agreed: Transcript;
  let refused: Transcript;
  before(async () => {
    agreed = await played(negotiated(), async ({ tn, nut }) => {
      await tn.initiates('begin');
      await tn.echo('echo');
      await tn.asksForLife('alive');
      await tn.rekeysChild('rekey');
      await nut.closes('close');
    });
    refused = await played(negotiated({ tn: { credential: stranger } }), async ({ tn }) => {
      await tn.initiates('begin');
      await tn.initiates('again');
    });
  });

  it('finds the child that was agreed, and the payload that says it', () => {
    const account = new Account(agreed);
    expect(account.ike.childAgreed('begin')?.evidence[0]).to.nested.include({ 'octets.buffer': 'SK' });
    expect(account.established('begin', 'echo')?.evidence).to.have.lengthOf(2);
    expect(account.ike.refused('begin', 'nut')).to.equal(undefined);
    expect(account.ike.informed('alive')).not.to.equal(undefined);
    expect(account.ike.informed('begin')).to.equal(undefined);
    expect(account.ike.settled('rekey')).not.to.equal(undefined);
    expect(account.ike.settled('close')).not.to.equal(undefined);
  });

  it('takes no answer for one whose request nobody sent', () => {
    const messages = new Account(agreed).ike.messages();
    const requests = messages.filter(({ ike }) => !ike.message.header.flags.response);
    const asked = new Set(requests.map(({ frame }) => frame.entry.number));
    const mute = new Account(
      changed(agreed, (entry) => (entry.kind === 'frame' && asked.has(entry.number) ? undefined : entry)),
    );
    expect(mute.ike.childAgreed('begin')).to.equal(undefined);
    expect(mute.ike.informed('alive')).to.equal(undefined);
  });

  it('proves the silence of a probe by an INFORMATIONAL answer to what was asked later', () => {
    const [reply] = new Account(agreed).answered('echo')!.evidence;
    const without = changed(agreed, (entry) =>
      entry.kind === 'frame' && reply?.kind === 'frame' && entry.number === reply.frame ? undefined : entry,
    );
    expect(new Account(without).silent('echo', 'alive')?.evidence[0]?.kind).to.equal('silence');
    expect(new Account(without).silent('echo', 'begin'), 'life before the stimulus').to.equal(undefined);
    expect(new Account(agreed).silent('echo', 'alive'), 'it was answered').to.equal(undefined);
  });

  it('hears messages in the notation of the RFC', () => {
    const account = new Account(agreed);
    expect(account.ike.heard('HDR, SK {IDr, [CERT,] AUTH, SAr2, TSi, TSr}')).not.to.equal(undefined);
    expect(account.ike.heard('HDR, SAr1, KEr, Nr, [CERTREQ]')).not.to.equal(undefined);
    expect(account.ike.heard('HDR, SAi1, KEi, Ni', { by: 'tn', response: true })).to.equal(undefined);
    expect(account.ike.heard('HDR, SK {D}', { after: 'begin', exchange: 34 })).to.equal(undefined);
    expect(() => account.ike.heard('HDR, SK {')).to.throw(SyntaxError);
  });

  it('gives each exchange its own answer, not that of a later one', async () => {
    const intent = negotiated();
    const { tn: tester } = intent.parties;
    const [honest] = tester!.ike;
    const lying = { ...honest!, name: 'lying', local: { ...honest!.local, authentication: stranger } };
    const both = { ...intent, parties: { ...intent.parties, tn: { ...tester!, ike: [lying, honest!] } } };
    const account = new Account(
      await played(both, async ({ tn }) => {
        await tn.presents('lying');
        await tn.initiates('lie', { connection: 'lying', child: 'all' });
        await tn.presents('peer');
        await tn.initiates('truth', { connection: 'peer', child: 'all' });
      }),
    );
    expect(account.ike.refused('lie', 'nut', 'AUTHENTICATION_FAILED')).not.to.equal(undefined);
    expect(account.ike.childAgreed('lie')).to.equal(undefined);
    expect(account.ike.childAgreed('truth')).not.to.equal(undefined);
    expect(account.ike.refused('truth', 'nut')).to.equal(undefined);
  });

  it('finds a refusal, by whom and which', () => {
    const account = new Account(refused);
    expect(account.ike.refused('begin', 'nut')?.says).to.match(/AUTHENTICATION_FAILED/);
    expect(account.ike.refused('begin', 'nut', 'AUTHENTICATION_FAILED')).not.to.equal(undefined);
    expect(account.ike.refused('begin', 'nut', 'TS_UNACCEPTABLE')).to.equal(undefined);
    expect(account.ike.refused('begin', 'tn')).to.equal(undefined);
    expect(account.ike.childAgreed('begin')).to.equal(undefined);
  });

  it('finds that an initiator gives up what it asked for, unless it was told to', async () => {
    const closed = await played(negotiated(), async ({ nut, tn }) => {
      await nut.initiates('begin');
      await tn.echo('echo');
      await nut.closes('close');
    });
    expect(new Account(closed).ike.givenUp('begin', 'nut')).to.equal(undefined);
    const unasked = changed(closed, (entry) =>
      entry.kind === 'mark' && entry.name === 'close' ? { ...entry, act: { kind: 'moment' } } : entry,
    );
    expect(new Account(unasked).ike.givenUp('begin', 'nut')?.says).to.equal('nut deletes the IKE SA');
    expect(new Account(unasked).ike.givenUp('begin', 'tn')).to.equal(undefined);
    const alive = await played(negotiated(), async ({ nut, tn }) => {
      await nut.initiates('begin');
      await tn.asksForLife('alive');
      await nut.closes('close');
    });
    expect(new Account(alive).ike.givenUp('begin', 'nut')).to.equal(undefined);
  });

  it('sends nothing under an SA that nobody agreed to, and goes on', async () => {
    const account = new Account(
      await played(negotiated(), async ({ tn }) => {
        await tn.initiates('begin');
        await tn.esp('under none', { under: 'peer/none', awaited: false });
        await tn.echo('echo');
      }),
    );
    expect(account.espHeaders('tn', 'begin')).to.have.lengthOf(1);
    expect(account.established('begin', 'echo')).not.to.equal(undefined);
  });

  it('believes no refusal of which one octet was altered, from the UDP header to the ICV', () => {
    const [evidence] = new Account(refused).ike.refused('again', 'nut')!.evidence;
    const frame = framesOf(refused).find(({ number }) => evidence?.kind === 'frame' && number === evidence.frame)!;
    for (let offset = 14 + 20; offset < frame.octets.length; offset++) {
      const account = new Account(withFlipped(refused, frame, offset));
      expect(account.ike.refused('again', 'nut'), `octet ${offset}`).to.equal(undefined);
      expect(account.ike.heard('HDR, SK {N}', { after: 'again' }), `octet ${offset}`).to.equal(undefined);
    }
  });

  it('believes no notification in clear where SK was replaced by it', () => {
    const [evidence] = new Account(refused).ike.refused('again', 'nut')!.evidence;
    const forged = changed(refused, (entry) => {
      if (entry.kind !== 'frame' || evidence?.kind !== 'frame' || entry.number !== evidence.frame) return entry;
      const ike = 14 + 20 + 8;
      const octets = entry.octets.slice();
      octets[ike + 16] = 41;
      octets.set([0, 0, octets[ike + 30]!, octets[ike + 31]!, 0, 0, 0, 24], ike + 28);
      octets.set([0, 0], 14 + 20 + 6);
      return { ...entry, octets };
    });
    expect(new Account(forged).ike.refused('again', 'nut')).to.equal(undefined);
    expect(new Account(forged).ike.heard('HDR, N(AUTHENTICATION_FAILED)', { after: 'again' })).to.equal(undefined);
    expect(new Account(forged).ike.messages('again').map(({ ike }) => ike.state)).to.include('unprotected');
  });
});

describe('an account of a moving tester', () => {
  it('tells where an answer went', async () => {
    const intent = keyedGateways('manual', { inner: 'ipv4', outer: 'ipv4' }, [
      tunnelPair('pair', { inner: 'ipv4', outer: 'ipv4' }),
    ]);
    const account = new Account(
      await played(intent, async ({ tn }) => {
        await tn.echo('before');
        await tn.movesTo('other-prefix');
        await tn.echo('elsewhere');
        await tn.movesTo('home');
        await tn.echo('home');
      }),
    );
    const answer = account.answer('elsewhere')!;
    expect(answer.packet.esp?.carrier.destination).to.equal(places.home.ipv4);
    expect(answer.packet.packet.destination).to.equal(inner.tn.ipv4);
    expect(account.evidenceOf(answer, 'gone home').kind).to.equal('frame');
    expect(account.espHeaders('nut').map(({ header }) => header.sequenceNumber)).to.deep.equal([1, 2, 3]);
  });
});
