/**
 * Whether what protected a packet is what its ends were told: the protocol and the mode of a child of each, and a suite that each proposes for it. Of the suite the keys tell,
 * as a kernel prints them: the transforms, and of a cipher with keys of several lengths which (RFC 7296 3.3.5). What nobody told keys for is not told either.
 */

import type { NodeConfiguration } from '../../reference/host/configuration.ts';
import { encryptionTransform } from '../../reference/transforms/encryption.ts';
import type { KeyRecord, PolicyIntent, Transcript } from '../capture/transcript.ts';
import type { OpenedEspHeader } from './opened-frame.ts';

export function isProtectionTold(
  { protocol, mode, spi, encapsulated }: Pick<OpenedEspHeader, 'protocol' | 'mode' | 'spi' | 'encapsulated'>,
  { intent, entries }: Pick<Transcript, 'intent' | 'entries'>,
): boolean {
  const records = entries.flatMap((entry) => (entry.kind === 'keys' && isOf(entry.record, spi) ? [entry.record] : []));
  if (isTranslated(intent) && !encapsulated) return false;
  return partiesWithChildren(intent).every((party) =>
    childrenOf(party).some(
      (child) =>
        (child.protocol ?? 'ESP') === protocol &&
        child.mode === mode &&
        records.some((record) => child.proposals.some((proposal) => isSuiteOf(record, proposal))),
    ),
  );
}

/** Where a NAT stands between them ESP goes in UDP (RFC 7296 2.23). */
const isTranslated = ({ others = [] }: PolicyIntent): boolean =>
  others.some(({ translations = [] }) => translations.length > 0);

type ChildKeyRecord = Exclude<KeyRecord, { readonly kind: 'ikev2' }>;
type Proposal = NodeConfiguration['ike'][number]['children'][number]['proposals'][number];

const isOf = (record: KeyRecord, spi: number): record is ChildKeyRecord =>
  record.kind !== 'ikev2' && record.spi === spi;

const partiesWithChildren = ({ parties }: PolicyIntent): readonly NodeConfiguration[] =>
  Object.values(parties).filter((party) => childrenOf(party).length > 0);

const childrenOf = ({ ike }: NodeConfiguration) => ike.flatMap(({ children }) => children);

function isSuiteOf(record: ChildKeyRecord, { encryption, integrity }: Proposal): boolean {
  const { id: hash } = record.integrity ?? { id: NONE };
  const hashes = integrity.length === 0 ? [NONE] : integrity;
  if (record.kind === 'ah') return hashes.includes(hash);
  const { id, key } = record.encryption;
  return (
    hashes.includes(hash) &&
    encryption.some((each) => {
      const transform = each.id === id ? encryptionTransform(id, each.keyLength) : undefined;
      return transform !== undefined && transform.keyOctets + transform.saltOctets === key.length / 2;
    })
  );
}

/** RFC 7296 3.3.2: no integrity beside an AEAD. */
const NONE = 0;
