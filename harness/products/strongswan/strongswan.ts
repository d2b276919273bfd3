/**
 * The product `strongswan`: Debian's charon on the guest's own kernel, IKEv2 by swanctl.conf(5) over VICI. The kernel's side of its
 * state is read as for `linux/`, the rest from `list-sas`.
 */
import { labMaterial } from '../../lab/material.ts';
import type { CommandReply, NodeCommand, NodeState } from '../../lab/node.ts';
import type { OtherRelease } from '../../runtime/release.ts';
import type { Daemon, DaemonAdapter } from '../kit/guest-product.ts';
import { Charon } from './charon.ts';
import { strongswanDefects } from './defects.ts';
import { swanctlConf } from './print.ts';
import { unsupportedInRelease } from './releases.ts';
import { render, type StrongswanRendering, unsupported } from './render.ts';
import { childOf, ikeSaOf, installedOf } from './state.ts';
import type { ViciCommand } from './vici.ts';
import type { ViciTree } from './vici-message.ts';

/** Of the own release of Debian, or of another. */
export function strongswanOf(release: OtherRelease | undefined): DaemonAdapter<StrongswanRendering> {
  return {
    defects: strongswanDefects,
    unsupported: (configuration) => unsupported(configuration) ?? unsupportedInRelease(configuration, release),
    render,
    printed: swanctlConf,
    starts: async (console) => daemonOf(await Charon.started(console)),
  };
}

export const strongswan = strongswanOf(undefined);

/** `sadOf` has the SAs of whatever does IPsec for charon, which the kernel does unless told otherwise. */
export function daemonOf(charon: Charon, sadOf: SadOf = sadOfKernel): Daemon<StrongswanRendering> {
  return {
    version: charon.version,
    empties: () => charon.empties(),
    loads: (rendering) => charon.loads(rendering, labMaterial),
    perform: (command) => {
      const vici = viciCommand(command);
      return vici && performed(charon, vici);
    },
    completed: async (kernel) => {
      const sas = await charon.sas();
      return { ...kernel, ikeSas: sas.map(ikeSaOf), sad: sadOf(sas, kernel) };
    },
    installed: async () => installedOf(await charon.sas()),
    askedNonsense: () => charon.askedNonsense(),
    log: () => charon.log(),
  };
}

async function performed(charon: Charon, { name, message }: ViciCommand): Promise<CommandReply> {
  const { success, errmsg } = await charon.command(name, message);
  return { accepted: success === 'yes', says: String(errmsg ?? `${name}: done`) };
}

/** Out of what `list-sas` told and the kernel's state. */
type SadOf = (sas: readonly ViciTree[], kernel: NodeState) => NodeState['sad'];

const sadOfKernel: SadOf = (sas, { sad }) => sad.map((entry) => ({ ...entry, ...childOf(entry.spi, sas) }));

/**
 * Undefined for what is no command to charon. An initiation is awaited, unless it is only begun, so that the SAs are installed before the peer uses them; what
 * else follows is seen on the wire.
 */
function viciCommand(command: NodeCommand): ViciCommand | undefined {
  const now = { timeout: '-1' };
  switch (command.kind) {
    case 'initiate':
      return {
        name: 'initiate',
        message: { ike: command.connection, child: command.child, timeout: command.begun ? '-1' : INITIATION },
      };
    case 'rekey-child':
      return { name: 'rekey', message: { ike: command.connection, child: command.child } };
    case 'rekey-ike':
      return { name: 'rekey', message: { ike: command.connection } };
    case 'close-child':
      return { name: 'terminate', message: { ike: command.connection, child: command.child, ...now } };
    case 'close':
      return { name: 'terminate', message: { ike: command.connection, ...now } };
    default:
      return undefined;
  }
}

/** Milliseconds that charon may take to bring up a child or to give it up. */
const INITIATION = '4000';
