/**
 * Independent witnesses of the wire format: every frame that the reference sends in any scenario, and in conversations over every transform,
 * is read by tshark and, where that has no words for a key, by Scapy. Neither shares code with the reference. A bundle's own tables and
 * preferences are all they are given.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { decodeFrame } from '../../reference/wire/frame.ts';
import { certificateEncodings, ikePorts } from '../../reference/wire/ike/registry.ts';
import { isFragment } from '../../reference/wire/ip/packet.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { hex, readU16, toText } from '../../reference/wire/octets.ts';
import { suites } from '../../suites/suites.ts';
import { readBundle, writeBundle } from '../capture/bundle.ts';
import type { FrameEntry, Transcript } from '../capture/transcript.ts';
import { OpenedLog } from '../judge/opened-log.ts';
import { carryOut } from '../run/campaign.ts';
import { noFailure } from '../run/expectation.ts';
import { plan } from '../run/plan.ts';
import { bundlesBelow } from '../run/rejudge.ts';
import { memorySite } from '../run/site.ts';
import { everyTransform } from './every-transform.test-support.ts';
import { GAVE_UP, madeWrong } from './made-wrong.test-support.ts';
import { hasScapy, openedByScapy, type ScapyOrder, scapyOrder } from './scapy.test-support.ts';
import { hasTshark, seenByTshark, type TsharkFrame } from './tshark.test-support.ts';

describe('independent witnesses', function () {
  this.timeout(600_000);
  const out = mkdtempSync(join(tmpdir(), 'touchstone-witness-'));
  const bundles: { readonly folder: string; readonly name: string; readonly transcript: Transcript }[] = [];

  before(async () => {
    const runs = [...plan(suites), ...everyTransform];
    await carryOut({
      runs,
      sites: [memorySite()],
      facts: () => undefined,
      seed: 'witness',
      out,
      expectation: noFailure(),
    });
    for (const folder of (await bundlesBelow(out)).folders) {
      const { transcript } = readBundle(folder);
      bundles.push({ folder, name: `${transcript.scenario}/${transcript.variant}`, transcript });
    }
    expect(bundles).to.have.lengthOf(runs.length);
  });
  after(() => rmSync(out, { recursive: true }));

  describe('tshark', () => {
    const seen: Witnessed[] = [];
    const furtherKeyed: string[] = [];

    before(function () {
      if (!hasTshark()) skipped(this, 'tshark');
      const frames = seenByTshark(bundles.map(({ folder }) => folder));
      for (const { folder, name, transcript } of bundles) {
        const entries = transcript.entries.filter((entry) => entry.kind === 'frame');
        const opening = new OpenedLog(transcript);
        for (const [i, entry] of entries.entries()) {
          const each = { where: `${name} frame ${entry.number}`, entry, transcript, opening };
          if (hasFurtherKeys(each)) furtherKeyed.push(each.where);
          else seen.push({ ...each, frame: frames.get(folder)![i]! });
        }
      }
    });

    it('has no complaint of any frame that was not tampered with', () => {
      const honest = seen.filter((each) => each.entry.tampers.length === 0 && !borrowsIkePort(each));
      const complaints = honest
        .filter((each) => revocationListsIn(each).length === 0)
        .flatMap((each) =>
          complaintsOf(each)
            .filter((complaint) => !isMadeWrong(each, complaint))
            .map((complaint) => `${each.where}: ${complaint}`),
        );
      report(`${honest.length} honest frames: ${census(honest.map(({ frame }) => kindOf(frame)))}`);
      report(`${furtherKeyed.length} messages of IKE SAs with further keys, which it cannot open`);
      expect(complaints).to.deep.equal([]);
    });

    it('complains of a tampered frame as the tamper declares; what it believes to see inside a forgery counts for nothing', () => {
      const tampered = seen.filter(
        ({ entry, transcript }) => entry.tampers.length > 0 && !isForScapy(entry, transcript),
      );
      report(
        `${tampered.length} tampered frames: ${census(tampered.flatMap(({ entry }) => entry.tampers.map(({ name }) => name)))}`,
      );
      const surprises = tampered.flatMap((each) => {
        const declared = each.entry.tampers.flatMap(({ complaint }) => complaint ?? []);
        const complaints = complaintsOf(each);
        const isAsDeclared =
          declared.length === 0
            ? complaints.length === 0
            : complaints.some((complaint) => declared.includes(complaint) || complaint === GAVE_UP);
        return isAsDeclared ? [] : [`${each.where}: declared ${declared}, complains of ${complaints}`];
      });
      expect(surprises).to.deep.equal([]);
    });

    it('complains of what scenarios make wrong by hand, and of answers that quote it, as is said here', () => {
      const honest = seen.filter((each) => each.entry.tampers.length === 0);
      const made = Object.entries(madeWrong).flatMap(([scenario, complaints]) =>
        complaints.map((complaint) => ({ scenario, complaint })),
      );
      const unseen = made.filter(
        ({ scenario, complaint }) =>
          !honest.some(
            ({ transcript, frame }) => transcript.scenario === scenario && frame.complaints.includes(complaint),
          ),
      );
      report(`${made.length} kinds of lies by hand`);
      expect(unseen).to.deep.equal([]);
    });

    it('takes a revocation list in a CERT payload for a certificate, as whatever is in one; OpenSSL takes it for what it is', () => {
      const sending = seen.filter((each) => revocationListsIn(each).length > 0);
      const lists = new Set(sending.flatMap(revocationListsIn));
      report(`${sending.length} messages with ${lists.size} revocation lists`);
      expect(lists.size).to.be.greaterThan(2);
      for (const { where, frame } of sending)
        for (const complaint of frame.complaints) expect(complaint, where).to.match(/^BER/);
      for (const list of lists) {
        const argv = ['crl', '-inform', 'DER', '-noout', '-issuer'];
        const read = spawnSync('openssl', argv, { input: Buffer.from(list, 'hex'), encoding: 'utf8' });
        expect(read.stdout, read.stderr).to.equal('issuer=O = Touchstone, CN = Touchstone Lab CA\n');
      }
    });

    it('takes a datagram that only borrows the port of IKE for a malformed message', () => {
      const borrowing = seen.filter(borrowsIkePort);
      report(`${borrowing.length} datagrams from or to port 500`);
      for (const { where, frame } of borrowing) {
        expect(frame.complaints, where).to.deep.equal([GAVE_UP]);
      }
    });

    it('opens every ESP packet and every SK payload it has keys for, and finds their ICVs right', () => {
      const sealed = seen.filter(
        (each) => each.entry.tampers.length === 0 && !isForScapy(each.entry, each.transcript) && !borrowsIkePort(each),
      );
      const espPackets = sealed.filter(({ entry, frame }) => holds(entry, 'esp') || frame.protocols.includes('esp'));
      const messages = sealed.filter(
        ({ entry, frame }) => holdsSk(entry) || frame.ikePayloads.some((type) => type === SK || type === SKF),
      );
      report(`${espPackets.length} ESP packets, ${messages.length} messages with SK or SKF`);
      for (const each of espPackets) {
        const { where, frame, transcript } = each;
        const gaveUp = frame.complaints.includes(GAVE_UP) && isMadeWrong(each, GAVE_UP);
        if (gaveUp || hasSaWithoutIcv(transcript) || quotesEsp(each)) continue;
        const layers = frame.protocols.filter((protocol) => protocol === 'esp').length;
        expect(frame.protocols.at(-1), `${where}: inside ESP`).not.to.equal('esp');
        expect(layers, where).to.be.greaterThan(0);
        expect(frame.goodIcvs, `${where}: good ICVs`).to.equal(layers);
      }
      for (const { where, frame } of messages) expect(frame.openedSk, `${where}: SK`).to.equal(true);
      expect(espPackets).not.to.have.lengthOf(0);
      expect(messages).not.to.have.lengthOf(0);
    });

    it('notices one flipped bit in whatever is sealed', () => {
      for (const protocol of ['esp', 'ike'] as const) {
        const original = seen.find(
          ({ entry, transcript }) =>
            (protocol === 'esp' ? holds(entry, 'esp') : holdsSk(entry)) && !isForScapy(entry, transcript),
        )!;
        const folder = join(out, `flipped-${protocol}`);
        writeBundle(folder, bundleWith(original.transcript, original.entry, original.entry.octets.length - 1));
        const frames = seenByTshark([folder]).get(folder)!;
        expect(frames.flatMap(({ complaints }) => complaints)).to.include(
          protocol === 'esp' ? 'ESP ICV is incorrect' : 'IKEv2 Integrity Checksum Data is incorrect',
        );
      }
    });
  });

  describe('Scapy', () => {
    const orders: (Read & { readonly order: ScapyOrder })[] = [];

    before(function () {
      if (!hasScapy()) skipped(this, 'python3-scapy');
      for (const { name, transcript } of bundles) {
        const opening = new OpenedLog(transcript);
        for (const entry of transcript.entries) {
          if (entry.kind !== 'frame') continue;
          const read = { where: `${name} frame ${entry.number}`, entry, transcript, opening };
          const order =
            isForged(read) || borrowsIkePort(read)
              ? scapyOrder(transcript, entry, () => true)
              : scapyOrder(transcript, entry);
          if (order) orders.push({ ...read, order });
        }
      }
    });

    it('opens what Wireshark 4.0 has no spelling for, and what made tshark give up, to what was sealed; refuses what was forged', () => {
      const answers = openedByScapy(orders.map(({ order }) => order));
      const kinds = orders.map(({ order, entry }) => `${entry.tampers.length > 0 ? 'tampered ' : ''}${order.kind}`);
      report(`${orders.length} packets and messages: ${census(kinds)}`);
      for (const [i, { where, entry, opening, ...rest }] of orders.entries()) {
        const answer = answers[i]!;
        if (isForged({ where, entry, opening, ...rest })) expect(answer.refused, `${where}: forged`).to.equal('ICV');
        if (entry.tampers.length > 0) continue;
        expect(answer.refused, where).to.equal(undefined);
        // AH may be around it.
        const { buffers } = opening.frame(entry)!;
        const buffer = buffers.find(({ name }) => name.startsWith('esp ')) ?? buffers[0];
        expect(buffer?.firstProtocol, `${where}: next header`).to.equal(answer.nextHeader);
        expect(hex(buffer!.octets).startsWith(answer.payload!), `${where}: payload`).to.equal(true);
      }
      expect(new Set(kinds)).to.include.members(['esp', 'sk']);
    });

    it('notices one flipped bit in whatever is sealed', () => {
      const broken = (['esp', 'sk'] as const).map((kind) => {
        const { order } = orders.find((each) => each.order.kind === kind)!;
        const last = Number.parseInt(order.octets.slice(-2), 16) ^ 1;
        return { ...order, octets: order.octets.slice(0, -2) + last.toString(16).padStart(2, '0') };
      });
      expect(openedByScapy(broken).map(({ refused }) => refused)).to.deep.equal(['ICV', 'ICV']);
    });
  });
});

interface Read {
  /** Scenario, variant and frame. */
  readonly where: string;
  readonly entry: FrameEntry;
  readonly transcript: Transcript;
  readonly opening: OpenedLog;
}

interface Witnessed extends Read {
  readonly frame: TsharkFrame;
}

/**
 * All but that a routing header of type 0, which stands there for AH to cover, is none that anybody should send (RFC 5095), that a method of EAP does not
 * say whom one speaks with, that a key in a CERT payload (RFC 7670) is no certificate, that nobody (RFC 7619) has no name, what is seen behind an AH that
 * was tampered with, which hides nothing and which tshark does not verify, and what it makes of ESP that an error quotes.
 */
function complaintsOf({ entry, frame, opening }: Witnessed): readonly string[] {
  if (quotesEsp({ frame })) return [];
  const { layers } = decodeFrame(entry.octets);
  const headers = layers.flatMap(({ layer, value }) => (layer === 'ip' && value.version === 6 ? value.extensions : []));
  const hasAh = layers.some(({ layer }) => layer === 'ah') || headers.some(({ type }) => type === 'authentication');
  if (entry.tampers.length > 0 && hasAh) return [];
  const hasTypeZero = headers.some((header) => header.type === 'routing' && header.routingType === 0);
  const payloads = opening.frame(entry)?.ike?.payloads ?? [];
  const hasKey = payloads.some((payload) => payload.type === 'CERT' && keyEncodings.includes(payload.encoding));
  const isNobody = payloads.some(
    (payload) => (payload.type === 'IDi' || payload.type === 'IDr') && payload.data.length === 0,
  );
  return frame.complaints.filter(
    (complaint) =>
      !(hasTypeZero && complaint === 'Routing header type is deprecated') &&
      !(hasKey && complaint.startsWith('BER')) &&
      !(isNobody && complaint.endsWith(NO_OCTETS)) &&
      !complaint.startsWith(OF_EAP_MD5),
  );
}

/** An ICMP error that quotes ESP, cut short, which tshark opens as if it were whole. */
function quotesEsp({ frame: { protocols } }: Pick<Witnessed, 'frame'>): boolean {
  const error = protocols.findIndex((protocol) => protocol === 'icmp' || protocol === 'icmpv6');
  return error >= 0 && protocols.indexOf('esp', error) > error;
}

/** Changed after sealing, or sealed under another key. */
function isForged({ entry }: Read): boolean {
  return entry.tampers.some(({ complaint }) => complaint?.includes('ICV'));
}

function isForScapy(entry: FrameEntry, transcript: Transcript): boolean {
  return scapyOrder(transcript, entry) !== undefined;
}

/** Sealed under an IKE SA that had several keys in turn (RFC 9370 2.2.2): Wireshark 4.0 takes one set of keys for its SPIs. */
function hasFurtherKeys({ entry, transcript }: Read): boolean {
  if (!holdsSk(entry)) return false;
  const spis = transcript.entries.flatMap((each) =>
    each.kind === 'keys' && each.record.kind === 'ikev2' ? [each.record.initiatorSPI] : [],
  );
  const several = new Set(spis.filter((spi, place) => spis.indexOf(spi) !== place));
  return decodeFrame(entry.octets).layers.some(
    ({ layer, value }) => layer === 'ike' && several.has(hex(value.header.initiatorSPI)),
  );
}

/** Of a fragment it can only be guessed. */
function holds(entry: FrameEntry, name: 'esp' | 'ike'): boolean {
  const { layers } = decodeFrame(entry.octets);
  const isWhole = layers.every(({ layer, value }) => layer !== 'ip' || !isFragment(value));
  return isWhole && layers.some(({ layer }) => layer === name);
}

/** A probe of ours, and no IKE message: policies that select by port have to be asked with something. */
function borrowsIkePort({ entry, opening }: Read): boolean {
  const innermost = opening.frame(entry)!.packets.at(-1)?.packet;
  if (innermost?.protocol !== protocols.UDP || !toText(innermost.payload.subarray(8)).startsWith('touchstone '))
    return false;
  return [readU16(innermost.payload), readU16(innermost.payload, 2)].includes(ikePorts.IKE);
}

/** Hex. */
function revocationListsIn({ entry, opening }: Read): string[] {
  const payloads = opening.frame(entry)!.ike?.payloads ?? [];
  return payloads.flatMap((payload) =>
    payload.type === 'CERT' && payload.encoding === certificateEncodings['Certificate Revocation List (CRL)']
      ? [hex(payload.data)]
      : [],
  );
}

function holdsSk(entry: FrameEntry): boolean {
  return decodeFrame(entry.octets).layers.some(
    ({ layer, value }) => layer === 'ike' && value.payloads.some(({ type }) => type === 'SK' || type === 'SKF'),
  );
}

/** The transcript with one octet of one frame changed. */
function bundleWith(transcript: Transcript, changed: FrameEntry, offset: number) {
  const octets = changed.octets.with(offset, changed.octets[offset]! ^ 1);
  const entries = transcript.entries.map((entry) => (entry === changed ? { ...changed, octets } : entry));
  const product = { name: 'reference', version: '0', runtime: 'memory', kernel: 'none' };
  return {
    run: { touchstone: '0', seed: '1', startedAt: '2026-01-01T00:00:00.000Z', product },
    transcript: { ...transcript, entries },
    cases: [],
    log: '',
  };
}

function kindOf({ protocols }: TsharkFrame): string {
  return protocols
    .filter(
      (protocol) =>
        !['eth', 'ethertype', 'data'].includes(protocol) && !protocol.startsWith('x509') && protocol !== 'pkcs-1',
    )
    .join(' ');
}

function census(kinds: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ') || 'none';
}

function report(line: string): void {
  console.log(`      ${line}`);
}

function skipped(context: Mocha.Context, program: string): never {
  console.log(`      (skipped: no ${program})`);
  return context.skip();
}

/** Raw public keys, and what a tester makes of them. */
const keyEncodings: readonly number[] = [certificateEncodings['Raw Public Key'], 250];
/** Wireshark 4.0 takes it for granted that an identity has some. */
const NO_OCTETS = 'failed assertion "len > 0"';
const OF_EAP_MD5 = 'Vulnerable to MITM attacks';
const SK = 46;
const SKF = 53;

/** ESP that does not authenticate has no ICV that could be good (RFC 4303 3.2.2). */
function hasSaWithoutIcv({ entries }: Transcript): boolean {
  return entries.some(
    (entry) =>
      entry.kind === 'keys' &&
      entry.record.kind === 'esp' &&
      entry.record.integrity === undefined &&
      !combinedModes.has(entry.record.encryption.id),
  );
}

/** IANA numbers of AES-GCM, AES-GMAC and ChaCha20-Poly1305, whose ICV is their own. */
const combinedModes: ReadonlySet<number> = new Set([18, 19, 20, 21, 28]);

function isMadeWrong({ transcript }: Witnessed, complaint: string): boolean {
  return madeWrong[transcript.scenario]?.includes(complaint) ?? false;
}
