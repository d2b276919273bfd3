/** The items of one capture, one after another, to cases: opened with what keys there are, followed, and judged, in one pass and with bounded memory. */
import { KeyLookup } from '../capture/keys/key-lookup.ts';
import type { FoundKeys } from '../capture/keys/read-keys.ts';
import type { CaptureItem } from '../capture/strangers/items.ts';
import { type CaptureCount, type StrangerPacket, StrangerPackets } from '../capture/strangers/packets.ts';
import { ObservedConversations } from '../judge/observed/observed-conversations.ts';
import { KeysOnTheWay } from '../judge/strangers/keys-on-the-way.ts';
import { type FirstOpened, PacketWalk } from '../judge/strangers/packet-walk.ts';
import type { PlaintextAhead } from '../judge/strangers/plaintext-ahead.ts';
import { StrangersOpening } from '../judge/strangers/strangers-opening.ts';
import type { AnyCaptureQuestion } from '../vocabulary/capture-question.ts';
import { CaptureVerdicts } from './capture-verdicts.ts';
import type { Expectation } from './expectation.ts';
import type { CaseResult } from './result.ts';

export interface Judging {
  /** What the cases are said to be of. */
  readonly name: string;
  readonly keys: Pick<FoundKeys, 'keys' | 'secrets'>;
  readonly questions: readonly AnyCaptureQuestion[];
  readonly expectation: Expectation;
}

export interface JudgedCapture {
  readonly cases: readonly CaseResult[];
  readonly count: CaptureCount;
  /** What is not judged, and what was lost, for people. */
  readonly remarks: readonly string[];
}

export class CaptureJudge {
  readonly #packets = new StrangerPackets();
  readonly #verdicts: CaptureVerdicts;
  readonly #conversations: ObservedConversations;
  readonly #onTheWay: KeysOnTheWay;
  readonly #walk: PacketWalk;

  constructor({ name, keys, questions, expectation }: Judging) {
    const lookup = new KeyLookup(keys.keys);
    this.#verdicts = new CaptureVerdicts(questions, name, expectation);
    this.#conversations = new ObservedConversations((ended) => this.#verdicts.take(ended));
    this.#onTheWay = new KeysOnTheWay(keys.secrets, lookup);
    const ikeKeys = {
      ike: (initiatorSPI: string, responderSPI: string) =>
        lookup.ikeKeysFor(initiatorSPI, responderSPI).map(({ key }) => key),
    };
    const hears = this.#onTheWay.heard.bind(this.#onTheWay);
    this.#walk = new PacketWalk({ opening: new StrangersOpening(lookup), ikeKeys, hears }, this.#conversations);
  }

  take(item: CaptureItem): void {
    const packet = this.reads(item);
    if (packet) this.walks(packet);
  }

  /** The first half of taking an item: the packet in it, which is still to be walked. */
  reads(item: CaptureItem): StrangerPacket | undefined {
    return this.#packets.take(item);
  }

  /** In the order in which they were read. */
  walks(packet: StrangerPacket, ahead?: PlaintextAhead): void {
    this.#walk.take(packet, ahead);
  }

  /** What walking it will open first. */
  opensFirst(packet: StrangerPacket): FirstOpened | undefined {
    return this.#walk.outermost(packet);
  }

  end(): JudgedCapture {
    this.#conversations.end();
    return {
      cases: this.#verdicts.cases,
      count: this.#packets.count,
      remarks: [this.#packets, this.#onTheWay, this.#conversations, this.#verdicts].flatMap((each) => each.remarks()),
    };
  }
}
