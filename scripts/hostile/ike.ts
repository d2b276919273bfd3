/** What messages of IKE make a node do: payloads, proposals, selectors, SPIs, first requests. */
import { calendarSecondsAt } from '../../reference/certificates/calendar.ts';
import { parseCertificate } from '../../reference/certificates/certificate.ts';
import { certificateFromRecipe } from '../../reference/certificates/issuing.ts';
import { revocationListFromRecipe } from '../../reference/certificates/issuing-lists.ts';
import { validatePath } from '../../reference/certificates/path-validation.ts';
import type { CertificateRecipe } from '../../reference/certificates/recipe.ts';
import { parseRevocationList } from '../../reference/certificates/revocation-list.ts';
import { ikev2Bounds } from '../../reference/ikev2/bounds.ts';
import { Conversation, connection, fastIke, netChild } from '../../reference/ikev2/conversation.test-support.ts';
import { Ikev2 } from '../../reference/ikev2/ikev2.ts';
import type { Path } from '../../reference/ikev2/interface.ts';
import { changed, lying } from '../../reference/ikev2/rule-conversation.test-support.ts';
import { dissectFrame } from '../../reference/wire/frame.ts';
import { ikeMessage } from '../../reference/wire/ike/message.ts';
import type { Payload } from '../../reference/wire/ike/payload-chain.ts';
import { u32 } from '../../reference/wire/octets.ts';
import { type HostileRow, inProportion, within } from './row.ts';

export const ikeRows: readonly HostileRow[] = [
  ...[40, 120].map((count) =>
    within('certificates of one name that sign one another', `${count} certificates`, 50, () => {
      const octets = circleOf(count).slice(0, ikev2Bounds.certificates);
      const anchor = parseCertificate(
        certificateFromRecipe({ subject: 'CN=Root', key: 'rsaAuthority', authority: {} }),
      )!;
      return () => {
        const [first, ...others] = octets.map((der) => parseCertificate(der)!);
        const validation = validatePath(first!, { others, anchors: [anchor] }, calendarSecondsAt(0));
        if (validation.valid) throw new Error('a circle leads nowhere');
      };
    }),
  ),
  within('a certificate of nothing but names, below nothing but constraints', '2,000 by 2,000', 50, () => {
    const names = Array.from({ length: 2000 }, (_, i) => ({ dNSName: `${i}.example` }));
    const root: CertificateRecipe = { subject: 'CN=Root', key: 'ecdsaAuthority', authority: {} };
    const issuer: CertificateRecipe = {
      subject: `CN=${++issued}`,
      key: 'intermediateAuthority',
      issuer: root,
      authority: {},
      nameConstraints: { permitted: names },
    };
    const path = [{ subject: 'CN=end', key: 'p256One', issuer, altNames: names }, issuer, root];
    const [end, ...others] = path.map((recipe) => parseCertificate(certificateFromRecipe(recipe))!);
    return () => {
      const validation = validatePath(end!, { others, anchors: others.slice(-1) }, calendarSecondsAt(0));
      if (validation.valid || validation.failed !== 'nameComparisons') throw new Error('they were all compared');
    };
  }),
  within('certificates with names of a thousand attributes', '2 of 25 kB', 50, () => {
    const names = Array.from({ length: 1000 }, (_, i) => `CN=${i}`);
    const issuer = { subject: names.join('+'), key: 'ecdsaAuthority', authority: {}, serial: ++issued };
    const recipes: CertificateRecipe[] = [{ subject: names.toReversed().join('+'), key: 'p256One', issuer }, issuer];
    const [end, other] = recipes.map((recipe) => parseCertificate(certificateFromRecipe(recipe))!);
    return () => {
      const validation = validatePath(end!, { others: [other!], anchors: [] }, calendarSecondsAt(0));
      if (validation.valid) throw new Error('nobody is trusted');
    };
  }),
  within('one long name below thousands of constraints', '4,200 by 30 kB', 50, () => {
    const root: CertificateRecipe = { subject: 'CN=Root', key: 'ecdsaAuthority', authority: {} };
    const excluded = Array.from({ length: 4200 }, (_, i) => ({ rfc822Name: `${i}.example` }));
    const issuer: CertificateRecipe = {
      subject: `CN=${++issued}`,
      key: 'intermediateAuthority',
      issuer: root,
      authority: {},
      nameConstraints: { excluded },
    };
    const altNames = [{ rfc822Name: `${'a'.repeat(30_000)}@b.example` }];
    const path = [{ subject: 'CN=end', key: 'p256One', issuer, altNames }, issuer, root];
    const [end, ...others] = path.map((recipe) => parseCertificate(certificateFromRecipe(recipe))!);
    return () => {
      const validation = validatePath(end!, { others, anchors: others.slice(-1) }, calendarSecondsAt(0));
      if (validation.valid || validation.failed !== 'nameComparisons') throw new Error('they were all compared');
    };
  }),
  within('a revocation list as long as a message', '1,300 certificates', 150, () => {
    const issuer: CertificateRecipe = { subject: 'CN=Root', key: 'ecdsaAuthority', authority: {} };
    const revoked = Array.from({ length: 1300 }, () => ({ subject: 'CN=x', key: 'p256One', issuer, serial: ++issued }));
    const octets = revocationListFromRecipe({ issuer, revoked });
    return () => {
      if (parseRevocationList(octets)?.revoked.size !== revoked.length) throw new Error('entries are lost');
    };
  }),
  within('a first request of nothing but payloads', '16,000 payloads', 100, () => {
    const nothing: Payload = { type: 'V', data: new Uint8Array() };
    const octets = firstRequest((payloads) => [...payloads, ...Array<Payload>(16_000).fill(nothing)]);
    const responder = responding();
    return () => responder.step(0, { kind: 'datagram', path: pathFrom('10.9.0.1'), octets });
  }),
  within('the same, dissected', '16,000 payloads', 500, () => {
    const nothing: Payload = { type: 'V', data: new Uint8Array() };
    const octets = firstRequest((payloads) => [...payloads, ...Array<Payload>(16_000).fill(nothing)]);
    return () => ikeMessage.dissect(octets);
  }),
  within('a first request that proposes what nobody has', '255 proposals against 16', 100, () => {
    const octets = firstRequest((payloads) =>
      payloads.map((one) =>
        one.type === 'SA'
          ? { ...one, proposals: Array.from({ length: 255 }, () => ({ ...one.proposals[0]!, transforms: strange })) }
          : one,
      ),
    );
    const proposals = Array(16).fill({
      ...fastIke,
      keyExchangeMethods: [14, 19, 20, 31],
      pseudorandomFunctions: [2, 5, 6, 7],
    });
    const responder = responding({ proposals });
    return () => responder.step(0, { kind: 'datagram', path: pathFrom('10.9.0.1'), octets });
  }),
  within('an offer of selectors that overlap', '255 on each side, 16 children', 500, () => {
    const overlapping = (net: number) =>
      Array.from({ length: 255 }, (_, i) => ({
        tsType: 7,
        protocolId: 0,
        startAddress: `10.${net}.0.${i}`,
        endAddress: `10.${net}.255.${i}`,
        startPort: i,
        endPort: 60_000 + i,
      }));
    const offered = changed('TSi', (TSi) => ({ ...TSi, selectors: overlapping(2) }));
    const wanted = changed('TSr', (TSr) => ({ ...TSr, selectors: overlapping(1) }));
    const lie = lying('IKE_AUTH', (message) => offered(wanted(message)));
    const ports = [
      [0, 20_000],
      [15_000, 40_000],
      [30_000, 50_000],
      [45_000, 65_535],
    ] as const;
    // All but the last grant nothing, and all of one side has to be narrowed to know.
    const children = Array.from({ length: 16 }, (_, i) => ({
      ...netChild.responder,
      name: `net ${i}`,
      local: ports.map((range) => ({ addresses: '10.1.0.0/16', ports: range })),
      remote: ports.map((range) => ({ addresses: i < 15 ? '10.77.0.0/16' : '10.2.0.0/16', ports: range })),
    }));
    const talk = new Conversation(lie, { connections: [connection('responder', { children })] });
    return () => talk.initiate();
  }),
  within('a Delete of SPIs, most of them of nobody', '1,024 SPIs, 64 children', 100, () => {
    const spis = Array.from({ length: 1024 }, (_, i) => u32(i));
    const talk = new Conversation(
      lying('INFORMATIONAL', (message) => ({ ...message, payloads: [{ type: 'D', protocolId: 3, spis }] })),
    );
    for (let child = 0; child < 64; child++) talk.initiate();
    return () => talk.command('initiator', { kind: 'liveness', connection: 'peer' });
  }),
  inProportion('first requests of as many addresses', [200, 2000], 'requests', (size) => {
    const responder = responding();
    const first = firstRequest((payloads) => payloads);
    const requests = Array.from({ length: size }, (_, i) =>
      first
        .slice()
        .fill(i >> 8, 0, 1)
        .fill(i & 255, 1, 2),
    );
    return () =>
      requests.map((octets, i) =>
        responder.step(0, { kind: 'datagram', path: pathFrom(`10.9.${i >> 8}.${i & 255}`), octets }),
      );
  }),
  within('octets that are no message, dissected', '64 KiB of 0xff', 50, () => {
    const octets = new Uint8Array(65_535).fill(0xff);
    return () => [ikeMessage.dissect(octets), dissectFrame(octets)];
  }),
];

/** What everybody has, but for the group. */
const strange = [
  { type: 1, id: 20, keyLength: 128 },
  { type: 2, id: 5 },
  { type: 4, id: 40_000 },
];

/** As an initiator sends it, changed. */
function firstRequest(change: (payloads: readonly Payload[]) => readonly Payload[]): Uint8Array {
  const talk = new Conversation(
    lying('IKE_SA_INIT', (message) => ({ ...message, payloads: change(message.payloads) })),
  );
  talk.wire = () => [];
  talk.initiate();
  return talk.datagrams[0]!.octets;
}

/** A responder that takes anybody and asks for no cookie. */
function responding(change: Parameters<typeof connection>[1] = {}): Ikev2 {
  let drawn = 0;
  return new Ikev2({
    connections: [connection('responder', { remoteAddresses: ['any'], ...change })],
    env: { octets: (_purpose, length) => new Uint8Array(length).fill(1 + (drawn++ % 255)).with(0, drawn & 255) },
    settings: { halfOpenThreshold: Number.POSITIVE_INFINITY, provider: 'node' },
  });
}

function pathFrom(remoteAddress: string): Path {
  return { localAddress: '192.0.2.1', localPort: 500, remoteAddress, remotePort: 500 };
}

/** Each issued by its own name and key, and so by all the others. */
function circleOf(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, () =>
    certificateFromRecipe({ subject: 'CN=circle', key: 'p256One', authority: {}, serial: ++issued }),
  );
}

/** Nothing is known of a certificate that was never seen. */
let issued = 0;
