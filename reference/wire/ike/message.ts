/**
 * The IKE message: header (`header.ts`) and payloads (`payload-chain.ts`), RFC 7296 section 3. The payloads of
 * another major version are not read, because their numbers mean something else: they stay in `trailer`, so that the
 * header can still be answered.
 */
import { surplus } from '../fields.ts';
import { nested } from '../groups.ts';
import { type Part, structure, type ValueOf } from '../kernel.ts';
import { writeNumber } from '../writer.ts';
import { type IkeHeader, ikeHeader } from './header.ts';
import { type Payload, payloadTypeOf, readPayloads, writePayloads } from './payload-chain.ts';
import { payloadTypes } from './registry.ts';

/** `trailer`: octets after the last payload, or everything after the header where the major version is not 2. */
export type IkeMessage = ValueOf<typeof ikeMessage>;

const lengthOffset = 24;

const header: Part<{ readonly header: IkeHeader; readonly payloads: readonly Payload[] }> = {
  read(reader, into) {
    const start = reader.offset;
    nested('header', ikeHeader).read(reader, into);
    const { length } = into.header as { length: number };
    const actual = reader.end - start;
    if (length !== actual) reader.remark(`Length says ${length}, there are ${actual} octets`);
  },
  write(writer, value) {
    const first = value.payloads[0] ? payloadTypeOf(value.payloads[0]) : payloadTypes.NONE;
    ikeHeader.write(writer, { ...value.header, nextPayload: value.header.nextPayload ?? first });
  },
  settle(octets, at, value) {
    if (value.header.length === undefined) writeNumber(octets, at + lengthOffset, octets.length, 4);
  },
};

const payloads: Part<{ readonly payloads: readonly Payload[] }> = {
  read(reader, into) {
    const { majorVersion, nextPayload } = into.header as { majorVersion: number; nextPayload: number };
    into.payloads = majorVersion === 2 ? readPayloads(reader, nextPayload) : [];
  },
  write(writer, value) {
    writePayloads(writer, value.payloads);
  },
};

export const ikeMessage = structure(
  'ike',
  'Internet Key Exchange',
  [header, payloads, surplus('trailer', 'Octets after the last payload')],
  ({ header, payloads }) => `message ${header.messageId}: HDR${payloads.map(({ type }) => `, ${type}`).join('')}`,
);
