/**
 * The product `libreswan`: Debian's pluto on the guest's own kernel, IKEv2 by ipsec.conf(5). The kernel's side of its state is read as for `linux/`, the
 * rest from its status.
 */
import { labMaterial } from '../../lab/material.ts';
import type { CommandReply, NodeCommand, NodeState } from '../../lab/node.ts';
import type { OtherRelease } from '../../runtime/release.ts';
import type { Told } from '../kit/daemon-process.ts';
import type { Daemon, DaemonAdapter } from '../kit/guest-product.ts';
import { libreswanDefects } from './defects.ts';
import { Pluto } from './pluto.ts';
import { printedFiles } from './print.ts';
import { connectionName, type LibreswanRendering, render } from './render.ts';
import { childOf, ikeSasOf, installedOf, serialsOf } from './state.ts';
import { unsupported, unsupportedInRelease } from './unsupported.ts';

/** Of the own release of Debian, or of another. */
export function libreswanOf(release: OtherRelease | undefined): DaemonAdapter<LibreswanRendering> {
  return {
    defects: libreswanDefects,
    unsupported: (configuration) => unsupported(configuration) ?? unsupportedInRelease(configuration, release),
    render,
    printed: printedFiles,
    starts: async (console) => {
      const pluto = await Pluto.started(console, labMaterial);
      return daemonOf(pluto, await pluto.version());
    },
  };
}

export const libreswan = libreswanOf(undefined);

function daemonOf(pluto: Pluto, version: string): Daemon<LibreswanRendering> {
  return {
    version: `pluto ${version}`,
    empties: async () => {
      await pluto.ends();
      return true;
    },
    loads: (rendering) => pluto.loads(rendering),
    perform: (command) => performed(pluto, version, command),
    completed: async (kernel) => completed(kernel, pluto),
    installed: async () => installedOf(await pluto.status()),
    askedNonsense: async () => {
      const { done, says } = await pluto.whack('--initiate', '--name', 'no-such-connection');
      return { channel: 'whack', refused: !done, says };
    },
    log: () => pluto.log(),
  };
}

async function completed(kernel: NodeState, pluto: Pluto): Promise<NodeState> {
  const status = await pluto.status();
  return {
    ...kernel,
    ikeSas: ikeSasOf(status),
    sad: kernel.sad.map((entry) => ({ ...entry, ...childOf(entry.spi, status) })),
  };
}

/** Undefined for what is no command to pluto. An initiation is awaited, so that the SAs are installed before the peer uses them. */
function performed(pluto: Pluto, version: string, command: NodeCommand): Promise<CommandReply> | undefined {
  switch (command.kind) {
    case 'initiate': {
      const name = connectionName(command.connection, command.child);
      return command.begun ? begun(pluto, name) : initiated(pluto, name);
    }
    case 'rekey-child':
      return replied(
        pluto.whack(
          rekeyChildOf(version),
          '--asynchronous',
          '--name',
          connectionName(command.connection, command.child),
        ),
      );
    case 'rekey-ike':
      return replied(pluto.whack('--rekey-ike', '--asynchronous', '--name', command.connection));
    case 'close-child':
      return childClosed(pluto, connectionName(command.connection, command.child));
    case 'suspend':
      return Promise.resolve({ accepted: false, says: TEMPLATE_HAS_NO_TICKET, unsupported: true });
    case 'close':
      return replied(pluto.whack('--terminate', '--name', command.connection));
    default:
      return undefined;
  }
}

/** A connection that was told to go up tries until it is told to go down. */
async function initiated(pluto: Pluto, name: string): Promise<CommandReply> {
  const told = await pluto.whack('--initiate', '--name', name);
  if (!told.done) await pluto.whack('--terminate', '--name', name);
  return reply(told);
}

/** Of a child on an IKE SA that is there whack awaits the end, whatever it is told. That its guest is gone is known otherwise. */
async function begun(pluto: Pluto, name: string): Promise<CommandReply> {
  pluto.whack('--initiate', '--asynchronous', '--name', name).catch(() => {});
  return { accepted: true, says: 'begun' };
}

/** Asked for alone, as a rekeying is: else whack awaits the answer, or that there is none. */
async function childClosed(pluto: Pluto, child: string): Promise<CommandReply> {
  const serials = serialsOf(child, await pluto.status());
  if (serials.length === 0) return { accepted: false, says: `${child} has no SA` };
  const told = await Promise.all(serials.map((serial) => pluto.whack('--asynchronous', '--deletestate', `${serial}`)));
  return reply(told[0]!);
}

/** What whack calls it. */
const rekeyChildOf = (version: string): string => (version.startsWith('4.') ? '--rekey-ipsec' : '--rekey-child');

const replied = async (told: Promise<Told>): Promise<CommandReply> => reply(await told);

const reply = ({ done, says }: Told): CommandReply => ({ accepted: done, says });

const TEMPLATE_HAS_NO_TICKET =
  'whack --suspend: no stored ticket, where a connection was made of a template for its peer';
