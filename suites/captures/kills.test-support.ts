/**
 * The kill matrix of the questions on captures: a scenario of the suites, played in memory by the reference or by a mutant of it, whose log is then judged as if its frames
 * and keys were a stranger's. What each question comes to of the node under test is what a table declares.
 */

import type { Transcript } from '../../harness/capture/transcript.ts';
import { ObservedConversations } from '../../harness/judge/observed/observed-conversations.ts';
import type { Observer, SeenIke, SeenPacket, SeenProtection } from '../../harness/judge/sightings.ts';
import { referenceWith } from '../../harness/products/reference.ts';
import { CaptureVerdicts } from '../../harness/run/capture-verdicts.ts';
import { execute } from '../../harness/run/execution.ts';
import { noFailure } from '../../harness/run/expectation.ts';
import { judgedLog } from '../../harness/run/judged-capture.ts';
import { type PlannedRun, plan } from '../../harness/run/plan.ts';
import type { CaseResult } from '../../harness/run/result.ts';
import { memorySite } from '../../harness/run/site.ts';
import type { NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { nodeRules } from '../../reference/host/host.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { suites } from '../suites.ts';
import { captureQuestions } from './questions.ts';

/** What a run of this case's scenario recorded. */
export async function played(glob: string, mutant?: NodeMutant): Promise<Transcript> {
  const [run] = plan(suites, { glob });
  if (!run) throw new Error(`no case is ${glob}`);
  return playedBy(run, mutant);
}

export async function playedBy(run: PlannedRun, mutant?: NodeMutant): Promise<Transcript> {
  const site = memorySite(referenceWith(mutant?.apply(nodeRules)));
  return (await execute(run, site, 'captures')).transcript;
}

export function addressesOfNut({ intent: { parties } }: Transcript): ReadonlySet<string> {
  const { nut } = parties;
  return new Set(nut?.interfaces.flatMap(({ addresses }) => addresses.map((each) => each.split('/')[0]!)));
}

/** Where two products meet, a case is about both. */
export function addressesOfTested({ intent: { parties }, cast }: Transcript): ReadonlySet<string> {
  const tested = Object.entries(parties).filter(([party]) => cast[party] === 'tested');
  return new Set(
    tested.flatMap(([, { interfaces }]) =>
      interfaces.flatMap(({ addresses }) => addresses.map((each) => each.split('/')[0]!)),
    ),
  );
}

/** The cases that are about the node under test. */
export function casesOfNut(transcript: Transcript): readonly CaseResult[] {
  const own = addressesOfNut(transcript);
  return judgedAsCapture(transcript).filter(({ dimensions: { from, by } }) => own.has(by ?? from ?? ''));
}

export function judgedAsCapture(transcript: Transcript): readonly CaseResult[] {
  return judgedLog(transcript, { name: 'log', questions: captureQuestions, expectation: noFailure() }).cases;
}

/** Each once, in alphabetical order. */
export function outcomesOf(cases: readonly CaseResult[], id: string, asked?: string): readonly string[] {
  const ofQuestion = cases.filter((each) => each.id === id && each.dimensions.asked === asked);
  return [...new Set(ofQuestion.map(({ outcome }) => outcome))].sort();
}

/** What the questions come to where exactly this goes by. */
export function judgedAsSeen(tells: (observer: Observer) => void): readonly CaseResult[] {
  const verdicts = new CaptureVerdicts(captureQuestions, 'made', noFailure());
  const conversations = new ObservedConversations((ended) => verdicts.take(ended));
  tells(conversations);
  conversations.end();
  return verdicts.cases;
}

/** A datagram between these ports, in clear or within an SA; or the first octets of another protocol that has ports. */
export function datagram(
  number: number,
  ports: readonly [from: number, to: number],
  within?: SeenProtection,
  { protocol = protocols.UDP, destination = '192.0.2.2' }: Partial<Pick<SeenPacket, 'protocol' | 'destination'>> = {},
): SeenPacket {
  const payload = new Uint8Array(12);
  new DataView(payload.buffer).setUint16(0, ports[0]);
  new DataView(payload.buffer).setUint16(2, ports[1]);
  new DataView(payload.buffer).setUint32(8, number);
  const ends = { source: '192.0.2.1', destination };
  return { number, time: number / 10, ...ends, protocol, payload, whole: undefined, within };
}

export function protection(number: number): SeenProtection {
  return {
    number,
    time: number / 10,
    protocol: 'ESP',
    spi: 0x1001,
    sequenceNumber: number,
    source: '192.0.2.1',
    destination: '192.0.2.2',
    encapsulated: false,
    state: 'opened',
    octets: Uint8Array.from({ length: 40 }, (_, i) => i ^ number),
  };
}

export interface MadeIke {
  readonly from: readonly [address: string, port: number];
  readonly to: readonly [address: string, port: number];
  readonly response?: boolean;
  readonly messageId?: number;
}

/** A message of IKE that no key opens; requests are those of its initiator. */
export function ikeMessage(number: number, { from, to, response = false, messageId = 2 }: MadeIke): SeenIke {
  const payload = new Uint8Array(40);
  new DataView(payload.buffer).setUint16(0, from[1]);
  new DataView(payload.buffer).setUint16(2, to[1]);
  const header = {
    initiatorSPI: new Uint8Array(8).fill(1),
    responderSPI: new Uint8Array(8).fill(2),
    exchangeType: exchangeTypes.INFORMATIONAL,
    flags: { initiator: !response, response },
    messageId,
  };
  const carrier = { version: 4, source: from[0], destination: to[0], protocol: protocols.UDP, payload };
  return {
    number,
    time: number / 10,
    ike: { message: { header }, carrier, octets: payload, state: 'no-key' } as never,
  };
}
