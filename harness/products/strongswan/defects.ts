/**
 * Defects planted on purpose in what charon is told, so that a run on a real product can be seen to fail: each is a named pure change of
 * a rendering. What the intent says stays as it is; only the product is misled.
 */
import type { Defect } from '../kit/guest-product.ts';
import type { StrongswanRendering, SwanctlElement, SwanctlTree } from './render.ts';

export const strongswanDefects: Readonly<Record<string, Defect<StrongswanRendering>>> = {
  'open-identity': {
    says: 'any identity under the authority is taken where one is pinned (RFC 4301 4.4.3.1)',
    plant: everyConnection((connection) => ({ ...connection, remote: { ...section(connection.remote), id: '%any' } })),
  },
  'open-secret': {
    says: "a shared key is everybody's (RFC 4301 4.4.3.2)",
    plant: (rendering) => ({ ...rendering, secrets: rendering.secrets.map((secret) => ({ ...secret, owners: [] })) }),
  },
  'wrong-authority': {
    says: "trusts an authority of its own making in place of the lab's, so no peer authenticates",
    plant: (rendering) => ({
      ...everyConnection(({ remote, ...connection }) => {
        const { cacerts: _, ...others } = section(remote);
        return { ...connection, remote: others };
      })(rendering),
      authorities: rendering.authorities.map(() => foreignAuthority),
    }),
  },
  'no-replay-window': {
    says: 'anti-replay is off on every child (RFC 4303 3.4.3)',
    plant: everyChild((child) => ({ ...child, replay_window: '0' })),
  },
  'open-selectors': {
    says: 'the peer may claim any address (RFC 4301 4.4.3.3)',
    plant: everyChild((child) => (isShunt(child) ? child : { ...child, remote_ts: ['0.0.0.0/0', '::/0'] })),
  },
  'ordinary-transport': {
    says: 'transport mode is between the hosts of IKE only (RFC 4877 4.4)',
    plant: everyChild((child) => (child.mode === 'transport_proxy' ? { ...child, mode: 'transport' } : child)),
  },
  'no-shunts': {
    says: 'entries that bypass or discard are not installed',
    plant: everyChild((child) => (isShunt(child) ? { ...child, start_action: 'none' } : child)),
  },
  'no-trap': {
    says: 'an outbound packet without an SA leaves in the clear and starts nothing (RFC 4301 5.1)',
    plant: everyChild((child) => (isShunt(child) ? child : { ...child, start_action: 'none' })),
  },
};

function everyConnection(change: (connection: SwanctlTree) => SwanctlTree): Defect<StrongswanRendering>['plant'] {
  return ({ connections, ...rest }) => ({
    ...rest,
    connections: Object.fromEntries(Object.entries(connections).map(([name, tree]) => [name, change(section(tree))])),
  });
}

function everyChild(change: (child: SwanctlTree) => SwanctlTree): Defect<StrongswanRendering>['plant'] {
  return everyConnection((connection) => ({
    ...connection,
    children: Object.fromEntries(
      Object.entries(section(connection.children)).map(([name, child]) => [name, change(section(child))]),
    ),
  }));
}

const foreignAuthority = { subject: 'CN=Nobody', key: 'foreignAuthority', authority: {} };

const isShunt = ({ mode }: SwanctlTree): boolean => mode === 'pass' || mode === 'drop';

const section = (element: SwanctlElement | undefined): SwanctlTree => (element ?? {}) as SwanctlTree;
