/**
 * The product `openiked`: Debian's iked on the guest's own kernel, IKEv2 by iked.conf(5). The kernel's side of its state is read as for `linux/`, the
 * rest from `ikectl show sa`.
 */
import { labMaterial } from '../../lab/material.ts';
import type { CommandReply, NodeCommand, NodeState } from '../../lab/node.ts';
import { isSame } from '../authentication-material.ts';
import type { Told } from '../kit/daemon-process.ts';
import type { Daemon, DaemonAdapter } from '../kit/guest-product.ts';
import { openikedDefects } from './defects.ts';
import { Iked } from './iked.ts';
import { printed } from './print.ts';
import { connectionOf, type OpenikedRendering, type Policy, render } from './render.ts';
import { ikeSasOf, inboundSpis, outboundSas, peerIdentities } from './state.ts';
import { unsupported } from './unsupported.ts';

export const openiked: DaemonAdapter<OpenikedRendering> = {
  defects: openikedDefects,
  unsupported,
  render,
  printed,
  starts: async (console) => daemonOf(await Iked.started(console, labMaterial)),
};

function daemonOf(iked: Iked): Daemon<OpenikedRendering> {
  return {
    version: iked.version,
    empties: () => iked.empties(),
    loads: (rendering) => iked.loads(rendering),
    perform: (command) => performed(iked, command),
    caughtUp: () => iked.caughtUp(),
    installed: async () => inboundSpis(await iked.showsSas()),
    completed: (kernel) => completed(kernel, iked),
    askedNonsense: async () => {
      const { done, says } = await iked.ikectl('no-such-command');
      return { channel: 'ikectl', refused: !done, says };
    },
    log: () => iked.log(),
  };
}

async function completed(kernel: NodeState, iked: Iked): Promise<NodeState> {
  const text = await iked.showsSas();
  const connections = [...new Set(iked.rendering.policies.map(({ name }) => connectionOf(name)))];
  return { ...kernel, ikeSas: ikeSasOf(text, connections) };
}

/** Undefined for what is no command to iked. An initiation is awaited, so that the SAs are installed before the peer uses them. */
function performed(iked: Iked, command: NodeCommand): Promise<CommandReply> | undefined {
  switch (command.kind) {
    case 'initiate':
      return initiated(iked, command);
    case 'close':
      return closed(iked);
    case 'rekey-child':
      return expired(iked, false);
    case 'close-child':
      return expired(iked, true);
    case 'rekey-ike':
      return Promise.resolve(unsupportedCommand('ikectl(8) has no command that rekeys an IKE SA'));
    default:
      return undefined;
  }
}

/** Each policy is an IKE SA of its own, which brings the child along: an exchange that is only to be begun would be none of the IKE SA that there is. */
async function initiated(
  iked: Iked,
  { connection, child, begun }: Extract<NodeCommand, { kind: 'initiate' }>,
): Promise<CommandReply> {
  const all = iked.rendering.policies.filter(({ name, peer }) => connectionOf(name) === connection && peer !== 'any');
  const policy = all.find((each) => each.child === child);
  const isAlone = !all.some((each) => each !== policy && isSame(selectorsOf(each), selectorsOf(policy)));
  if (begun && all.length > 1 && isAlone && ikeSasOf(await iked.showsSas(), [connection]).length > 0)
    return unsupportedCommand('iked: a child of other flows is of another policy, with an IKE SA of its own');
  if (iked.rendering.policies.length > ACTIVATIONS)
    return unsupportedCommand(
      `iked.h: IKED_INITIATOR_INITIAL is 2: so many seconds for each of ${iked.rendering.policies.length} policies`,
    );
  if (!policy) return unsupportedCommand(`iked.conf(5): no policy ${connection} with the address of a peer`);
  return reply(await iked.initiates(policy));
}

/** The lifetime of its newest child is over. */
async function expired(iked: Iked, hard: boolean): Promise<CommandReply> {
  const sa = outboundSas(await iked.showsSas()).at(-1);
  return sa ? reply(await iked.expires(sa, hard)) : { accepted: false, says: 'there is no child' };
}

async function closed(iked: Iked): Promise<CommandReply> {
  const identities = peerIdentities(await iked.showsSas());
  if (identities.length === 0) return { accepted: false, says: 'there is no IKE SA' };
  await iked.closes(identities);
  return { accepted: true, says: `ikectl reset id ${identities.join(', ')}` };
}

const selectorsOf = (policy: Policy | undefined) => [policy?.flows, policy?.protocol];

const unsupportedCommand = (says: string): CommandReply => ({ accepted: false, says, unsupported: true });

const reply = ({ done, says }: Told): CommandReply => ({ accepted: done, says });

/** Policies that can be begun one after the other before a lab has to come to its end. */
const ACTIVATIONS = 40;
