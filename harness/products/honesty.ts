/**
 * Whether a node under test tells the truth before a campaign believes it: a verb that does not exist is refused, a node told nothing
 * has no SA, and a wrong credential fails. The last one needs a peer, so the campaign brings it.
 */
import type { NodeConfiguration, NodeUnderTest } from '../lab/node.ts';

/** A node that can be asked for what does not exist, over every channel that leads to it. */
export interface QuestionedNode extends NodeUnderTest {
  /** What each channel answered to nonsense, and whether that was a refusal. */
  askedNonsense(): Promise<readonly { readonly channel: string; readonly refused: boolean; readonly says: string }[]>;
}

export interface HonestyProbe {
  readonly name: string;
  readonly held: boolean;
  /** What was seen. */
  readonly says: string;
}

export interface HonestyCampaign {
  readonly node: QuestionedNode;
  /** Its place in the topology, without any policy. */
  readonly empty: NodeConfiguration;
  /** Plays a case whose credential is wrong; `established` is what must not come about. */
  wrongCredential?(): Promise<{ readonly established: boolean; readonly says: string }>;
}

/** In order; none stops the others. A fault of the harness is a fault here too. */
export async function honestyProbes({ node, empty, wrongCredential }: HonestyCampaign): Promise<HonestyProbe[]> {
  const nonsense = (await node.askedNonsense()).map(({ channel, refused, says }) => ({
    name: `unknown-verb/${channel}`,
    held: refused,
    says,
  }));
  const probes = [...nonsense, await emptyConfiguration(node, { ...empty, spd: [], manual: [], ike: [] })];
  if (!wrongCredential) return probes;
  const { established, says } = await wrongCredential();
  return [...probes, { name: 'wrong-credential', held: !established, says }];
}

async function emptyConfiguration(node: NodeUnderTest, empty: NodeConfiguration): Promise<HonestyProbe> {
  await node.configure(empty);
  const reply = await node.perform({ kind: 'initiate', connection: 'nobody', child: 'nothing' });
  const { ikeSas, sad, spd, delivered } = await node.state();
  const left = { ikeSas: ikeSas.length, sad: sad.length, spd: spd.length, delivered: delivered.length };
  return {
    name: 'empty-configuration',
    held: !reply.accepted && Object.values(left).every((count) => count === 0),
    says: `${JSON.stringify(left)}; initiate: ${reply.says}`,
  };
}
