/**
 * The product `strongswan-userspace`: Debian's charon with IPsec of its own, the plugin kernel-libipsec. Of the kernel it takes routes, a TUN device through
 * which what is to be protected reaches it, and sockets: ESP is in UDP always. So it runs in namespaces of this machine. What it is told is what `strongswan`
 * is told.
 */
import { type ConsoleChannel, ConsoleRefusal } from '../../runtime/console.ts';
import type { Daemon, DaemonAdapter } from '../kit/guest-product.ts';
import { Charon } from '../strongswan/charon.ts';
import { type StrongswanRendering, shuntConnection } from '../strongswan/render.ts';
import type { Backend } from '../strongswan/settings.ts';
import { daemonOf, strongswan } from '../strongswan/strongswan.ts';
import { discardedOf, sadOf } from './state.ts';
import { unsupportedByLibipsec } from './unsupported.ts';

export const strongswanUserspace: DaemonAdapter<StrongswanRendering> = {
  ...strongswan,
  unsupported: (configuration) => strongswan.unsupported(configuration) ?? unsupportedByLibipsec(configuration),
  render: (configuration) => withoutShunts(strongswan.render(configuration)),
  starts: async (console) => counting(daemonOf(await Charon.started(console, libipsec), sadOf), console),
};

/**
 * What is left of them, where a configuration that names some is not supported, lets neighbour discovery pass. libipsec does not stop it; and it ignores the policy
 * of a shunt, but not its route, which would lead everything into the TUN device.
 */
function withoutShunts({ connections, ...rest }: StrongswanRendering): StrongswanRendering {
  const { [shuntConnection]: _shunts, ...others } = connections;
  return { ...rest, connections: others };
}

/** What libipsec drops it tells nobody, but what it lets in comes out of the TUN device. */
function counting(daemon: Daemon<StrongswanRendering>, console: ConsoleChannel): Daemon<StrongswanRendering> {
  /** Undefined where charon has ended: the device is its own. */
  const letIn = (): Promise<number | undefined> =>
    console.read('/sys/class/net/ipsec0/statistics/rx_packets').then(Number, (refused: unknown) => {
      if (!(refused instanceof ConsoleRefusal)) throw refused;
      return undefined;
    });
  let earlier = 0;
  return {
    ...daemon,
    loads: async (rendering) => {
      earlier = (await letIn()) ?? 0;
      return daemon.loads(rendering);
    },
    completed: async (kernel) => {
      const state = await daemon.completed(kernel);
      const now = await letIn(); // asked after the SAs, which count a packet first
      if (now === undefined) return state;
      return { ...state, counters: { ...state.counters, ...discardedOf(state, now - earlier) } };
    },
  };
}

/**
 * A peer's own address is routed into the TUN device when a child protects it, and what charon sends itself must go past that: it has a mark, and the rule that
 * leads to those routes is for packets without it, as strongswan.conf(5) advises (`allow_peer_ts`). Four threads are libipsec's alone.
 */
const libipsec: Backend = {
  plugin: 'kernel-libipsec',
  threads: 16,
  settings: `
    kernel-libipsec {
      allow_peer_ts = yes
    }
    kernel-netlink {
      roam_events = no
      fwmark = !0x42
    }
    socket-default {
      fwmark = 0x42
    }`,
};
