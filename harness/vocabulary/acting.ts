/**
 * How a verb acts: the mark comes before the deed, so that whatever follows from it stands after it in the log; then it waits for what a
 * question will later look for, with the same account that will answer it.
 */
import type { PolicyIntent, Transcript } from '../capture/transcript.ts';
import { Account } from '../judge/account.ts';
import { jsonOf, type Lab } from '../lab/lab.ts';
import type { HostCommand, NodeCommand, NodeUnderTest } from '../lab/node.ts';
import type { TestingNode } from '../peers/testing-node.ts';
import type { Patience } from './verbs.ts';

/** Who plays, where, and what they were told. */
export interface Cast {
  readonly lab: Lab;
  readonly intent: PolicyIntent;
  readonly testingNode: TestingNode;
  readonly nodeUnderTest: NodeUnderTest;
  readonly scenario: Pick<Transcript, 'scenario' | 'variant' | 'dimensions'>;
}

/** What is waited for, and for how many milliseconds of lab time; nothing where a stimulus may go unanswered. */
export type Wait = { readonly until: () => boolean; readonly within: number } | undefined;

export class Acting {
  readonly #cast: Cast;
  readonly #account: Account;

  constructor(cast: Cast) {
    this.#cast = cast;
    this.#account = new Account({ ...cast.scenario, intent: cast.intent, entries: cast.lab.entries });
  }

  async tnDoes(name: string, command: HostCommand, wait?: Wait): Promise<void> {
    const { lab, testingNode } = this.#cast;
    lab.mark(name, 'tn', { kind: 'command', command: jsonOf(command) });
    testingNode.perform(command);
    if (wait) await lab.until(wait.until, wait);
  }

  /** What the node refuses to do is not waited for. */
  async nutDoes(name: string, command: NodeCommand, wait?: Wait): Promise<void> {
    const { lab, nodeUnderTest } = this.#cast;
    lab.mark(name, 'nut', { kind: 'command', command: jsonOf(command) });
    const { accepted, says } = await nodeUnderTest.perform(command);
    lab.note('nut', `${command.kind}: ${accepted ? 'accepted' : 'refused'}${says ? `: ${says}` : ''}`);
    if (wait && accepted) await lab.until(wait.until, wait);
  }

  /** The other side's answer to the probe of this moment. */
  answered(name: string, options: Patience): Wait {
    return this.#unlessRefused(options, () => this.#account.answered(name) !== undefined);
  }

  /** The probe on the wire. */
  sent(name: string, options: Patience): Wait {
    return this.#unlessRefused(options, () => this.#account.sent(name) !== undefined);
  }

  /** The answer to a question for life. */
  informed(name: string, options: Patience): Wait {
    return this.#unlessRefused(options, () => this.#account.informed(name) !== undefined);
  }

  /** The exchange is over on the wire, and the tester has heard of it: its SAs stand, or are gone. */
  settled(name: string, within: number = patience.ike): Wait {
    const { testingNode } = this.#cast;
    const until = () => {
      const since = this.#account.mark(name)!.place;
      const heard = testingNode.events.some(
        ({ place, event }) => place > since && (event.kind === 'child' || event.kind === 'ike'),
      );
      return heard && this.#account.ikeSettled(name) !== undefined;
    };
    return { until, within };
  }

  #unlessRefused({ awaited, unlessRefused }: Patience, shown: () => boolean): Wait {
    if (awaited === false) return undefined;
    const isRefused = () => unlessRefused !== undefined && this.#account.ikeRefused(unlessRefused, 'nut') !== undefined;
    return { until: () => shown() || isRefused(), within: patience.packet };
  }
}

/** Lab milliseconds that a wait for an expected answer may take: far above every round trip seen, far below a person's patience. */
export const patience = { packet: 1_500, ike: 10_000, settle: 500 } as const;
